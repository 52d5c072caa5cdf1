// Kinds of cases about waveforms: `genrtl waves`, a signal as `time value` pairs.
import { expect } from 'vitest';
import type { WaveNote } from '@genrtl/contracts/waves.ts';
import type { WaveSlice } from '@genrtl/contracts';
import type { CaseCheck, CaseUnderTest } from './case.ts';

const FEMTOSECONDS: Readonly<Record<string, number>> = { fs: 1, ps: 1e3, ns: 1e6, us: 1e9, ms: 1e12, s: 1e15 };

interface Read {
  readonly notes: readonly WaveNote[];
  readonly signals: WaveSlice['signals'];
  /** of the first signal: femtoseconds and value */
  readonly changes: readonly (readonly [number, string])[];
  readonly window: readonly [number, number];
}

async function read({ genrtl }: CaseUnderTest, file: string, signal: string): Promise<Read> {
  const { out } = await genrtl('waves', file, '--signals', signal, '--json');
  const slice = JSON.parse(out) as WaveSlice & { notes?: WaveNote[] };
  const time = ({ value, unit }: { value: string; unit: string }): number =>
    Number(value) * (FEMTOSECONDS[unit] ?? NaN);
  return {
    notes: slice.notes ?? [],
    signals: slice.signals ?? [],
    changes: (slice.signals?.[0]?.changes ?? []).map(([at, value]) => [time(at), value]),
    window: slice.window === undefined ? [NaN, NaN] : [time(slice.window.from), time(slice.window.to)],
  };
}

const ns = (changes: readonly (readonly [number, string])[]): (readonly [number, string])[] =>
  changes.map(([at, value]) => [at * 1e6, value]);

export const vcdCutOffTime: CaseCheck = async (given) => {
  const killed = await read(given, 'killed.vcd', 'a');
  expect(killed.changes).toEqual(
    ns([
      [0, '0'],
      [1000, '1'],
      [1500, '0'],
    ]),
  );
  expect(killed.window[1]).toBe(1500e6);
  const back = await read(given, 'time-goes-back.vcd', 'a');
  expect(back.changes.slice(0, 3)).toEqual(
    ns([
      [0, '0'],
      [1000, '1'],
      [2000, '0'],
    ]),
  );
  expect(back.notes.map(({ code }) => code)).toContain('time_goes_back');
};
export const vcdEvents: CaseCheck = async (given) =>
  expect((await read(given, 'icarus.vcd', 'done')).changes.map(([at]) => at / 1e6)).toEqual([0, 10, 20, 30, 40]);
export const vcdFractionalTime: CaseCheck = async (given) =>
  expect((await read(given, 'migen.vcd', 'clk')).changes.map(([at]) => at / 1e6)).toEqual([0, 3.2, 6, 9]);
export const vcdNameWithDollarEnd: CaseCheck = async (given) => {
  for (const [file, signal] of [
    ['icarus.vcd', 'i'],
    ['icarus.vcd', '\\frame$end'],
    ['verilator.vcd', 'frame$end'],
    ['verilator.vcd', 't.o'],
  ] as const)
    expect((await read(given, file, signal)).changes.length, signal).toBeGreaterThan(1);
};
export const vcdNegativeIndex: CaseCheck = async (given) => {
  for (const signal of ['acc', 'bcc']) expect((await read(given, 'neg.vcd', signal)).signals[0]?.width).toBe(8);
};
export const vcdOddTimescale: CaseCheck = async (given) => {
  for (const [scale, at] of [
    ['6666ps', 13_332e6],
    ['500ns', 1e12],
    ['0.001fs', 2],
    ['1.25ns', 2500e6],
  ] as const)
    expect((await read(given, `${scale}.vcd`, 'a')).changes[1]?.[0], scale).toBe(at);
};
export const vcdScopeWithoutName: CaseCheck = async (given) => {
  for (const signal of ['tms', 'tck']) expect((await read(given, 'probe.vcd', signal)).signals[0]?.name).toBe(signal);
};
export const vcdSplitVectors: CaseCheck = async (given) => {
  const whole = await read(given, 'questa.vcd', 'q');
  expect(whole.signals[0]).toMatchObject({ name: 'tb.q', width: 4 });
  expect(whole.changes).toEqual(
    ns([
      [0, '0000'],
      [10, '0001'],
      [20, '0010'],
    ]),
  );
  expect((await read(given, 'questa.vcd', 'q[0]')).changes).toEqual(
    ns([
      [0, '0'],
      [10, '1'],
      [20, '0'],
    ]),
  );
};
export const vcdValuesBeforeTheFirstTime: CaseCheck = async (given) => {
  const rst = await read(given, 'systemc.vcd', 'rst');
  expect(rst.changes).toEqual([
    [0, '1'],
    [5_000_000, '0'],
  ]);
  expect(rst.window[0]).toBe(0);
};
