// Bounded answers: what is small stays whole, what is large keeps its shape, and every cut is named.
import { describe, expect, it } from 'vitest';
import { bounded, MAX_ANSWER_BYTES } from './bounds.ts';

describe('bounded', () => {
  it('leaves small answers alone', () => {
    const value = { text: 'x'.repeat(1000), list: Array.from({ length: 2000 }, (_, index) => index) };
    expect(bounded(value)).toEqual({ value, omitted: [] });
  });

  it.each([
    [
      'many items',
      { list: Array.from({ length: 100_000 }, () => ({ message: 'a message of some length' })) },
      'list: ',
    ],
    ['a long text', { text: 'é'.repeat(10_000_000) }, 'text: '],
    ['long texts in lists', { list: Array.from({ length: 300 }, () => 'y'.repeat(20_000)) }, 'list[]: '],
    [
      'many members',
      { record: Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`key${index}`, index])) },
      'record: ',
    ],
    ['deep lists', { a: Array.from({ length: 200 }, () => Array.from({ length: 200 }, () => 'z'.repeat(50))) }, 'a'],
  ])('cuts %s and says so', (_, value, place) => {
    const cut = bounded(value);
    expect(Buffer.byteLength(JSON.stringify(cut.value))).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
    expect(cut.omitted.some((each) => each.startsWith(place))).toBe(true);
    expect(Object.keys(cut.value)).toEqual(Object.keys(value));
  });
});
