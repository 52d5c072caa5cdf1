// What leaves at once, what waits, and that nothing is lost or reordered.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BATCH_CHARS, BATCH_MS, OutputBatches } from './output-batches.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function collect(): { sent: string[]; batches: OutputBatches } {
  const sent: string[] = [];
  return { sent, batches: new OutputBatches((data) => sent.push(data)) };
}

test('an echoed key goes at once, what follows on its heels goes together', () => {
  const { sent, batches } = collect();
  for (const data of ['a', 'b', 'c']) batches.add(data);
  expect(sent).toEqual(['a']);
  vi.advanceTimersByTime(BATCH_MS);
  expect(sent).toEqual(['a', 'bc']);
  vi.advanceTimersByTime(BATCH_MS);
  batches.add('d');
  expect(sent).toEqual(['a', 'bc', 'd']);
});

test('a flood does not wait for the clock', () => {
  const { sent, batches } = collect();
  const piece = 'x'.repeat(BATCH_CHARS / 4);
  for (let at = 0; at < 9; at += 1) batches.add(piece);
  expect(sent.map((data) => data.length)).toEqual([BATCH_CHARS / 4, BATCH_CHARS, BATCH_CHARS]);
});

test('a flush leaves nothing for later', () => {
  const { sent, batches } = collect();
  batches.add('a');
  batches.add('b');
  batches.flush();
  vi.advanceTimersByTime(BATCH_MS * 3);
  expect(sent).toEqual(['a', 'b']);
  expect(vi.getTimerCount()).toBe(0);
});
