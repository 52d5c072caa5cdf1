// Which modules (System)Verilog text declares and which of them instantiate which. A scanner, no parser: enough to find
// tops and testbenches in files that may not even compile.

import { codeOf, isWord } from './lexer.ts';
import type { Token } from './lexer.ts';

export interface HdlFile {
  readonly path: string;
  readonly text: string;
}

export interface DeclaredModule {
  readonly name: string;
  readonly file: string;
  /** from 1 */
  readonly line: number;
  /** declared modules that it instantiates */
  readonly instantiates: readonly string[];
}

export type DesignElement = 'module' | 'interface' | 'program';

/** A module as its own file tells it: what it names may or may not be modules of other files. */
export interface ScannedModule {
  readonly name: string;
  readonly kind: DesignElement;
  /** from 1 */
  readonly line: number;
  /** words in the place of an instance's type */
  readonly words: ReadonlySet<string>;
  readonly hasPorts: boolean;
  /** says PASS or ends the simulation: the code of a testbench */
  readonly decides: boolean;
}

const OPENERS: ReadonlyMap<string, DesignElement> = new Map([
  ['module', 'module'],
  ['macromodule', 'module'],
  ['interface', 'interface'],
  ['program', 'program'],
]);
const ENDS: ReadonlySet<string> = new Set(['endmodule', 'endinterface', 'endprogram']);
/** Words before `interface` and `program` that make it no declaration. */
const NO_DECLARATION: ReadonlySet<string> = new Set(['virtual', 'extern', 'import', 'export', '(', ',', '.']);

/** The modules, interfaces and programs that code tokens declare, in their order. */
export function scanElements(tokens: Iterable<Token>): ScannedModule[] {
  const declared: Draft[] = [];
  let current: (typeof declared)[number] | null = null;
  let previous: Token | null = null;
  let expected: DesignElement | null = null;
  let candidate: string | null = null;
  let header: Header | null = null;
  for (const token of tokens) {
    if (header !== null && current !== null) header = readHeader(header, token, previous, current);
    const word = isWord(token);
    const opener = token.kind === 'word' ? OPENERS.get(token.text) : undefined;
    if (expected !== null && word && opener === undefined && token.text !== 'automatic' && token.text !== 'static') {
      // `interface class c;`
      if (token.text !== 'class') {
        current = {
          name: token.text,
          kind: expected,
          line: token.line,
          words: new Set(),
          hasPorts: false,
          decides: false,
        };
        declared.push(current);
        header = { depth: 0, ports: false };
      }
      expected = null;
    } else if (opener === 'module' && previous?.text !== 'extern') expected = opener;
    else if (opener !== undefined && !NO_DECLARATION.has(previous?.text ?? '')) expected = opener;
    else if (token.kind === 'word' && ENDS.has(token.text)) current = null;
    else {
      if (current !== null && saysVerdict(token)) current.decides = true;
      // `interface.master p`: a port of any interface
      if (expected !== null && token.text === '.') expected = null;
      // `type #(` or `type name`: an instantiation when `type` is a module
      if (current !== null && candidate !== null && (token.text === '#' || word)) current.words.add(candidate);
      candidate = word && previous?.text !== '.' ? token.text : null;
    }
    previous = token;
  }
  return declared;
}

type Draft = { -readonly [Key in keyof ScannedModule]: ScannedModule[Key] } & { readonly words: Set<string> };

interface Header {
  /** open brackets */
  readonly depth: number;
  /** the list of ports was just opened */
  readonly ports: boolean;
}

/** Behind a module's name up to its semicolon; null once that is passed. */
function readHeader({ depth, ports }: Header, { text }: Token, previous: Token | null, module: Draft): Header | null {
  if (ports && text !== ')') module.hasPorts = true;
  if (text === '(') return { depth: depth + 1, ports: depth === 0 && previous?.text !== '#' };
  if (text === ')') return { depth: depth - 1, ports: false };
  return text === ';' && depth <= 0 ? null : { depth, ports: false };
}

const saysVerdict = ({ kind, text }: Token): boolean =>
  kind === 'system' ? text === '$finish' : kind === 'string' && /^"\s*PASS/.test(text);

/** All modules of the files, in file order. */
export function scanModules(files: readonly HdlFile[]): DeclaredModule[] {
  return linkModules(files.map(({ path, text }) => ({ path, modules: scanElements(codeOf(text)) })));
}

/** The same from what was scanned before. */
export function linkModules(
  files: readonly { readonly path: string; readonly modules: readonly ScannedModule[] }[],
): DeclaredModule[] {
  const declared = files.flatMap(({ path, modules }) =>
    modules.filter(({ kind }) => kind === 'module').map((module) => ({ ...module, file: path })),
  );
  const names = new Set(declared.map(({ name }) => name));
  return declared.map(({ name, file, line, words }) => ({
    name,
    file,
    line,
    instantiates: [...words].filter((word) => names.has(word) && word !== name).sort(),
  }));
}

/** Modules that no other one instantiates, in file order, each name once. */
export function topModules(modules: readonly DeclaredModule[]): DeclaredModule[] {
  const used = new Set(modules.flatMap((module) => module.instantiates));
  return modules.filter(
    (module, index) => !used.has(module.name) && modules.findIndex((other) => other.name === module.name) === index,
  );
}
