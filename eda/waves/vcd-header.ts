// The declarations of a VCD file (IEEE 1800-2017 clauses 21.7.2 and 21.7.4): time scale, scopes, variables. Read piece
// by piece, so that a header of many megabytes costs its own length once.
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { WaveNote } from '@genrtl/contracts/waves.ts';
import { parseTimescale } from './time.ts';
import type { Timescale, WaveSignal } from './types.ts';

export interface VcdHeader {
  readonly timescale: Timescale;
  readonly signals: readonly WaveSignal[];
  /** variable index by identifier code */
  readonly codes: ReadonlyMap<string, number>;
  readonly widths: readonly number[];
  /**
   * negative numbers of variables that are put together from others, most significant part first: ModelSim and Questa
   * dump VHDL's vectors bit by bit
   */
  readonly vectors: ReadonlyMap<number, readonly number[]>;
  /** variables whose every change counts, also to the same value */
  readonly events: ReadonlySet<number>;
  readonly notes: readonly WaveNote[];
}

const MAX_SIGNALS = 4_000_000;
/** Sixteen times what the standard asks of a tool at least; a value is a string of so many characters. */
const MAX_WIDTH = 1 << 20;
/** Sections of the body; one of them, or a time, ends a header that lacks its `$enddefinitions`. */
const BODY = /^(?:\$dump(?:vars|all|on|off|ports|portsall|portson|portsoff)|#\d.*)$/;
/** Text and numbers need room in a row of the viewer, whatever size the tool declared. */
const TEXT_WIDTH: Readonly<Record<string, number>> = { string: 8, real: 64, realtime: 64, real_parameter: 64 };

/** A variable as declared, before parts of one vector are found. */
interface Declared {
  readonly name: string;
  readonly signal: WaveSignal;
  /** bounds of the range that the name carried; null without */
  readonly range: readonly [number, number] | null;
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

export class VcdHeaderReader {
  #rest = '';
  /** bytes before `#rest` */
  #consumed = 0;
  #timescale: Timescale | null = null;
  readonly #notes: WaveNote[] = [];
  readonly #scopes: string[] = [];
  readonly #codes = new Map<string, number>();
  readonly #widths: number[] = [];
  readonly #vectors = new Map<number, readonly number[]>();
  readonly #events = new Set<number>();
  readonly #signals: WaveSignal[] = [];
  #run: Declared[] = [];

  /** Characters that are one byte each. Returns where the body begins once the declarations are complete, else null. */
  push(latin1: string): number | null {
    const text = this.#rest + latin1;
    let at = this.#consumed === 0 && text.startsWith('\xef\xbb\xbf') ? 3 : 0;
    for (;;) {
      while (at < text.length && isSpace(text.charCodeAt(at))) at++;
      let end = at;
      while (end < text.length && !isSpace(text.charCodeAt(end))) end++;
      const word = text.slice(at, end);
      if (end >= text.length) return this.#keep(text, at);
      if (this.#widths.length > 0 && BODY.test(word)) return this.#consumed + at;
      if (!word.startsWith('$') || word === '$end') {
        at = end;
        continue;
      }
      const close = endOfSection(text, end);
      if (close === -1) return this.#keep(text, at);
      const next = restart(word, text, end, close);
      this.#section(word, text.slice(end, next ?? close));
      at = next ?? close + 4;
      if (word === '$enddefinitions') return this.#consumed + at;
    }
  }

  /** Call once, after `push` returned a place. */
  header(): VcdHeader {
    this.#flushRun();
    if (this.#timescale === null && !this.#notes.some(({ code }) => code === 'timescale_unknown'))
      this.#notes.push({ code: 'timescale_missing' });
    return {
      timescale: this.#timescale ?? { factor: 1, unit: 'ns' },
      signals: this.#signals,
      codes: this.#codes,
      widths: this.#widths,
      vectors: this.#vectors,
      events: this.#events,
      notes: this.#notes,
    };
  }

  #keep(text: string, from: number): null {
    this.#consumed += from;
    this.#rest = text.slice(from);
    return null;
  }

  #section(word: string, text: string): void {
    switch (word) {
      case '$scope':
        // probe software writes scopes without a name
        this.#scopes.push(decoded(text.trim().replace(/^\S+\s*/, '')));
        break;
      case '$upscope':
        this.#scopes.pop();
        break;
      case '$timescale':
        this.#timescale = parseTimescale(text);
        if (this.#timescale === null) this.#notes.push({ code: 'timescale_unknown', detail: text.trim().slice(0, 40) });
        break;
      case '$var':
        this.#variable(text);
        break;
      default:
        break;
    }
  }

  /** `wire 4 ! q [3:0]`; in dumps of ports `port [3:0] <0 q`. */
  #variable(text: string): void {
    const match = /^\s*(\S+)\s+(\S+|\[[^\]]*\])\s+(\S+)\s*([^]*)$/.exec(text);
    if (match === null) return;
    const [, type = 'wire', size = '1', code = '', rest = ''] = match;
    const declared = Math.max(sizeOf(size), 1);
    const width = Math.max(declared, TEXT_WIDTH[type] ?? 1);
    if (width > MAX_WIDTH)
      throw new GenrtlError('USAGE', `The waveform declares a signal of more than ${MAX_WIDTH} bits.`);
    let variable = this.#codes.get(code);
    if (variable === undefined) {
      variable = this.#widths.length;
      this.#codes.set(code, variable);
      this.#widths.push(width);
    }
    if (type === 'event') this.#events.add(variable);
    if (this.#signals.length + this.#run.length >= MAX_SIGNALS)
      throw new GenrtlError('USAGE', 'The waveform declares too many signals.');
    const { name, range, index } = splitName(decoded(rest.trim()));
    const path = [...this.#scopes.filter((scope) => scope !== ''), name].join('.');
    const signal = { name: index === null ? path : `${path}${index}`, width, type, variable };
    this.#joinRun({ name: path, signal, range: width === declared ? range : null });
  }

  /** Parts of one vector stand one behind the other, with ranges that go on where the last one ended. */
  #joinRun(next: Declared): void {
    const last = this.#run.at(-1);
    const goesOn =
      last?.range != null &&
      next.range !== null &&
      last.name === next.name &&
      last.signal.variable !== next.signal.variable &&
      spans(next) &&
      step(last.range, next.range) !== 0 &&
      (this.#run.length < 2 ||
        step(this.#run[0]?.range ?? [0, 0], this.#run[1]?.range ?? [0, 0]) === step(last.range, next.range));
    if (!goesOn) this.#flushRun();
    if (next.range !== null && spans(next)) this.#run.push(next);
    else this.#signals.push(next.signal);
  }

  #flushRun(): void {
    const run = this.#run;
    this.#run = [];
    const [first] = run;
    if (first === undefined) return;
    if (run.length > 1) {
      const variable = -1 - this.#vectors.size;
      this.#vectors.set(
        variable,
        run.map(({ signal }) => signal.variable),
      );
      const width = run.reduce((sum, { signal }) => sum + signal.width, 0);
      this.#signals.push({ name: first.name, width, type: first.signal.type, variable });
    }
    // parts of several bits keep their range, or they would bear the vector's name
    for (const { name, signal, range } of run)
      this.#signals.push(
        run.length > 1 && range !== null && range[0] !== range[1]
          ? { ...signal, name: `${name}[${range[0]}:${range[1]}]` }
          : signal,
      );
  }
}

/** The range covers exactly the declared width. */
const spans = ({ range, signal }: Declared): boolean =>
  range !== null && Math.abs(range[0] - range[1]) + 1 === signal.width;

/** -1 when `next` goes on downwards from `last`, 1 upwards, 0 when it does neither. */
function step(last: readonly [number, number], next: readonly [number, number]): number {
  const down = last[0] >= last[1] && next[0] >= next[1] && next[0] === last[1] - 1;
  const up = last[0] <= last[1] && next[0] <= next[1] && next[0] === last[1] + 1;
  return down ? -1 : up ? 1 : 0;
}

/**
 * The range of a whole vector is no part of its name (`q [3:-4]`, `q[7:0]`, in VHDL `q(7 downto 0)`); the index of a single
 * element is (`mem[3]`). Names may hold blanks (VHDL's extended identifiers).
 */
function splitName(text: string): { name: string; index: string | null; range: readonly [number, number] | null } {
  const match =
    /\s*\[\s*(-?\d+)\s*(?::\s*(-?\d+)\s*)?\]$/.exec(text) ??
    /\s*\(\s*(-?\d+)\s*(?:(?:downto|to|:)\s*(-?\d+)\s*)?\)$/i.exec(text);
  if (match === null || match.index === 0) return { name: text, index: null, range: null };
  const left = Number(match[1]);
  const right = Number(match[2] ?? match[1]);
  return {
    name: text.slice(0, match.index),
    index: match[2] !== undefined ? null : text.endsWith(')') ? `(${left})` : `[${left}]`,
    range: [left, right],
  };
}

/** `4`, or in dumps of ports `[3:0]`. */
function sizeOf(text: string): number {
  const range = /^\[\s*(-?\d+)\s*:\s*(-?\d+)\s*\]$/.exec(text);
  return range === null ? Number.parseInt(text, 10) || 1 : Math.abs(Number(range[1]) - Number(range[2])) + 1;
}

/** Where `$end` stands as a word of its own at or after `from`, -1 when it does not yet; `$` is a letter of names. */
function endOfSection(text: string, from: number): number {
  for (let at = text.indexOf('$end', from); at !== -1; at = text.indexOf('$end', at + 4)) {
    if (isSpace(text.charCodeAt(at - 1)) && at + 4 < text.length && isSpace(text.charCodeAt(at + 4))) return at;
  }
  return -1;
}

/** Where the next declaration begins inside one whose `$end` is missing. */
function restart(word: string, text: string, from: number, close: number): number | null {
  if (word !== '$var' && word !== '$scope') return null;
  const match = /\s\$(?:var|scope|upscope|enddefinitions)\s/.exec(text.slice(from, close));
  return match === null ? null : from + match.index + 1;
}

/** Names are UTF-8 where they are not ASCII. */
function decoded(latin1: string): string {
  // oxlint-disable-next-line no-control-regex -- everything beyond ASCII is meant
  return /[^\x00-\x7f]/.test(latin1) ? Buffer.from(latin1, 'latin1').toString('utf8') : latin1;
}
