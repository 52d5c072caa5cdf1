// Where the viewer looks: the signal that keys act on, and a time brought into sight.
import { useWaves } from './wave-store.ts';
import type { SignalRow } from './wave-rows.ts';

/** The first selected signal, else the first one shown. */
export function chosenSignal(): SignalRow | null {
  const { rows, selected } = useWaves.getState();
  const signals = rows.filter((row) => row.kind === 'signal');
  return signals.find((row) => selected.has(row.id)) ?? signals[0] ?? null;
}

/** Puts cursor A there; the view follows when it would not be seen. */
export function showTick(tick: number): void {
  const { view, setCursor, setView } = useWaves.getState();
  setCursor('A', tick);
  const span = view.to - view.from;
  if (tick < view.from || tick > view.to) setView({ from: tick - span / 2, to: tick + span / 2 });
}
