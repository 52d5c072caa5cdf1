// Two texts beside each other: rows of equal lines, and of what was removed left of what was added. Pure.
import type { ReviewHunk } from '@genrtl/contracts/review.ts';

export interface SideRow {
  readonly key: string;
  /** line numbers from 1; undefined where that side has no line */
  readonly old?: number;
  readonly now?: number;
  readonly change: 'same' | 'changed' | 'gap';
  /** the hunk that a changed row belongs to */
  readonly hunk?: string;
  /** lines that a gap leaves out */
  readonly count?: number;
}

/** Equal lines shown around a change. */
const AROUND = 3;

type Place = Pick<ReviewHunk, 'id' | 'old_start' | 'old_lines' | 'new_start' | 'new_lines'>;

/** `oldCount` lines against those of the new text, as the hunks say; longer equal stretches become a gap. */
export function sideRows(hunks: readonly Place[], oldCount: number): SideRow[] {
  const rows: SideRow[] = [];
  let old = 1;
  let now = 1;
  const same = (count: number, first: boolean, last: boolean): void => {
    const head = first ? 0 : AROUND;
    const tail = last ? 0 : AROUND;
    const hidden = count - head - tail;
    for (let at = 0; at < count; at += 1) {
      if (hidden > 1 && at === head) {
        rows.push({ key: `gap ${old + at}`, change: 'gap', count: hidden });
        at += hidden - 1;
        continue;
      }
      rows.push({ key: `${old + at} ${now + at}`, old: old + at, now: now + at, change: 'same' });
    }
    old += count;
    now += count;
  };
  hunks.forEach((hunk, nth) => {
    same(hunk.old_start - old, nth === 0, false);
    for (let at = 0; at < Math.max(hunk.old_lines, hunk.new_lines); at += 1)
      rows.push({
        key: `${hunk.id} ${at}`,
        change: 'changed',
        hunk: hunk.id,
        ...(at < hunk.old_lines ? { old: old + at } : {}),
        ...(at < hunk.new_lines ? { now: now + at } : {}),
      });
    old += hunk.old_lines;
    now += hunk.new_lines;
  });
  same(oldCount - old + 1, hunks.length === 0, true);
  return rows;
}
