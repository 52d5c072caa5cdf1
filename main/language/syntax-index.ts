// The syntax of a workspace's sources: declarations of every file, kept current; identifiers of a file when they are
// asked for.
// Reads files by itself; texts of open documents come from outside and stand above the disk's.
import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readDeclarations } from './declarations.ts';
import type { FileDeclarations } from './declarations.ts';
import { readOccurrences } from './occurrences.ts';
import type { Occurrence } from './occurrences.ts';
import type { Lookup, Target } from './resolve.ts';
import { parseSource } from './syntax.ts';

/** A netlist of that size has nothing to navigate and would hold the worker for seconds. */
export const MAX_SOURCE_BYTES = 3_000_000;
const SOURCE = /\.(sv|svh|v|vh)$/i;
const LEFT_OUT = /^(\.git|node_modules|\.genRTL\/(?!vendor)[^/]*)(\/|$)/;
const KEPT_OCCURRENCES = 100;
const MAX_FILES = 20_000;

interface Source {
  readonly stamp: string;
  readonly declared: FileDeclarations;
  /** every word of the text: a file without a name need not be parsed to look for it */
  readonly words: ReadonlySet<string>;
}

export class SyntaxIndex implements Lookup {
  readonly #root: string;
  readonly #sources = new Map<string, Source>();
  readonly #overlays = new Map<string, string>();
  readonly #occurrences = new Map<string, { readonly source: Source; readonly list: readonly Occurrence[] }>();
  #globals: Map<string, Target[]> | null = null;
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

  file(relative: string): FileDeclarations | undefined {
    return this.#sources.get(relative)?.declared;
  }

  global(name: string): readonly Target[] {
    this.#globals ??= this.#collectGlobals();
    return this.#globals.get(name) ?? [];
  }

  /** All top-level declarations of the workspace. */
  globals(): IterableIterator<Target[]> {
    this.#globals ??= this.#collectGlobals();
    return this.#globals.values();
  }

  filesWith(word: string): string[] {
    return [...this.#sources].filter(([, source]) => source.words.has(word)).map(([relative]) => relative);
  }

  async text(relative: string): Promise<string | null> {
    const overlay = this.#overlays.get(relative);
    if (overlay !== undefined) return overlay;
    const file = path.join(this.#root, relative);
    const info = await stat(file).catch(() => null);
    return info?.isFile() !== true || info.size > MAX_SOURCE_BYTES
      ? null
      : await readFile(file, 'utf8').catch(() => null);
  }

  async occurrences(relative: string): Promise<readonly Occurrence[]> {
    const source = this.#sources.get(relative);
    const kept = this.#occurrences.get(relative);
    if (source === undefined) return [];
    if (kept?.source === source) return kept.list;
    const text = await this.text(relative);
    if (text === null) return [];
    const tree = await parseSource(text);
    const list = readOccurrences(tree, text);
    tree.delete();
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
        else if (entry.isFile() && SOURCE.test(entry.name)) present.add(relative);
      }
    }
    for (const relative of this.#sources.keys())
      if (!present.has(relative) && !this.#overlays.has(relative)) this.#forget(relative);
    for (const relative of present) await this.#refresh(relative);
  }

  #forget(relative: string): void {
    this.#sources.delete(relative);
    this.#occurrences.delete(relative);
    this.#globals = null;
  }

  async #refresh(relative: string): Promise<void> {
    if (!SOURCE.test(relative)) return;
    const overlay = this.#overlays.get(relative);
    const info = overlay === undefined ? await stat(path.join(this.#root, relative)).catch(() => null) : null;
    const stamp =
      overlay === undefined
        ? `${info?.size ?? -1} ${info?.mtimeMs ?? 0}`
        : `overlay ${overlay.length} ${hash(overlay)}`;
    if (this.#sources.get(relative)?.stamp === stamp) return;
    const text = await this.text(relative);
    if (text === null) {
      this.#forget(relative);
      return;
    }
    const tree = await parseSource(text);
    const declared = readDeclarations(tree);
    tree.delete();
    this.#sources.set(relative, { stamp, declared, words: new Set(text.match(/[A-Za-z_]\w*/g)) });
    this.#globals = null;
  }

  #collectGlobals(): Map<string, Target[]> {
    const globals = new Map<string, Target[]>();
    for (const [relative, { declared }] of this.#sources) {
      for (const declaration of declared.declarations) {
        if (declaration.parent !== null && declaration.kind !== 'macro') continue;
        const known = globals.get(declaration.name);
        const target = { path: relative, declaration };
        if (known === undefined) globals.set(declaration.name, [target]);
        else known.push(target);
      }
    }
    return globals;
  }
}

/** FNV-1a: two texts of one length that a person types one after the other differ in it. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
