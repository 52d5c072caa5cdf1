// Edges that a cursor finds, and conditions as people type them.
import { describe, expect, test } from 'vitest';
import { snapTick } from './snap.ts';
import { parseCondition } from './value-query.ts';

describe('a cursor near an edge', () => {
  const row = { name: 'q', ticks: [0, 100, 200, 210, 300], values: ['0', '1', null, '1', '0'] };
  test.each([
    [104, 100],
    [96, 100],
    [111, 111],
    [298, 300],
    // where the window begins is no edge, nor is a stretch of many changes
    [3, 3],
    [203, 203],
    [209, 209],
  ])('at %d goes to %d', (tick, to) => expect(snapTick(tick, row, 10)).toBe(to));
  test('stays without a row', () => expect(snapTick(7, undefined, 10)).toBe(7));
});

describe('a condition on a signal', () => {
  test.each([
    ['a5', 'hex', 8, 'eq', '10100101'],
    ['165', 'unsigned', 8, 'eq', '10100101'],
    ['-1', 'signed', 4, 'eq', '1111'],
    ["8'hA5", 'unsigned', 8, 'eq', '10100101'],
    ["4'b1x0z", 'hex', 4, 'eq', '1x0z'],
    ['0x1f', 'signed', 8, 'eq', '11111'],
    ['x', 'hex', 8, 'eq', 'xxxxxxxx'],
    ['!= 0', 'hex', 8, 'ne', '0'],
    ['>=12', 'unsigned', 8, 'ge', '1100'],
    ['< 1_0', 'binary', 2, 'lt', '10'],
    ['A', 'ascii', 8, 'eq', '1000001'],
  ] as const)('%s', (text, radix, width, op, bits) => expect(parseCondition(text, radix, width)).toEqual({ op, bits }));
  test.each([
    ['', 'hex', 8],
    ['g', 'hex', 8],
    ['1ff', 'hex', 8],
    ['-9', 'signed', 4],
    ['>=', 'hex', 8],
  ] as const)('%s is none', (text, radix, width) => expect(parseCondition(text, radix, width)).toBeNull());
});
