import { expect, test } from 'vitest';
import { sideRows } from './side-by-side.ts';

const hunk = (id: string, old_start: number, old_lines: number, new_start: number, new_lines: number) => ({
  id,
  old_start,
  old_lines,
  new_start,
  new_lines,
});
const shown = (rows: ReturnType<typeof sideRows>): string[] =>
  rows.map((row) =>
    row.change === 'gap' ? `… ${row.count}` : `${row.old ?? '-'}|${row.now ?? '-'} ${row.hunk ?? ''}`.trim(),
  );

test('what was removed stands left of what was added, equal lines beside each other, far ones folded', () => {
  // 20 lines; line 8 becomes two, line 15 goes
  expect(shown(sideRows([hunk('a', 8, 1, 8, 2), hunk('b', 15, 1, 16, 0)], 20))).toEqual([
    '… 4',
    '5|5',
    '6|6',
    '7|7',
    '8|8 a',
    '-|9 a',
    ...[9, 10, 11, 12, 13, 14].map((line) => `${line}|${line + 1}`),
    '15|- b',
    '16|16',
    '17|17',
    '18|18',
    '… 2',
  ]);
});

test('a new file has a right side only, a deleted one a left side only, an unchanged one none of both', () => {
  expect(shown(sideRows([hunk('a', 1, 0, 1, 2)], 0))).toEqual(['-|1 a', '-|2 a']);
  expect(shown(sideRows([hunk('a', 1, 2, 1, 0)], 2))).toEqual(['1|- a', '2|- a']);
  expect(shown(sideRows([], 5))).toEqual(['… 5']);
});
