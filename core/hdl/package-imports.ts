// Names that come from packages by `import`, written out as `package::name`, for tools that know packages but no
// imports (Yosys before 0.55). Lines stay where they are.
import { closing, nextAtDepth, splitAtCommas } from './brackets.ts';
import { codeOf, isKeyword, isWord } from './lexer.ts';
import type { Token } from './lexer.ts';
import { readScope } from './scope.ts';

/** Names that each package of a text declares: parameters, types, members of enumerations, functions, tasks. */
export function packageNames(text: string): Map<string, Set<string>> {
  const tokens = codeOf(text);
  const packages = new Map<string, Set<string>>();
  for (let at = 0; at < tokens.length; at++) {
    if (!isKeyword(tokens[at], 'package')) continue;
    const end = indexOfWord(tokens, at, 'endpackage');
    const semicolon = tokens.findIndex((token, index) => index > at && token.text === ';');
    const name = tokens[semicolon - 1]?.text;
    if (name !== undefined && semicolon < end) packages.set(name, declared(tokens.slice(semicolon + 1, end)));
    at = end;
  }
  return packages;
}

function declared(tokens: readonly Token[]): Set<string> {
  const names = new Set<string>();
  const last = (items: readonly Token[]): void => {
    let name: string | undefined;
    for (let at = 0; at < items.length; at++) {
      if (items[at]?.text === '[' || items[at]?.text === '{' || items[at]?.text === '(') at = closing(items, at);
      else if (isWord(items[at])) name = items[at]?.text;
    }
    if (name !== undefined) names.add(name);
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== 'word') continue;
    const end = nextAtDepth(tokens, at, ';');
    if (token.text === 'parameter' || token.text === 'localparam') {
      for (const part of splitAtCommas(tokens.slice(at + 1, end))) last(part.slice(0, nextAtDepth(part, 0, '=')));
      at = end;
    } else if (token.text === 'typedef') {
      const members = tokens.findIndex((each, index) => index > at && index < end && each.text === '{');
      if (members !== -1 && tokens.slice(at, members).some((each) => isKeyword(each, 'enum')))
        for (const [first] of splitAtCommas(tokens.slice(members + 1, closing(tokens, members))))
          if (isWord(first)) names.add(first?.text ?? '');
      last(tokens.slice(at + 1, end));
      at = end;
    } else if (token.text === 'function' || token.text === 'task') {
      last(tokens.slice(at + 1, Math.min(end, nextAtDepth(tokens, at, '('))));
      at = indexOfWord(tokens, at, token.text === 'task' ? 'endtask' : 'endfunction');
    }
  }
  return names;
}

interface Import {
  readonly from: number;
  /** the semicolon */
  readonly to: number;
  readonly items: readonly { readonly package: string; readonly name: string }[];
}

/** The text without its imports; null when it has none that `packages` explains. */
export function withoutImports(text: string, packages: ReadonlyMap<string, ReadonlySet<string>>): string | null {
  const tokens = codeOf(text);
  const found = importsIn(tokens).filter(({ items }) => items.every((item) => packages.has(item.package)));
  if (found.length === 0) return null;
  const edits: { at: number; end: number; text: string }[] = found.map(({ from, to }) => {
    const [start, end] = [tokens[from]?.start ?? 0, tokens[to]?.end ?? 0];
    return { at: start, end, text: text.slice(start, end).replaceAll(/[^\r\n]/g, ' ') };
  });
  const ranges = modulesIn(tokens);
  const insideImport = (at: number): boolean => found.some(({ from, to }) => from <= at && at <= to);
  const rangeOf = (at: number) => ranges.find(({ from, to }) => from <= at && at < to) ?? null;
  const scopes = new Map(ranges.map((range) => [range, readScope(tokens.slice(range.from, range.to)).data]));
  tokens.forEach((token, at) => {
    if (!isWord(token) || insideImport(at)) return;
    const [before, after] = [tokens[at - 1]?.text, tokens[at + 1]?.text];
    if (before === '.' || before === '::' || after === '::') return;
    const range = rangeOf(at);
    if (range !== null && scopes.get(range)?.has(token.text) === true) return;
    const source = found.find(
      (one) =>
        (rangeOf(one.from) === null || rangeOf(one.from) === range) && nameIn(one, token.text, packages) !== null,
    );
    const from = source === undefined ? null : nameIn(source, token.text, packages);
    if (from !== null) edits.push({ at: token.start, end: token.start, text: `${from}::` });
  });
  edits.sort((a, b) => b.at - a.at);
  return edits.reduce((result, edit) => result.slice(0, edit.at) + edit.text + result.slice(edit.end), text);
}

function nameIn(one: Import, name: string, packages: ReadonlyMap<string, ReadonlySet<string>>): string | null {
  const item = one.items.find(
    (each) => each.name === name || (each.name === '*' && packages.get(each.package)?.has(name) === true),
  );
  return item?.package ?? null;
}

function importsIn(tokens: readonly Token[]): Import[] {
  const found: Import[] = [];
  tokens.forEach((token, from) => {
    if (!isKeyword(token, 'import') || !isWord(tokens[from + 1]) || tokens[from + 2]?.text !== '::') return;
    const to = nextAtDepth(tokens, from, ';');
    const items = splitAtCommas(tokens.slice(from + 1, to)).map((part) => ({
      package: part[0]?.text ?? '',
      name: part[2]?.text ?? '',
    }));
    found.push({ from, to, items });
  });
  return found;
}

function modulesIn(tokens: readonly Token[]): { readonly from: number; readonly to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  for (let at = 0; at < tokens.length; at++)
    for (const [open, close] of [
      ['module', 'endmodule'],
      ['macromodule', 'endmodule'],
      ['interface', 'endinterface'],
      ['package', 'endpackage'],
    ] as const)
      if (isKeyword(tokens[at], open)) {
        const to = indexOfWord(tokens, at, close);
        ranges.push({ from: at, to });
        at = to;
        break;
      }
  return ranges;
}

/** Index of the keyword from there on, else the end. */
function indexOfWord(tokens: readonly Token[], from: number, word: string): number {
  const at = tokens.findIndex((token, index) => index > from && isKeyword(token, word));
  return at === -1 ? tokens.length : at;
}
