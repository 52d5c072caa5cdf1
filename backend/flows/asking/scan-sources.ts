// What each source declares and uses: names only, whatever the language's edition.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { headerEnd } from '@genrtl/core/hdl/header-end.ts';
import { isCode, isKeyword, isWord, lex } from '@genrtl/core/hdl/lexer.ts';
import { lexVhdl } from '@genrtl/core/vhdl/lexer.ts';
import type { SourceFile } from './sources.ts';

export interface ScannedFile extends SourceFile {
  readonly modules: readonly string[];
  /** packages, interfaces and macros */
  readonly shared: readonly string[];
  /** names of other files' declarations that stand in the text */
  readonly uses: ReadonlySet<string>;
  /** extents of the heads of its modules in the text */
  readonly heads: readonly (readonly [start: number, end: number])[];
}

export interface Scan {
  readonly files: readonly ScannedFile[];
  readonly byPath: ReadonlyMap<string, ScannedFile>;
  /** who declares a name */
  readonly declaredIn: ReadonlyMap<string, ScannedFile>;
}

/** What one text says by itself. */
interface ReadText {
  readonly modules: readonly string[];
  readonly shared: readonly string[];
  readonly words: ReadonlySet<string>;
  /** extents of the heads of its modules */
  readonly heads: readonly (readonly [start: number, end: number])[];
}

const MODULES: ReadonlySet<string> = new Set(['module', 'macromodule', 'program']);
const SHARED: ReadonlySet<string> = new Set(['package', 'interface']);
const LIFETIMES: ReadonlySet<string> = new Set(['automatic', 'static']);
const WORD = /`?[A-Za-z_]\w*/g;

function readVerilog(text: string): ReadText {
  const all = lex(text);
  const words = new Set<string>();
  const shared: string[] = [];
  for (const token of all)
    if (token.kind === 'directive') {
      const whole = text.slice(token.start, token.end);
      const name = /^`define\s+([A-Za-z_]\w*)/.exec(whole)?.[1];
      if (name !== undefined) shared.push(`\`${name}`);
      for (const [word] of whole.matchAll(WORD)) words.add(word);
    } else if (isWord(token)) words.add(token.text);
    else if (token.kind === 'macro') words.add(text.slice(token.start, token.end));
  const tokens = all.filter(isCode);
  const modules: string[] = [];
  const heads: [number, number][] = [];
  for (const [at, token] of tokens.entries()) {
    const isModule = token.kind === 'word' && MODULES.has(token.text);
    if (!isModule && !(token.kind === 'word' && SHARED.has(token.text))) continue;
    if (isKeyword(tokens[at - 1], 'virtual')) continue;
    const name = tokens[at + (LIFETIMES.has(tokens[at + 1]?.text ?? '') ? 2 : 1)];
    if (name === undefined || !isWord(name)) continue;
    if (!isModule) shared.push(name.text);
    else {
      modules.push(name.text);
      heads.push([token.start, (tokens[headerEnd(tokens, at)] ?? tokens.at(-1) ?? token).end]);
    }
  }
  return { modules, shared, words, heads };
}

function readVhdlText(text: string): ReadText {
  const tokens = lexVhdl(text).filter(({ kind }) => kind !== 'comment');
  const modules: string[] = [];
  const shared: string[] = [];
  const heads: [number, number][] = [];
  for (const [at, { kind, key, start }] of tokens.entries()) {
    const name = tokens[at + 1];
    if (kind !== 'word' || name?.kind !== 'word' || tokens[at + 2]?.key !== 'is') continue;
    if (key === 'package') shared.push(name.text);
    if (key !== 'entity') continue;
    const end = tokens.findIndex((token, index) => index > at && token.key === 'end');
    modules.push(name.text);
    heads.push([start, end === -1 ? text.length : (tokens[end]?.end ?? text.length)]);
  }
  const words = new Set(tokens.flatMap((token) => (token.kind === 'word' ? [token.text] : [])));
  return { modules, shared, words, heads };
}

const readText = (path: string, text: string): ReadText =>
  /\.vhdl?$/i.test(path) ? readVhdlText(text) : readVerilog(text);

/** Text between two turns of the event loop. */
const TURN_CHARS = 400_000;

export async function scanSources(sources: readonly SourceFile[]): Promise<Scan> {
  const declared = new Map<string, string>();
  const read: { readonly source: SourceFile; readonly one: ReadText }[] = [];
  let chars = 0;
  for (const source of sources) {
    chars += source.text.length;
    if (chars >= TURN_CHARS) {
      chars = 0;
      await nextTurn();
    }
    const one = readText(source.path, source.text);
    for (const name of [...one.modules, ...one.shared]) if (!declared.has(name)) declared.set(name, source.path);
    read.push({ source, one });
  }
  const files = read.map(({ source, one: { modules, shared, words, heads } }): ScannedFile => {
    const uses = [...words].filter((word) => declared.has(word) && declared.get(word) !== source.path);
    return { ...source, modules, shared, heads, uses: new Set(uses) };
  });
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
export const headersOf = ({ text, heads }: ScannedFile): string =>
  heads.map(([start, end]) => text.slice(start, Math.min(end, start + MAX_HEADER_CHARS))).join('\n');
