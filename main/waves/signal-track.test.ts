// The reduction shows every value that a pixel can show and hides nothing behind a wrong one.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SignalTrack } from './signal-track.ts';
import { meets } from './value-match.ts';

function trackOf(changes: readonly (readonly [number, string])[]): SignalTrack {
  const track = new SignalTrack(1);
  for (const [tick, value] of changes) track.append(tick, Buffer.from(value), 0, value.length);
  return track;
}

test('a window starts with the value that holds there', () => {
  const track = trackOf([
    [0, '0'],
    [10, '1'],
    [20, '0'],
  ]);
  expect(track.reduce('s', 12, 30, 100)).toEqual({ name: 's', ticks: [12, 20], values: ['1', '0'] });
  expect(trackOf([[5, '1']]).reduce('s', 0, 10, 100)).toEqual({ name: 's', ticks: [0, 5], values: ['x', '1'] });
});

test('of several changes at one tick the last holds, and a change to the same value is none', () => {
  expect(
    trackOf([
      [0, '0'],
      [0, '1'],
      [5, '1'],
      [7, '0'],
    ]).reduce('s', 0, 10, 10).ticks,
  ).toEqual([0, 7]);
});

test('values are read at full width, whatever the file left out', () => {
  const track = new SignalTrack(8);
  for (const [tick, text] of [
    [0, 'bx'],
    [5, 'b101'],
    [5, 'b110'],
    [9, 'b110'],
    [12, 'bz1'],
  ] as const)
    track.append(tick, Buffer.from(`..${text}`), 2, 2 + text.length);
  expect(track.reduce('bus', 0, 20, 100)).toEqual({
    name: 'bus',
    ticks: [0, 5, 12],
    values: ['xxxxxxxx', '00000110', 'zzzzzzz1'],
  });
});

test('an event happens at every change, also to the same value, and is not there in between', () => {
  const event = new SignalTrack(1, true);
  for (const tick of [0, 10, 20, 20, 30]) event.append(tick, Buffer.from('1'), 0, 1);
  expect(event.reduce('done', 0, 25, 100)).toEqual({
    name: 'done',
    ticks: [0, 0, 10, 20],
    values: ['0', '1', '1', '1'],
    event: true,
  });
  expect(event.reduce('done', 11, 19, 100).values).toEqual(['0']);
  expect(event.reduce('done', 20, 20, 1).values).toEqual(['0', '1']);
  for (let tick = 100; tick < 10_000; tick += 1) event.append(tick, Buffer.from('1'), 0, 1);
  const busy = event.reduce('done', 0, 20_000, 50);
  expect(busy.values).toEqual(['0', null, '0']);
});

test('more changes than pixels become one stretch, the quiet parts stay exact', () => {
  const busy = Array.from({ length: 100_000 }, (_, at): [number, string] => [1000 + at, String(at % 2)]);
  const row = trackOf([[0, '0'], ...busy, [500_000, '1']]).reduce('clk', 0, 1_000_000, 1000);
  expect(row.values.filter((value) => value === null)).toHaveLength(1);
  expect(row.values.length).toBeLessThan(10);
  expect(row.values.at(-1)).toBe('1');
});

test('where it shows a value, the value is the true one, and the row is never longer than two entries a pixel', () => {
  const changes = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.constantFrom('0', '1', 'x', 'z')), {
    minLength: 1,
    maxLength: 300,
  });
  fc.assert(
    fc.property(
      changes,
      fc.integer({ min: 0, max: 2000 }),
      fc.integer({ min: 1, max: 3000 }),
      fc.integer({ min: 1, max: 60 }),
      (deltas, from, length, pixels) => {
        let now = 0;
        const absolute = deltas.map(([delta, value]): [number, string] => [(now += delta), value]);
        const row = trackOf(absolute).reduce('s', from, from + length, pixels);
        expect(row.values.length).toBeLessThanOrEqual(2 * pixels + 3);
        for (const [at, value] of row.values.entries()) {
          const tick = row.ticks[at] ?? 0;
          const truth = absolute.findLast(([change]) => change <= tick)?.[1] ?? 'x';
          if (value !== null) expect([tick, value]).toEqual([tick, truth]);
          if (at > 0) expect(tick).toBeGreaterThanOrEqual(row.ticks[at - 1] ?? 0);
        }
        // between two shown values nothing is hidden: any change in between lies in a stretch
        for (const [change] of absolute) {
          if (change <= from || change > from + length) continue;
          const at = row.ticks.findLastIndex((tick) => tick <= change);
          const shown = row.values[at];
          const truth = absolute.findLast(([other]) => other <= change)?.[1];
          if (shown !== null) expect(shown).toBe(truth);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('a value is found where it begins, forward and backward; unknown digits have no order', () => {
  const track = new SignalTrack(4);
  for (const [tick, text] of [
    [0, 'bx'],
    [10, 'b11'],
    [20, 'b100'],
    [30, 'b101'],
    [40, 'b1x'],
    [50, 'b11'],
  ] as const)
    track.append(tick, Buffer.from(text), 0, text.length);
  const is = meets({ op: 'eq', bits: '11' });
  expect([track.find(is, 0, 'next'), track.find(is, 10, 'next'), track.find(is, 50, 'next')]).toEqual([10, 50, null]);
  expect([track.find(is, 50, 'previous'), track.find(is, 10, 'previous')]).toEqual([10, null]);
  const above = meets({ op: 'ge', bits: '100' });
  // 30 goes on meeting it, 40 is unknown
  expect([track.find(above, 0, 'next'), track.find(above, 20, 'next')]).toEqual([20, null]);
  expect(track.find(meets({ op: 'eq', bits: 'xxxx' }), 99, 'previous')).toBe(0);
  expect(track.find(meets({ op: 'ne', bits: 'xxxx' }), 0, 'next')).toBe(10);
});

test('two runs part where one of them first holds another value', () => {
  const a = trackOf([
    [0, '0'],
    [10, '1'],
    [20, '0'],
  ]);
  const at = (changes: readonly (readonly [number, string])[], end = 100) => a.firstDifference(trackOf(changes), end);
  // what is written again is no change
  expect(
    at([
      [0, '0'],
      [10, '1'],
      [15, '1'],
      [20, '0'],
    ]),
  ).toBeNull();
  expect(
    at([
      [0, '0'],
      [12, '1'],
      [20, '0'],
    ]),
  ).toEqual({ tick: 10, here: '1', there: '0' });
  expect(at([[5, '0']])).toEqual({ tick: 0, here: '0', there: 'x' });
  const longer = [[0, '0'] as const, [10, '1'] as const, [20, '0'] as const, [30, '1'] as const];
  expect([at(longer, 29), at(longer)]).toEqual([null, { tick: 30, here: '0', there: '1' }]);
});
