// Edges that a cursor finds, and conditions as people type them.
import { describe, expect, test } from 'vitest';
import { snapTick } from './snap.ts';
import { readMemory } from './wave-memory.ts';
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

describe('what the viewer remembers', () => {
  const memory = {
    path: 'sim/a.vcd',
    rows: [
      { kind: 'group', id: 3, name: 'Bus', collapsed: true },
      { kind: 'signal', id: 4, name: 'tb.q', width: 8, radix: 'signed', group: 3 },
      { kind: 'signal', id: 5, name: 'tb.clk', width: 1, radix: 'hex', group: null },
    ],
    view: { from: 10, to: 90 },
    cursorA: 20,
    cursorB: null,
    markers: [15, 40],
  };
  test('comes back as it was', () => expect(readMemory(JSON.parse(JSON.stringify(memory)))).toEqual(memory));
  test('is nothing when it is none, and drops what is not as it was written', () => {
    for (const none of [null, 7, 'x', {}, { path: 'a', rows: 3 }]) expect(readMemory(none)).toBeNull();
    expect(
      readMemory({
        path: 'a',
        rows: [memory.rows[1], { kind: 'signal', id: 1, name: 'q', width: 1, radix: 'roman' }, 'x', null],
        view: { from: 5, to: 5 },
        cursorA: '1',
        markers: [9, 'x', 2, 9, null],
      }),
    ).toEqual({
      path: 'a',
      // its group is gone
      rows: [{ ...memory.rows[1], group: null }],
      view: { from: 0, to: 1 },
      cursorA: null,
      cursorB: null,
      markers: [2, 9],
    });
  });
});
