// An outline's rows: by kind where a module has many, in the order of the text where it has few.
import { expect, test } from 'vitest';
import type { OutlineSymbol } from '@genrtl/contracts/language.ts';
import { detailOf, outlineRows } from './outline-rows.ts';

const symbol = (
  kind: OutlineSymbol['kind'],
  name: string,
  parent: number | null,
  detail = `${kind} ${name}`,
): OutlineSymbol => ({
  name,
  kind,
  detail,
  line: 1,
  column: 1,
  end_column: 2,
  first_line: 1,
  last_line: 1,
  parent,
});
const shown = (symbols: OutlineSymbol[], closed: string[] = []): string[] =>
  outlineRows({ symbols, folds: [], problems: [] }, new Set(closed)).map(
    (row) => ' '.repeat(row.level) + (row.kind === 'group' ? `${row.group} ${row.count}` : row.symbol.name),
  );

test('few parts keep their order, many are put together by kind', () => {
  const few = [symbol('module', 'm', null), symbol('port', 'a', 0), symbol('instance', 'u', 0), symbol('port', 'b', 0)];
  expect(shown(few)).toEqual(['m', ' a', ' u', ' b']);
  const many = [
    ...few,
    ...['c', 'd', 'e'].map((name) => symbol('port', name, 0)),
    symbol('net', 'n', 0),
    symbol('block', 'g', 0),
    symbol('instance', 'v', 8),
  ];
  expect(shown(many)).toEqual([
    'm',
    ' ports 5',
    '  a',
    '  b',
    '  c',
    '  d',
    '  e',
    ' signals 1',
    '  n',
    ' instances 1',
    '  u',
    ' g',
    '  v',
  ]);
  expect(shown(many, ['0 ports', '8'])).toEqual(['m', ' ports 5', ' signals 1', '  n', ' instances 1', '  u', ' g']);
  expect(shown(many, ['0'])).toEqual(['m']);
});

test.each([
  [symbol('port', 'data', null, 'input logic [7:0] data'), 'input logic [7:0]'],
  [symbol('instance', 'u_f', null, 'fifo u_f'), 'fifo'],
  [symbol('parameter', 'W', null, 'parameter int W = 8'), 'int = 8'],
  [symbol('module', 'm', null, 'module m (input a)'), ''],
  [symbol('net', 'a', null, 'wire [a_w:0] a'), 'wire [a_w:0]'],
])('$name', (one, expected) => {
  expect(detailOf(one)).toBe(expected);
});
