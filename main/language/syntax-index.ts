// The declarations of a workspace's sources, kept current; names of a file with their roles when they are asked for.
// Reads files by itself; texts of open documents come from outside and stand above the disk's.
import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Declaration, Occurrence } from './model.ts';
import { NameTable } from './name-table.ts';
import { isSource, isVhdl, readSource } from './read-source.ts';
import type { Lookup, Target } from './resolve.ts';
import { ManyFiles } from '@genrtl/disk/many-files.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

/** A netlist of that size has nothing to navigate and would hold the worker for seconds. */
export const MAX_SOURCE_BYTES = 3_000_000;
const LEFT_OUT = /^(\.git|node_modules|\.genRTL\/(?!vendor)[^/]*)(\/|$)/;
const KEPT_OCCURRENCES = 400;
const MAX_FILES = 20_000;

interface Source {
  readonly stamp: string;
  readonly table: NameTable;
  /** every word of the text: a file without a name need not be read to look for it */
  readonly words: ReadonlySet<string>;
}

export class SyntaxIndex implements Lookup {
  readonly #root: string;
  readonly #sources = new Map<string, Source>();
  readonly #overlays = new Map<string, string>();
  readonly #occurrences = new Map<string, { readonly source: Source; readonly list: readonly Occurrence[] }>();
  #globals: Map<string, Target[]> | null = null;
  #anyCase: Map<string, string[]> | null = null;
  #fields: Map<string, Target[]> | null = null;
  #architectures: Map<string, Target[]> | null = null;
  #bindings: Target[] | null = null;
  #scan: Promise<void> | null = null;
  #stale = true;

  /** `root`: absolute path of the workspace. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Something changed on disk; the next question looks. */
  invalidate(): void {
    this.#stale = true;
  }

  /** texts of open documents stand above the disk: it cannot be made again from the files alone */
  get holdsUnsaved(): boolean {
    return this.#overlays.size > 0;
  }

  async setOverlay(relative: string, text: string | null): Promise<void> {
    if (text === null) this.#overlays.delete(relative);
    else this.#overlays.set(relative, text);
    await this.#refresh(relative);
  }

