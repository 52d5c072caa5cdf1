// Vectors that a file stores in parts, bit by bit: their changes put together from those of the parts.
import type { ChangeVisit } from './types.ts';
import type { VcdHeader } from './vcd-header.ts';
import { valueText } from './vcd-scan.ts';

/** Ticks and the value from then on. */
export type Change = [number, string];

/** Changes of a vector from those of its parts, most significant first; a part without a value yet is unknown. */
export function composeChanges(
  parts: readonly number[],
  changes: ReadonlyMap<number, readonly Change[]>,
  widths: readonly number[],
  maxChanges: number,
): Change[] {
  const lists = parts.map((part) => changes.get(part) ?? []);
  const values = parts.map((part) => 'x'.repeat(widths[part] ?? 1));
  // behind the end of a list that was cut nothing is known
  const known = Math.min(
    ...lists.map((list) => (list.length >= maxChanges ? (list.at(-1)?.[0] ?? Infinity) : Infinity)),
  );
  const steps = lists.flatMap((list, part) => list.map(([ticks, value]) => ({ ticks, value, part })));
  steps.sort((a, b) => a.ticks - b.ticks);
  const composed: Change[] = [];
  for (let at = 0; at < steps.length && composed.length < maxChanges; ) {
    const ticks = steps[at]?.ticks ?? 0;
    if (ticks > known) break;
    for (; steps[at]?.ticks === ticks; at += 1) {
      const step = steps[at];
      if (step !== undefined) values[step.part] = step.value;
    }
    const value = values.join('');
    if (composed.at(-1)?.[1] !== value) composed.push([ticks, value]);
  }
  return composed;
}

interface Vector {
  readonly variable: number;
  /** `b` and the digits as they stand now */
  readonly state: Uint8Array;
}

/** While a file is scanned: gives a vector's whole value whenever one of its parts changes. */
export class PartsScan {
  readonly #visit: ChangeVisit;
  readonly #widths: readonly number[];
  readonly #places = new Map<number, { readonly vector: Vector; readonly at: number }[]>();

  constructor(variables: ReadonlySet<number>, { vectors, widths }: VcdHeader, visit: ChangeVisit) {
    this.#visit = visit;
    this.#widths = widths;
    for (const [variable, parts] of vectors) {
      if (!variables.has(variable)) continue;
      const width = parts.reduce((sum, part) => sum + (widths[part] ?? 1), 0);
      const vector = { variable, state: new Uint8Array(Buffer.from(`b${'x'.repeat(width)}`, 'latin1')) };
      let at = 1;
      for (const part of parts) {
        const places = this.#places.get(part) ?? [];
        places.push({ vector, at });
        this.#places.set(part, places);
        at += widths[part] ?? 1;
      }
    }
  }

  change(part: number, ticks: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#places.size === 0) return;
    for (const { vector, at } of this.#places.get(part) ?? []) {
      vector.state.set(Buffer.from(valueText(bytes, start, end, this.#widths[part] ?? 1), 'latin1'), at);
      this.#visit(vector.variable, ticks, vector.state, 0, vector.state.length);
    }
  }
}
