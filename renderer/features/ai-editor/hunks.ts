// The changes of an atomic answer, one by one: what of the selection each takes away and what it puts there. Pure.
import { diffLines } from 'diff';

export interface Hunk {
  /** offsets in the old text; equal where something is only put in */
  readonly start: number;
  readonly end: number;
  readonly oldText: string;
  readonly newText: string;
}

/** Changes in their order; none when the texts are equal. Applying all of them to `before` gives `after`. */
export function hunksOf(before: string, after: string): Hunk[] {
  const hunks: { start: number; end: number; oldText: string; newText: string }[] = [];
  let at = 0;
  let open = false;
  for (const { value, added, removed } of diffLines(before, after, { maxEditLength: MAX_EDITS }) ??
    whole(before, after)) {
    if (!added && !removed) {
      at += value.length;
      open = false;
      continue;
    }
    const last = open ? hunks.at(-1) : undefined;
    const hunk = last ?? { start: at, end: at, oldText: '', newText: '' };
    if (last === undefined) hunks.push(hunk);
    open = true;
    if (added) hunk.newText += value;
    else {
      hunk.oldText += value;
      at += value.length;
      hunk.end = at;
    }
  }
  return hunks;
}

/** Beyond this many changed lines the answer is one change. */
const MAX_EDITS = 4_000;

const whole = (before: string, after: string): { value: string; added: boolean; removed: boolean }[] => [
  { value: before, added: false, removed: true },
  { value: after, added: true, removed: false },
];

export function applied(before: string, hunks: readonly Hunk[]): string {
  let text = '';
  let at = 0;
  for (const { start, end, newText } of hunks) {
    text += before.slice(at, start) + newText;
    at = end;
  }
  return text + before.slice(at);
}
