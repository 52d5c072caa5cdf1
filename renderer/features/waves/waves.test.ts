// Values, times, trees and row lists of the waveform room.
import { describe, expect, test } from 'vitest';
import { formatValue } from './radix.ts';
import { buildScopes, findSignal, searchSignals, shortNames } from './signal-tree.ts';
import { analogValue, changesOfBit } from './draw-waves.ts';
import { groupRows, moveRows, removeRows, rowAt, toggleBits, topsOf, visibleRows } from './wave-rows.ts';
import type { Row, SignalRow } from './wave-rows.ts';
import { formatFrequency, formatTicks, parseTicks, rulerStep } from './wave-time.ts';

const ns = { factor: 1, unit: 'ns' };

test.each([
  ['10100101', 'hex', 'a5'],
  ['10100101', 'unsigned', '165'],
  ['10100101', 'signed', '-91'],
  ['101', 'octal', '5'],
  ['1101', 'octal', '15'],
  ['1x100000', 'hex', 'X0'],
  ['zzzz0000', 'hex', 'z0'],
  ['xxxx', 'signed', 'x'],
  ['0100000101000010', 'ascii', 'AB'],
  ['00000000', 'ascii', ''],
  [`1${'0'.repeat(99)}`, 'unsigned', (2n ** 99n).toString()],
  ['0.25', 'hex', '0.25'],
  ['1', 'signed', '1'],
] as const)('%s as %s is %s', (value, radix, text) => expect(formatValue(value, radix)).toBe(text));

describe('times', () => {
  test.each([
    [0, ns, '0 ns'],
    [999, ns, '999 ns'],
    [1500, ns, '1.5 us'],
    [125_000, { factor: 10, unit: 'ps' }, '1.25 us'],
    [1_000_000_001, ns, '1.000000001 s'],
    [-5, ns, '−5 ns'],
    [2000, { factor: 6666, unit: 'ps' }, '13.332 us'],
    [2000, { factor: 1.25, unit: 'ns' }, '2.5 us'],
    [32, { factor: 0.1, unit: 'ns' }, '3.2 ns'],
    [2, { factor: 0.001, unit: 'fs' }, '0.002 fs'],
  ] as const)('%d ticks', (ticks, tick, text) => expect(formatTicks(ticks, tick)).toBe(text));
  test.each([
    ['125', ns, 125],
    ['1.5us', ns, 1500],
    ['7 ns', { factor: 10, unit: 'ps' }, 700],
    ['soon', ns, null],
  ] as const)('%s parses', (text, tick, ticks) => expect(parseTicks(text, tick)).toBe(ticks));
  test('period and ruler', () => {
    expect(formatFrequency(10, ns)).toBe('100 MHz');
    expect(formatFrequency(0, ns)).toBe('');
    expect([0.1, 3, 70, 100].map(rulerStep)).toEqual([1, 5, 100, 100]);
  });
});

const signal = (name: string) => ({ name, width: 1, type: 'wire' });

test('scopes keep the hierarchy; search takes words in any order; a failure finds the shallowest signal', () => {
  const signals = ['tb.clk', 'tb.dut.count', 'tb.dut.fifo.count', 'loose'].map(signal);
  const [loose, tb] = buildScopes(signals);
  expect(loose?.signals.map((one) => one.name)).toEqual(['loose']);
  expect(tb?.scopes[0]?.scopes[0]?.path).toBe('tb.dut.fifo');
  expect(searchSignals(signals, 'COUNT fifo', 9).map((one) => one.name)).toEqual(['tb.dut.fifo.count']);
  expect(findSignal(signals, 'count')?.name).toBe('tb.dut.count');
  expect(findSignal(signals, 'ount')).toBeNull();
});

test('names shown together carry as many scopes as it takes', () => {
  expect([...shortNames(['tb.clk', 'tb.count', 'tb.dut.count', 'tb.a.x.y', 'tb.b.x.y', 'y'])]).toEqual([
    ['tb.clk', 'clk'],
    ['y', 'y'],
    ['tb.count', 'tb.count'],
    ['tb.dut.count', 'dut.count'],
    ['tb.a.x.y', 'a.x.y'],
    ['tb.b.x.y', 'b.x.y'],
  ]);
});

