// Lines of a text that differ from another one, for the editor's margin. Bounded: a key never waits for it. Pure.
import { diffArrays } from 'diff';

export interface LineChange {
  readonly kind: 'added' | 'changed' | 'removed';
  /** lines of the new text from 1; of a removal: the line that it stood before, one past the end for the end */
  readonly from: number;
  readonly to: number;
}

/** Beyond it the two have so little in common that one change says it; the work grows with its square. */
const MAX_EDITS = 300;

export function lineChanges(before: readonly string[], after: readonly string[]): LineChange[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let [oldEnd, newEnd] = [before.length, after.length];
  while (oldEnd > start && newEnd > start && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd -= 1;
    newEnd -= 1;
  }
  if (start === oldEnd && start === newEnd) return [];
  if (start === oldEnd || start === newEnd) return [changeAt(start, oldEnd - start, newEnd - start)];
  const chunks = diffArrays(before.slice(start, oldEnd), after.slice(start, newEnd), {
    maxEditLength: MAX_EDITS,
  }) as ReturnType<typeof diffArrays<string>> | undefined;
  if (chunks === undefined) return [changeAt(start, oldEnd - start, newEnd - start)];
  const changes: LineChange[] = [];
  let at = start;
  let [removed, added] = [0, 0];
  const flush = (): void => {
    if (removed + added > 0) changes.push(changeAt(at - added, removed, added));
    [removed, added] = [0, 0];
  };
  for (const chunk of chunks) {
    if (chunk.removed) removed += chunk.value.length;
    else {
      if (!chunk.added) flush();
      else added += chunk.value.length;
      at += chunk.value.length;
    }
  }
  flush();
  return changes;
}

const changeAt = (start: number, removed: number, added: number): LineChange => ({
  kind: removed === 0 ? 'added' : added === 0 ? 'removed' : 'changed',
  from: start + 1,
  to: Math.max(start + 1, start + added),
});
