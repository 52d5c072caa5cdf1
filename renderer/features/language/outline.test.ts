// Which declarations stand around a line.
import { expect, test } from 'vitest';
import type { OutlineSymbol } from '@genrtl/contracts/language.ts';
import { symbolsAround } from './outline.ts';

const symbol = (
  name: string,
  kind: OutlineSymbol['kind'],
  first_line: number,
  last_line: number,
  parent: number | null,
): OutlineSymbol => ({
  name,
  kind,
  detail: '',
  line: first_line,
  column: 1,
  end_column: 2,
  first_line,
  last_line,
  parent,
});
const outline = {
  folds: [],
  problems: [],
  symbols: [
    symbol('a', 'module', 1, 10, null),
    symbol('clk', 'port', 2, 2, 0),
    symbol('f', 'function', 4, 6, 0),
    symbol('x', 'argument', 4, 4, 2),
    symbol('b', 'module', 12, 20, null),
    symbol('u', 'instance', 13, 15, 4),
  ],
};

test.each([
  [1, ['a']],
  [2, ['a']],
  [4, ['a', 'f']],
  [7, ['a']],
  [11, []],
  [14, ['b', 'u']],
  [99, []],
])('line %d', (line, names) => {
  expect(symbolsAround(outline, line).map((at) => outline.symbols[at]?.name)).toEqual(names);
});
