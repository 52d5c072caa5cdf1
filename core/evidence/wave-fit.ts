// Cuts a waveform down to what a bundle can hold: less of the past first, then fewer of the less important signals.
import type { TimeValue, WaveSlice } from '@genrtl/contracts';
import type { Budget } from './budget.ts';

/** A waveform may take a third of the default bundle. */
const MAX_WAVE_BYTES = 16 * 1024;
/** Shares of the window's past that are given up, one after the other. */
const CUTS = [0, 0.5, 0.75, 0.9, 0.97];

/** Signals are in order of importance. Null when not even the first few fit. */
export function fittingWave(slice: WaveSlice, budget: Budget): WaveSlice | null {
  for (const share of [1, 0.6, 0.35, 0.2]) {
    const signals = slice.signals.slice(0, Math.max(1, Math.ceil(slice.signals.length * share)));
    for (const cut of CUTS) {
      const fitting = withoutPast({ ...slice, signals }, cut);
      if (fitting !== null && JSON.stringify(fitting).length <= MAX_WAVE_BYTES && budget.take(fitting)) return fitting;
    }
  }
  return null;
}

/** Starts the window later; each signal then begins with the value that it has there. */
function withoutPast(slice: WaveSlice, cut: number): WaveSlice | null {
  if (cut === 0) return slice;
  const { from, to } = slice.window;
  const [start, end] = [Number(from.value), Number(to.value)];
  const sameUnit =
    to.unit === from.unit && slice.signals.every((signal) => signal.changes.every(([time]) => time.unit === from.unit));
  if (!sameUnit || !Number.isFinite(start) || !Number.isFinite(end)) return null;
  const later: TimeValue = { value: String(Math.floor(start + (end - start) * cut)), unit: from.unit };
  const at = Number(later.value);
  return {
    window: { from: later, to },
    signals: slice.signals.map((signal) => {
      const before = signal.changes.filter(([time]) => Number(time.value) <= at).at(-1);
      const after = signal.changes.filter(([time]) => Number(time.value) > at);
      return { ...signal, changes: before ? [[later, before[1]] satisfies [TimeValue, string], ...after] : after };
    }),
  };
}