describe('rows', () => {
  const row = (id: number, group: number | null = null): SignalRow => ({
    kind: 'signal',
    id,
    name: `s${id}`,
    width: 1,
    radix: 'hex',
    group,
  });
  const ids = (rows: readonly Row[]): number[] => rows.map((one) => one.id);
  const grouped = groupRows([row(1), row(2), row(3), row(4)], new Set([2, 4]), {
    kind: 'group',
    id: 9,
    name: 'g',
    collapsed: false,
  });

  test('a group takes its members with it, and hides them when it is closed', () => {
    expect(ids(grouped)).toEqual([1, 9, 2, 4, 3]);
    expect(ids(moveRows(grouped, new Set([9]), 1))).toEqual([9, 2, 4, 1, 3]);
    expect(ids(visibleRows(grouped.map((one) => (one.kind === 'group' ? { ...one, collapsed: true } : one))))).toEqual([
      1, 9, 3,
    ]);
  });
  test('a signal dropped among members joins, dropped outside leaves', () => {
    expect(moveRows(grouped, new Set([3]), 4).find((one) => one.id === 3)).toMatchObject({ group: 9 });
    expect(moveRows(grouped, new Set([2]), null).find((one) => one.id === 2)).toMatchObject({ group: null });
  });
  test('a group dropped into another stands behind it, whole', () => {
    const two = groupRows(grouped, new Set([1]), { kind: 'group', id: 8, name: 'h', collapsed: false });
    const moved = moveRows(two, new Set([8]), 4);
    expect(ids(moved)).toEqual([9, 2, 4, 8, 1, 3]);
    expect(moved.find((one) => one.id === 1)).toMatchObject({ group: 8 });
  });
  test('removing a group keeps its members', () => {
    expect(removeRows(grouped, new Set([9])).every((one) => one.kind === 'signal' && one.group === null)).toBe(true);
  });
});

test('a bus shows its bits behind it and takes them back; taller rows move what stands below', () => {
  const bus: SignalRow = { kind: 'signal', id: 1, name: 'tb.n', width: 3, radix: 'hex', group: null, analog: true };
  const other: SignalRow = { kind: 'signal', id: 2, name: 'tb.m', width: 1, radix: 'hex', group: null };
  let id = 10;
  const expanded = toggleBits([bus, other], 1, () => id++);
  expect(expanded.map((one) => (one.kind === 'signal' ? `${one.name} ${one.bit ?? ''}` : ''))).toEqual([
    'tb.n ',
    'tb.n 2',
    'tb.n 1',
    'tb.n 0',
    'tb.m ',
  ]);
  expect(toggleBits(expanded, 1, () => id++)).toEqual([bus, other]);
  const tops = topsOf([bus, other]);
  expect([0, 77, 78, 103, 104].map((y) => rowAt(tops, y))).toEqual([0, 0, 1, 1, 2]);
});

test('a bit of a bus changes where the bit does; numbers of analog rows', () => {
  const changes = { name: 'n', ticks: [0, 5, 10, 15], values: ['000', '010', null, '01x'] };
  expect(changesOfBit(changes, 1)).toEqual({ name: 'n', ticks: [0, 5, 10, 15], values: ['0', '1', null, '1'] });
  expect(changesOfBit(changes, 2)).toEqual({ name: 'n', ticks: [0, 10, 15], values: ['0', null, '0'] });
  expect(changesOfBit(changes, 0).values).toEqual(['0', null, 'x']);
  expect(['0111', '1000', '1x', 'zz', '-1.5', '2e3'].map((value) => analogValue(value, true))).toEqual([
    7,
    -8,
    null,
    null,
    -1.5,
    2000,
  ]);
  expect(analogValue('1000', false)).toBe(8);
});
