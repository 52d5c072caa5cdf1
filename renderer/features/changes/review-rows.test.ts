import { describe, expect, it } from 'vitest';
import type { ReviewFile } from '@genrtl/contracts/review.ts';
import { reviewRows } from './review-rows.ts';

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}\n`).join('');
const FILE: ReviewFile = {
  path: 'src/m.sv',
  before: lines(1, 40),
  after: `${lines(1, 19)}new a\nnew b\n${lines(21, 40)}`,
  sha256: null,
  hunks: [{ id: 'h', old_start: 20, old_lines: 1, new_start: 20, new_lines: 2, status: 'open' }],
};
const brief = (file: ReviewFile, expanded: string[] = []): string[] =>
  reviewRows([file], new Set(expanded), new Set()).map((row) =>
    row.kind === 'line'
      ? `${row.change} ${row.old ?? '-'}/${row.now ?? '-'} ${row.text}`
      : row.kind === 'gap'
        ? `gap ${row.count}`
        : row.kind,
  );

describe('rows of the review', () => {
  it('fold what is far from a change and number both sides', () => {
    expect(brief(FILE)).toEqual([
      'file',
      'gap 16',
      'same 17/17 line 17',
      'same 18/18 line 18',
      'same 19/19 line 19',
      'hunk',
      'del 20/- line 20',
      'add -/20 new a',
      'add -/21 new b',
      'same 21/22 line 21',
      'same 22/23 line 22',
      'same 23/24 line 23',
      'gap 17',
    ]);
  });

  it('an opened gap shows every line', () => {
    const gap = reviewRows([FILE], new Set(), new Set()).find((row) => row.kind === 'gap');
    expect(brief(FILE, [gap?.key ?? '']).filter((row) => row.startsWith('same'))).toHaveLength(19 + 3);
  });

  it('a created file is all added, a deleted one all removed', () => {
    const created: ReviewFile = {
      path: 'a',
      before: null,
      after: 'x\ny\n',
      sha256: null,
      hunks: [{ id: 'h', old_start: 1, old_lines: 0, new_start: 1, new_lines: 2, status: 'open' }],
    };
    expect(brief(created)).toEqual(['file', 'hunk', 'add -/1 x', 'add -/2 y']);
    const deleted: ReviewFile = {
      path: 'a',
      before: 'x\ny\n',
      after: null,
      sha256: null,
      hunks: [{ id: 'h', old_start: 1, old_lines: 2, new_start: 1, new_lines: 0, status: 'open' }],
    };
    expect(brief(deleted)).toEqual(['file', 'hunk', 'del 1/- x', 'del 2/- y']);
  });

  it('a folded file keeps the numbering of the hunks after it', () => {
    const rows = reviewRows([FILE, { ...FILE, path: 'b' }], new Set(), new Set(['src/m.sv']));
    expect(rows.flatMap((row) => (row.kind === 'hunk' ? [row.ordinal] : []))).toEqual([1]);
  });
});
