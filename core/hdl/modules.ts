// Which modules a set of (System)Verilog files declares and which of them instantiate which. A scanner, no parser:
// enough to find tops and testbenches in files that may not even compile.

import { codeOf, isKeyword, isWord } from './lexer.ts';
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

/** All modules of the files, in file order. */
export function scanModules(files: readonly HdlFile[]): DeclaredModule[] {
  const declared: { name: string; file: string; line: number; words: Set<string> }[] = [];
  for (const file of files) {
    let current: (typeof declared)[number] | null = null;
    let previous: Token | null = null;
    let expectName = false;
    let candidate: string | null = null;
    for (const token of codeOf(file.text)) {
      const word = isWord(token);
      if (expectName && word && token.text !== 'automatic' && token.text !== 'static') {
        current = { name: token.text, file: file.path, line: token.line, words: new Set() };
        declared.push(current);
        expectName = false;
      } else if (isKeyword(token, 'module') || isKeyword(token, 'macromodule')) expectName = true;
      else if (isKeyword(token, 'endmodule')) current = null;
      else if (current) {
        // `type #(` or `type name`: an instantiation when `type` is a module
        if (candidate !== null && (token.text === '#' || word)) current.words.add(candidate);
        candidate = word && previous?.text !== '.' ? token.text : null;
      }
      previous = token;
    }
  }
  const names = new Set(declared.map((module) => module.name));
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
