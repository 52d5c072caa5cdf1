// Back and forth between the places of a working day.
import { expect, test } from 'vitest';
import { EMPTY_HISTORY, move, visit } from './place-history.ts';
import type { PlaceHistory } from './place-history.ts';

const at = (path: string, line: number): { path: string; line: number; column: number } => ({ path, line, column: 1 });
const lines = ({ visits, at: here }: PlaceHistory): string =>
  visits.map(({ path, line }, index) => `${index === here ? '>' : ''}${path}${line}`).join(' ');

test('jumps are kept, small moves are not; a new jump drops what lies ahead', () => {
  let history = EMPTY_HISTORY;
  for (const place of [at('a', 1), at('a', 5), at('a', 40), at('b', 3)]) history = visit(history, place);
  expect(lines(history)).toBe('a5 a40 >b3');
  history = move(move(history, -1), -1);
  expect(lines(history)).toBe('>a5 a40 b3');
  expect(move(history, -1)).toEqual(history);
  history = move(history, 1);
  // the cursor arrives there, and goes on a little
  expect(lines(visit(history, at('a', 42)))).toBe('a5 >a42 b3');
  expect(lines(visit(history, at('c', 1)))).toBe('a5 a40 >c1');
  expect(lines(move(visit(history, at('c', 1)), 1))).toBe('a5 a40 >c1');
});

test('it does not grow for ever', () => {
  let history = EMPTY_HISTORY;
  for (let line = 0; line < 5000; line += 20) history = visit(history, at('a', line));
  expect(history.visits).toHaveLength(100);
  expect(history.at).toBe(99);
});
