// The cumulative diff of all files as one flat list of rows, so that only the rows that are seen are drawn.
import type { ReviewFile, ReviewHunk } from '@genrtl/contracts/review.ts';

export type ReviewRow =
  | { readonly kind: 'file'; readonly key: string; readonly file: ReviewFile }
  | {
      readonly kind: 'hunk';
      readonly key: string;
      readonly file: ReviewFile;
      readonly hunk: ReviewHunk;
      readonly ordinal: number;
    }
  | { readonly kind: 'gap'; readonly key: string; readonly count: number }
  | {
      readonly kind: 'line';
      readonly key: string;
      readonly change: 'same' | 'del' | 'add';
      readonly path: string;
      readonly old: number | null;
      readonly now: number | null;
      readonly text: string;
    };

export const ROW_PX: Readonly<Record<ReviewRow['kind'], number>> = { file: 36, hunk: 28, gap: 22, line: 18 };

/** Unchanged lines shown around a change. */
const CONTEXT = 3;
/** A gap of so few lines is shown rather than hidden. */
const SMALL_GAP = 4;

const split = (text: string | null): string[] =>
  text === null || text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);

/** `expanded` holds keys of gaps that the person opened, `closed` paths of files that were folded. */
export function reviewRows(
  files: readonly ReviewFile[],
  expanded: ReadonlySet<string>,
  closed: ReadonlySet<string>,
): ReviewRow[] {
  const rows: ReviewRow[] = [];
  let ordinal = 0;
  for (const file of files) {
    rows.push({ kind: 'file', key: `file ${file.path}`, file });
    if (closed.has(file.path)) {
      ordinal += file.hunks.length;
      continue;
    }
    const before = split(file.before);
    const after = split(file.after);
    // Both sides run in step outside the hunks; `now` is the next line of the present text, counted from 0.
    let now = 0;
    let old = 0;
    const show = (count: number): void => {
      for (let line = 0; line < count; line += 1, old += 1, now += 1)
        rows.push({
          kind: 'line',
          key: `same ${file.path} ${old}`,
          change: 'same',
          path: file.path,
          old: old + 1,
          now: now + 1,
          text: after[now] ?? '',
        });
    };
    const same = (until: number, head: number, tail: number): void => {
      const key = `gap ${file.path} ${old}`;
      const hidden = until - now - head - tail;
      if (hidden <= SMALL_GAP || expanded.has(key)) {
        show(until - now);
        return;
      }
      show(head);
      rows.push({ kind: 'gap', key, count: hidden });
      now += hidden;
      old += hidden;
      show(tail);
    };
    file.hunks.forEach((hunk, at) => {
      same(hunk.new_start - 1, at === 0 ? 0 : CONTEXT, CONTEXT);
      rows.push({ kind: 'hunk', key: `hunk ${file.path} ${hunk.id}`, file, hunk, ordinal });
      ordinal += 1;
      for (let line = 0; line < hunk.old_lines; line += 1, old += 1)
        rows.push({
          kind: 'line',
          key: `del ${file.path} ${old}`,
          change: 'del',
          path: file.path,
          old: old + 1,
          now: null,
          text: before[old] ?? '',
        });
      for (let line = 0; line < hunk.new_lines; line += 1, now += 1)
        rows.push({
          kind: 'line',
          key: `add ${file.path} ${now}`,
          change: 'add',
          path: file.path,
          old: null,
          now: now + 1,
          text: after[now] ?? '',
        });
    });
    if (file.hunks.length > 0) same(after.length, CONTEXT, 0);
  }
  return rows;
}

/** Letters of the longest line, for the width of the list; beyond the limit a line is cut by the eye anyway. */
export function widestLine(rows: readonly ReviewRow[]): number {
  let widest = 0;
  for (const row of rows) if (row.kind === 'line') widest = Math.max(widest, row.text.length);
  return Math.min(widest, 2000);
}
