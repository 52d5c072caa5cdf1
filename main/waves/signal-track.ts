// All changes of one signal in flat arrays, and its reduction to a row of pixels: any zoom is drawn from memory in
// milliseconds.
import type { WaveRow } from '@genrtl/contracts/waves.ts';
import { valueText } from '@genrtl/eda/waves/index.ts';

const FIRST_CHANGES = 1024;
const FIRST_TEXT_BYTES = 8 * 1024;

/**
 * Values are kept as the file has them, one behind the other, and read when they are shown: a scan makes no strings.
 */
export class SignalTrack {
  readonly #width: number;
  /** every change counts, also to the same value */
  readonly #event: boolean;
  #ticks = new Float64Array(FIRST_CHANGES);
  /** where in `#text` each value starts; it ends where the next one does */
  #starts = new Uint32Array(FIRST_CHANGES);
  #text = new Uint8Array(FIRST_TEXT_BYTES);
  #textEnd = 0;
  #length = 0;

  constructor(width: number, event = false) {
    this.#width = width;
    this.#event = event;
  }

  get length(): number {
    return this.#length;
  }

  /** Memory in bytes, roughly: what the cache counts. */
  get sizeBytes(): number {
    return this.#ticks.byteLength + this.#starts.byteLength + this.#text.byteLength;
  }

  /**
   * Ticks never go back. Of several changes at one tick the last one holds. The value is `bytes` from `start` to `end`.
   */
  append(ticks: number, bytes: Uint8Array, start: number, end: number): void {
    const last = this.#length - 1;
    if (last >= 0 && this.#ticks[last] === ticks) this.#textEnd = this.#starts[last] ?? 0;
    else if (last >= 0 && !this.#event && this.#endsWith(bytes, start, end)) return;
    else {
      if (this.#length === this.#ticks.length) {
        this.#ticks = grown(this.#ticks, new Float64Array(this.#length * 2));
        this.#starts = grown(this.#starts, new Uint32Array(this.#length * 2));
      }
      this.#ticks[this.#length] = ticks;
      this.#starts[this.#length] = this.#textEnd;
      this.#length += 1;
    }
    const needed = this.#textEnd + end - start;
    if (needed > this.#text.length)
      this.#text = grown(this.#text, new Uint8Array(Math.max(needed, this.#text.length * 2)));
    for (let at = start; at < end; at += 1) this.#text[this.#textEnd++] = bytes[at] ?? 0;
  }

  /** Whether the last value is the same text. */
  #endsWith(bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[this.#length - 1] ?? 0;
    if (this.#textEnd - from !== end - start) return false;
    for (let at = start; at < end; at += 1) if (this.#text[from + at - start] !== bytes[at]) return false;
    return true;
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

  /** The next (or previous) change to a value that `meets`, from one that did not. */
  find(meets: (value: string) => boolean, from: number, direction: 'next' | 'previous'): number | null {
    const begins = (index: number): boolean =>
      meets(this.#valueOf(index)) && (index === 0 || this.#event || !meets(this.#valueOf(index - 1)));
    if (direction === 'next') {
      for (let index = this.indexAt(from) + 1; index < this.#length; index += 1)
        if (begins(index)) return this.tickOf(index);
      return null;
    }
    for (let index = this.indexAt(from); index >= 0; index -= 1)
      if (this.#ticks[index] !== from && begins(index)) return this.tickOf(index);
    return null;
  }

  /**
   * The first tick up to `end` at which two tracks hold different values, and these; null when there is none. Before
   * its first change a signal is unknown. Events differ where one of them happens alone.
   */
  firstDifference(other: SignalTrack, end: number): { tick: number; here: string; there: string } | null {
    let mine = -1;
    let theirs = -1;
    for (;;) {
      const [ours, others] = [this.#nextTick(mine), other.#nextTick(theirs)];
      const tick = Math.min(ours, others);
      if (tick > end || tick === Infinity) return null;
      const [here, there] = [ours === tick, others === tick];
      if (here) mine += 1;
      if (there) theirs += 1;
      const [a, b] = this.#event ? [here ? '1' : '0', there ? '1' : '0'] : [this.#held(mine), other.#held(theirs)];
      if (a !== b) return { tick, here: a, there: b };
    }
  }

  #nextTick(index: number): number {
    return index + 1 < this.#length ? (this.#ticks[index + 1] ?? Infinity) : Infinity;
  }

  #held(index: number): string {
    return index < 0 ? 'x'.repeat(this.#width) : this.#valueOf(index);
  }

  #valueOf(index: number): string {
    const start = this.#starts[index] ?? 0;
    return valueText(
      this.#text,
      start,
      index + 1 < this.#length ? (this.#starts[index + 1] ?? start) : this.#textEnd,
      this.#width,
    );
  }

  /**
   * The window as at most about two entries a pixel: a pixel that holds more than two changes becomes a stretch (null),
   * and neighbouring stretches melt into one.
   */
  reduce(name: string, from: number, to: number, pixels: number): WaveRow {
    if (this.#event) return this.#reduceEvent(name, from, to, pixels);
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
        if ((last + 1 < this.#length ? (this.#ticks[last + 1] ?? Infinity) : Infinity) > pixelStart + 2 * span)
          push(this.#ticks[last] ?? tick, this.#valueOf(last));
        index = last + 1;
        continue;
      }
      push(tick, this.#valueOf(index));
      index += 1;
    }
    return row;
  }

  /** `1` wherever it happened in the window; several in one pixel become a stretch. */
  #reduceEvent(name: string, from: number, to: number, pixels: number): WaveRow {
    const ticks = [from];
    const values: (string | null)[] = ['0'];
    const span = Math.max((to - from) / pixels, Number.MIN_VALUE);
    const before = this.indexAt(from);
    for (let index = this.tickOf(before) === from ? before : before + 1; index < this.#length; index += 1) {
      const tick = this.#ticks[index] ?? Infinity;
      if (tick > to) break;
      const pixelEnd = from + (Math.floor((tick - from) / span) + 1) * span;
      const last = this.indexAt(Math.min(to, pixelEnd));
      if (last - index >= 2) {
        if (values.at(-1) !== null) {
          ticks.push(tick);
          values.push(null);
        }
        const next = this.#ticks[last + 1] ?? Infinity;
        if (last + 1 >= this.#length || next > pixelEnd + span) {
          ticks.push(this.#ticks[last] ?? tick);
          values.push('0');
        }
        index = last;
        continue;
      }
      ticks.push(tick);
      values.push('1');
    }
    return { name, ticks, values, event: true };
  }
}

function grown<T extends Float64Array | Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
