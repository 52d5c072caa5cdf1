// What each source declares and uses, read loosely and fast: names only, whatever the language's edition.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SourceFile } from './sources.ts';

export interface ScannedFile extends SourceFile {
  readonly modules: readonly string[];
  /** packages, interfaces and macros */
  readonly shared: readonly string[];
  /** names of other files' declarations that stand in the text */
  readonly uses: ReadonlySet<string>;
}

export interface Scan {
  readonly files: readonly ScannedFile[];
  readonly byPath: ReadonlyMap<string, ScannedFile>;
  /** who declares a name */
  readonly declaredIn: ReadonlyMap<string, ScannedFile>;
}

const COMMENTS = /\/\*[\s\S]{0,20000}?\*\/|\/\/[^\n]*|^\s*--[^\n]*/gm;
const DECLARED =
  /\b(module|macromodule|entity|package|interface|program)\s+(?:automatic\s+|static\s+)?(?!body\b)([A-Za-z_]\w*)/gi;
const MACRO = /^\s*`define\s+([A-Za-z_]\w*)/gm;
const WORD = /`?[A-Za-z_]\w*/g;
const MODULES: ReadonlySet<string> = new Set(['module', 'macromodule', 'entity', 'program']);
/** Text between two turns of the event loop. */
const TURN_CHARS = 400_000;

export async function scanSources(sources: readonly SourceFile[]): Promise<Scan> {
  const declared = new Map<string, string>();
  const plain: string[] = [];
  const lists: { modules: string[]; shared: string[] }[] = [];
  let chars = 0;
  const turn = async (text: string): Promise<void> => {
    chars += text.length;
    if (chars < TURN_CHARS) return;
    chars = 0;
    await nextTurn();
  };
  for (const { path, text } of sources) {
    await turn(text);
    const code = text.replace(COMMENTS, ' ');
    const list = { modules: [] as string[], shared: [] as string[] };
    for (const [, kind = '', name = ''] of code.matchAll(DECLARED))
      (MODULES.has(kind.toLowerCase()) ? list.modules : list.shared).push(name);
    for (const [, name = ''] of code.matchAll(MACRO)) list.shared.push(`\`${name}`);
    for (const name of [...list.modules, ...list.shared]) if (!declared.has(name)) declared.set(name, path);
    plain.push(code);
    lists.push(list);
  }
  const files: ScannedFile[] = [];
  for (const [at, source] of sources.entries()) {
    const code = plain[at] ?? '';
    await turn(code);
    const uses = new Set<string>();
    for (const [word] of code.matchAll(WORD))
      if (declared.has(word) && declared.get(word) !== source.path) uses.add(word);
    files.push({ ...source, ...(lists[at] ?? { modules: [], shared: [] }), uses });
  }
  const byPath = new Map(files.map((file) => [file.path, file]));
  const declaredIn = new Map<string, ScannedFile>();
  for (const [name, path] of declared) {
    const file = byPath.get(path);
    if (file !== undefined) declaredIn.set(name, file);
  }
  return { files, byPath, declaredIn };
}

const MAX_HEADER_CHARS = 6000;

/** The heads of a file's modules: from `module` to the end of its port list. */
export function headersOf({ text, modules }: ScannedFile): string {
  const heads: string[] = [];
  for (const name of modules) {
    const start = text.search(
      new RegExp(`\\b(?:module|macromodule|entity|program)\\s+(?:automatic\\s+|static\\s+)?${name}\\b`, 'i'),
    );
    if (start < 0) continue;
    const slice = text.slice(start, start + MAX_HEADER_CHARS);
    const end = /\)\s*;|^[^(]{0,200};|\bend\b/.exec(slice);
    heads.push(end === null ? slice : slice.slice(0, end.index + end[0].length));
  }
  return heads.join('\n');
}
