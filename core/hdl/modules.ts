// Which modules a set of (System)Verilog files declares and which of them instantiate which. A scanner, no parser:
// enough to find tops and testbenches in files that may not even compile.

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

interface Token {
  readonly text: string;
  readonly line: number;
}

const isWordStart = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const isWord = (code: number): boolean => isWordStart(code) || (code >= 48 && code <= 57) || code === 36;

/**
 * Words and the punctuation that matters here; comments, strings, numbers, attributes and directives are passed over.
 */
function* tokens(text: string): Generator<Token> {
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (code === 10) {
      line += 1;
      at += 1;
      continue;
    }
    if (text.startsWith('//', at)) {
      at = endOr(text.indexOf('\n', at), text.length);
      continue;
    }
    if (text.startsWith('/*', at)) {
      const end = endOr(text.indexOf('*/', at + 2), text.length);
      line += countLines(text, at, end);
      at = end + 2;
      continue;
    }
    if (code === 34) {
      const end = stringEnd(text, at);
      line += countLines(text, at, end);
      at = end;
      continue;
    }
    if (isWordStart(code) || code === 96) {
      let end = at + 1;
      while (end < text.length && isWord(text.charCodeAt(end))) end += 1;
      if (code !== 96) yield { text: text.slice(at, end), line };
      at = end;
      continue;
    }
    if (code === 92) {
      // escaped identifier
      let end = at + 1;
      while (end < text.length && text.charCodeAt(end) > 32) end += 1;
      yield { text: text.slice(at + 1, end), line };
      at = end;
      continue;
    }
    if (code >= 48 && code <= 57) {
      // numbers, so that 8'hdead is no word
      while (at < text.length && (isWord(text.charCodeAt(at)) || text[at] === "'")) at += 1;
      continue;
    }
    if (code > 32) yield { text: text[at] ?? '', line };
    at += 1;
  }
}

const endOr = (found: number, otherwise: number): number => (found < 0 ? otherwise : found);

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"' || text[at] === '\n') return at + 1;
  }
  return text.length;
}

/** All modules of the files, in file order. */
export function scanModules(files: readonly HdlFile[]): DeclaredModule[] {
  const declared: { name: string; file: string; line: number; words: Set<string> }[] = [];
  for (const file of files) {
    let current: (typeof declared)[number] | null = null;
    let previous: Token | null = null;
    let expectName = false;
    let candidate: string | null = null;
    for (const token of tokens(file.text)) {
      const word = isWordStart(token.text.charCodeAt(0));
      if (expectName && word && token.text !== 'automatic' && token.text !== 'static') {
        current = { name: token.text, file: file.path, line: token.line, words: new Set() };
        declared.push(current);
        expectName = false;
      } else if (token.text === 'module' || token.text === 'macromodule') expectName = true;
      else if (token.text === 'endmodule') current = null;
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
