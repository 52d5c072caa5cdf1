// All changes of one signal in flat arrays, and its reduction to a row of pixels: any zoom is drawn from memory in milliseconds.
import type { WaveRow } from '@genrtl/contracts';

export class SignalTrack {
  #ticks = new Float64Array(1024);
  #values = new Uint32Array(1024);
  #length = 0;
  readonly #texts: string[] = [];
  readonly #byText = new Map<string, number>();

  get length(): number {
    return this.#length;
  }

  /** Memory in bytes, roughly: what the cache counts. */
  get sizeBytes(): number {
    return this.#ticks.byteLength + this.#values.byteLength + this.#texts.reduce((sum, text) => sum + text.length * 2 + 48, 0);
  }

  /** Ticks never go back. Of several changes at one tick the last one holds. */
  append(ticks: number, value: string): void {
    let text = this.#byText.get(value);
    if (text === undefined) {
      text = this.#texts.push(value) - 1;
      this.#byText.set(value, text);
    }
    const last = this.#length - 1;
    if (last >= 0 && this.#ticks[last] === ticks) {
      this.#values[last] = text;
      return;
    }
    if (last >= 0 && this.#values[last] === text) return;
    if (this.#length === this.#ticks.length) {
      const ticksGrown = new Float64Array(this.#length * 2);
      ticksGrown.set(this.#ticks);
      this.#ticks = ticksGrown;
      const valuesGrown = new Uint32Array(this.#length * 2);
      valuesGrown.set(this.#values);
      this.#values = valuesGrown;
    }
    this.#ticks[this.#length] = ticks;
    this.#values[this.#length] = text;
    this.#length += 1;
  }

  /** Index of the last change at or before `tick`, -1 before the first. */
  indexAt(tick: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ticks[middle] ?? Infinity) <= tick) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  tickOf(index: number): number | null {
    return index >= 0 && index < this.#length ? (this.#ticks[index] ?? null) : null;
  }

  #valueOf(index: number): string {
    return this.#texts[this.#values[index] ?? 0] ?? 'x';
  }

  /**
   * The window as at most about two entries a pixel: a pixel that holds more than two changes becomes a stretch (null), and
   * neighbouring stretches melt into one.
   */
  reduce(name: string, from: number, to: number, pixels: number): WaveRow {
    const row: WaveRow = { name, ticks: [], values: [] };
    const push = (tick: number, value: string | null): void => {
      if (row.values.length > 0 && row.values.at(-1) === value) return;
      row.ticks.push(tick);
      row.values.push(value);
    };
    let index = this.indexAt(from);
    push(from, index < 0 ? 'x' : this.#valueOf(index));
    index += 1;
    const span = Math.max((to - from) / pixels, Number.MIN_VALUE);
    while (index < this.#length) {
      const tick = this.#ticks[index] ?? Infinity;
      if (tick > to) break;
      const pixelStart = from + Math.floor((tick - from) / span) * span;
      const last = this.indexAt(Math.min(to, pixelStart + span));
      if (last - index >= 2) {
        push(tick, null);
        // the stretch ends with its pixel; what comes after starts with the value that holds there
        if ((last + 1 < this.#length ? (this.#ticks[last + 1] ?? Infinity) : Infinity) > pixelStart + 2 * span) push(this.#ticks[last] ?? tick, this.#valueOf(last));
        index = last + 1;
        continue;
      }
      push(tick, this.#valueOf(index));
      index += 1;
    }
    return row;
  }
}
