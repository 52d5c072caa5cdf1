// The kept end of a program's output equals the end of all of it, however it was cut into pieces.
import { expect, test } from 'vitest';
import { KeptOutput } from './kept-output.ts';

test.each([1, 3, 7, 50, 400])('pieces of %i characters', (size) => {
  const all = Array.from({ length: 1000 }, (_, at) => String(at % 10)).join('');
  const kept = new KeptOutput(100);
  for (let at = 0; at < all.length; at += size) {
    kept.add(all.slice(at, at + size));
    expect(kept.text()).toBe(all.slice(0, at + size).slice(-100));
  }
});