  /** Brings every file up to date; concurrent callers share one pass. */
  async ready(): Promise<void> {
    while (this.#stale || this.#scan !== null) {
      if (this.#scan === null) {
        this.#stale = false;
        this.#scan = this.#readAll().finally(() => {
          this.#scan = null;
        });
      }
      await this.#scan;
    }
  }

  /** The file itself is current, whatever the rest of the workspace is. */
  async readyFor(relative: string): Promise<void> {
    if (!this.#overlays.has(relative)) await this.#refresh(relative);
  }

  file(relative: string): NameTable | undefined {
    return this.#sources.get(relative)?.table;
  }

  files(): IterableIterator<string> {
    return this.#sources.keys();
  }

  global(name: string): readonly Target[] {
    const globals = (this.#globals ??= this.#collectGlobals());
    const found = globals.get(name);
    if (found !== undefined) return found;
    // VHDL's units are kept in lower case; a name from VHDL may mean a module in any
    const lower = name.toLowerCase();
    return globals.get(lower)?.filter(({ path }) => isVhdl(path)) ?? [];
  }

  globalAnyCase(name: string): readonly Target[] {
    const globals = (this.#globals ??= this.#collectGlobals());
    this.#anyCase ??= Map.groupBy(globals.keys(), (key) => key.toLowerCase());
    return (this.#anyCase.get(name.toLowerCase()) ?? []).flatMap((key) => globals.get(key) ?? []);
  }

  /** All top-level declarations of the workspace. */
  globals(): IterableIterator<Target[]> {
    return (this.#globals ??= this.#collectGlobals()).values();
  }

  typesWithField(name: string): readonly Target[] {
    return (this.#fields ??= this.#collectFields()).get(name) ?? [];
  }

  /** Two names of a file that may mean one: in VHDL, and for what VHDL declares (`anyCase`), letter case does not count. */
  sameName(relative: string, a: string, b: string, anyCase = false): boolean {
    if (anyCase && a.toLowerCase() === b.toLowerCase()) return true;
    return a === b || (this.file(relative)?.key(a) ?? a) === (this.file(relative)?.key(b) ?? b);
  }

  architecturesOf(entity: string): readonly Target[] {
    return (this.#architectures ??= this.#collectArchitectures()).get(entity.toLowerCase()) ?? [];
  }

  /** Instances that `bind` puts elsewhere than where they are written. */
  bindings(): readonly Target[] {
    return (this.#bindings ??= [...this.#sources].flatMap(([path, { table }]) =>
      table.syntax.declarations.filter(({ boundTo }) => boundTo !== null).map((declaration) => ({ path, declaration })),
    ));
  }

  /** Files that hold the word; in VHDL, and with `anyCase` everywhere, in any letter case. */
  filesWith(word: string, anyCase = false): string[] {
    const lower = word.toLowerCase();
    return [...this.#sources]
      .filter(
        ([relative, { words }]) =>
          words.has(isVhdl(relative) ? lower : word) || (anyCase && !isVhdl(relative) && hasInAnyCase(words, lower)),
      )
      .map(([relative]) => relative);
  }

  async text(relative: string): Promise<string | null> {
    const overlay = this.#overlays.get(relative);
    if (overlay !== undefined) return overlay;
    const file = path.join(this.#root, relative);
    const info = await stat(file).catch(() => null);
    return info?.isFile() !== true || info.size > MAX_SOURCE_BYTES
      ? null
      : await readRegular(file, 'utf8').catch(() => null);
  }

  async occurrences(relative: string): Promise<readonly Occurrence[]> {
    const source = this.#sources.get(relative);
    const kept = this.#occurrences.get(relative);
    if (source === undefined) return [];
    if (kept?.source === source) return kept.list;
    const text = await this.text(relative);
    if (text === null) return [];
    const list = readSource(relative, text).occurrences();
    this.#occurrences.delete(relative);
    this.#occurrences.set(relative, { source, list });
    const [oldest] = this.#occurrences.keys();
    if (this.#occurrences.size > KEPT_OCCURRENCES && oldest !== undefined) this.#occurrences.delete(oldest);
    return list;
  }

  async #readAll(): Promise<void> {
    const present = new Set<string>();
    const pending = [''];
    for (let folder = pending.pop(); folder !== undefined && present.size < MAX_FILES; folder = pending.pop()) {
      const entries = await readdir(path.join(this.#root, folder), { withFileTypes: true }).catch(() => []);
      for (const entry of entries) {
        const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
        // links are not followed: they may lead outside or around
        if (entry.isDirectory() && !LEFT_OUT.test(relative)) pending.push(relative);
        else if (entry.isFile() && isSource(entry.name)) present.add(relative);
      }
    }
    for (const relative of this.#sources.keys())
      if (!present.has(relative) && !this.#overlays.has(relative)) this.#forget(relative);
    const disk = new ManyFiles();
    for (const relative of present) await this.#refresh(relative, disk);
  }

  #forget(relative: string): void {
    this.#sources.delete(relative);
    this.#occurrences.delete(relative);
    this.#outdate();
  }

  #outdate(): void {
    this.#globals = null;
    this.#anyCase = null;
    this.#fields = null;
    this.#architectures = null;
    this.#bindings = null;
  }

  async #refresh(relative: string, disk = new ManyFiles()): Promise<void> {
    if (!isSource(relative)) return;
    const overlay = this.#overlays.get(relative);
    const { stamp, text } =
      overlay === undefined
        ? await this.#read(relative, disk)
        : { stamp: `overlay ${overlay.length} ${hash(overlay)}`, text: overlay };
    // what was typed meanwhile was read by itself
    if (overlay !== this.#overlays.get(relative) || this.#sources.get(relative)?.stamp === stamp) return;
    if (text === null) {
      this.#forget(relative);
      return;
    }
    const { syntax } = readSource(relative, text);
    this.#sources.set(relative, {
      stamp,
      table: new NameTable(syntax),
      words: new Set((isVhdl(relative) ? text.toLowerCase() : text).match(/[A-Za-z_]\w*/g)),
    });
    this.#outdate();
  }

  /** Null: nothing to be read, or nothing new. */
  async #read(relative: string, disk: ManyFiles): Promise<{ stamp: string; text: string | null }> {
    const before = this.#sources.get(relative)?.stamp;
    try {
      const { info, bytes } = await disk.read(
        path.join(this.#root, relative),
        (now) => now.isFile() && now.size <= MAX_SOURCE_BYTES && stampOf(now) !== before,
      );
      return { stamp: stampOf(info), text: bytes?.toString('utf8') ?? null };
    } catch {
      return { stamp: '', text: null };
    }
  }

  #collectGlobals(): Map<string, Target[]> {
    const globals = new Map<string, Target[]>();
    for (const [relative, { table }] of this.#sources) {
      for (const declaration of table.syntax.declarations) {
        if ((declaration.scope !== 0 && declaration.kind !== 'macro') || declaration.elsewhere) continue;
        add(globals, table.key(declaration.name), { path: relative, declaration });
      }
    }
    return globals;
  }

  #collectArchitectures(): Map<string, Target[]> {
    const found = new Map<string, Target[]>();
    for (const [path, { table }] of this.#sources)
      for (const declaration of table.syntax.declarations)
        if (declaration.kind === 'architecture' && declaration.of !== null)
          add(found, declaration.of.toLowerCase(), { path, declaration });
    return found;
  }

  #collectFields(): Map<string, Target[]> {
    const fields = new Map<string, Target[]>();
    for (const [relative, { table }] of this.#sources) {
      const { declarations, scopes } = table.syntax;
      for (const field of declarations) {
        if (field.kind !== 'field') continue;
        const owner = scopes[field.scope]?.owner ?? null;
        const declaration: Declaration | undefined = owner === null ? undefined : declarations[owner];
        if (declaration !== undefined) add(fields, field.name, { path: relative, declaration });
      }
    }
    return fields;
  }
}

function add(map: Map<string, Target[]>, name: string, target: Target): void {
  const known = map.get(name);
  if (known === undefined) map.set(name, [target]);
  else known.push(target);
}

const stampOf = ({ size, mtimeMs }: Stats): string => `${size} ${mtimeMs}`;

function hasInAnyCase(words: ReadonlySet<string>, lower: string): boolean {
  for (const word of words) if (word.length === lower.length && word.toLowerCase() === lower) return true;
  return false;
}

/** FNV-1a: two texts of one length that a person types one after the other differ in it. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
