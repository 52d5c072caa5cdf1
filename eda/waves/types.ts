// Shapes of the waveform reader.
import type { TimeValue, WaveSlice } from '@genrtl/contracts';
import type { StateName } from '@genrtl/contracts/language.ts';
import type { WaveNote } from '@genrtl/contracts/waves.ts';

export interface WaveSignal {
  /** hierarchical, dots between scopes, e.g. `tb.dut.count` */
  readonly name: string;
  readonly width: number;
  /** as declared: wire, reg, integer, real, parameter, event … */
  readonly type: string;
  /** number of the stored variable; aliases share one; negative for a vector that is put together from several */
  readonly variable: number;
}

export interface Timescale {
  /** a positive decimal number; the standard knows 1, 10 and 100 */
  readonly factor: number;
  readonly unit: 's' | 'ms' | 'us' | 'ns' | 'ps' | 'fs';
}

/** `bytes` from `start` to `end` hold the value; they are gone after the call. */
export type ChangeVisit = (variable: number, ticks: number, bytes: Uint8Array, start: number, end: number) => void;

export interface WaveQuery {
  /** full names, or endings of them that are unique from a dot on */
  readonly signals: readonly string[];
  /** default: the start of the file */
  readonly from?: TimeValue | undefined;
  /** inclusive; default: the end of the file */
  readonly to?: TimeValue | undefined;
  /** at most so many changes of each signal, counted from the start of the window; default 100,000 */
  readonly maxChanges?: number | undefined;
}

/** An opened waveform. Holds an index, not the changes; every query reads only its window from the file. */
export interface WaveFile {
  readonly signals: readonly WaveSignal[];
  readonly timescale: Timescale;
  readonly start: TimeValue;
  readonly end: TimeValue;
  /** what had to be guessed or could not be read */
  readonly notes: readonly WaveNote[];
  /** what the values of a signal are called, by its full name, where the file itself says so */
  readonly enumNames: ReadonlyMap<string, readonly StateName[]>;
  /** Signals whose full name ends with `name` at a dot, the shallowest first; an exact match stands alone. */
  find(name: string): readonly WaveSignal[];
  /** Unknown names are left out; of several matches the shallowest is taken. */
  query(query: WaveQuery): Promise<WaveSlice>;
  /**
   * Every change of the variables, in file order, from the first to the last; ticks of the timescale, values as they
   * stand in the file (`valueText` reads them). For who keeps changes in a form of its own; `query` is for windows.
   */
  scan(variables: ReadonlySet<number>, visit: ChangeVisit): Promise<void>;
  /** Value after all changes of that time, or null before the first one and for unknown names. */
  valueAt(signal: string, time: TimeValue): Promise<string | null>;
  /** Times of the rising edges of a clock, so that a window can be given in cycles (from 0). */
  risingEdges(
    clock: string,
    window?: { from?: TimeValue | undefined; to?: TimeValue | undefined },
  ): Promise<TimeValue[]>;
  close(): Promise<void>;
}
