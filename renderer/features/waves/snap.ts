// A cursor goes to the edge that the pointer is close to. Pure.
import type { WaveRow } from '@genrtl/contracts/waves.ts';

/** The nearest change of the row within `reach` ticks of `tick`, else `tick` itself. */
export function snapTick(tick: number, row: WaveRow | undefined, reach: number): number {
  if (row === undefined) return tick;
  let best = tick;
  let distance = reach;
  let low = 0;
  let high = row.ticks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((row.ticks[middle] ?? Infinity) < tick) low = middle + 1;
    else high = middle;
  }
  for (const at of [low - 1, low]) {
    const edge = row.ticks[at];
    // the first entry is where the window begins; a stretch of many changes has no edge of its own
    if (edge === undefined || at < 1 || row.values[at] === null || row.values[at - 1] === null) continue;
    if (Math.abs(edge - tick) <= distance) {
      best = edge;
      distance = Math.abs(edge - tick);
    }
  }
  return best;
}
