// The declarations of a VCD file (IEEE 1800-2017 clause 21.7): time scale, scopes, variables.
import { GenrtlError } from '@genrtl/contracts';
import { parseTimescale } from './time.ts';
import type { Timescale, WaveSignal } from './types.ts';

export interface VcdHeader {
  readonly timescale: Timescale;
  readonly signals: readonly WaveSignal[];
  /** variable index by identifier code */
  readonly codes: ReadonlyMap<string, number>;
  readonly widths: readonly number[];
}

const MAX_SIGNALS = 4_000_000;
/** Sixteen times what the standard asks of a tool at least; a value is a string of so many characters. */
const MAX_WIDTH = 1 << 20;

/** `text` ends at `$enddefinitions $end`. Throws USAGE when it is no VCD. */
export function parseVcdHeader(text: string): VcdHeader {
  let timescale: Timescale = { factor: 1, unit: 'ns' };
  const signals: WaveSignal[] = [];
  const codes = new Map<string, number>();
  const widths: number[] = [];
  const scopes: string[] = [];
  const words = wordsOf(text);
  for (let word = words.next(); word !== null; word = words.next()) {
    if (word === '$scope') {
      words.next();
      scopes.push(words.next() ?? '');
      words.skipToEnd();
    } else if (word === '$upscope') {
      scopes.pop();
      words.skipToEnd();
    } else if (word === '$timescale') {
      timescale = parseTimescale(words.textToEnd()) ?? timescale;
    } else if (word === '$var') {
      const [type = 'wire', size = '1', code = '', name = '', ...range] = words.textToEnd().trim().split(/\s+/);
      const width = Math.max(1, Number.parseInt(size, 10) || 1);
      if (width > MAX_WIDTH)
        throw new GenrtlError('USAGE', `The waveform declares a signal of more than ${MAX_WIDTH} bits.`);
      let variable = codes.get(code);
      if (variable === undefined) {
        variable = widths.length;
        codes.set(code, variable);
        widths.push(width);
      }
      if (signals.length >= MAX_SIGNALS) throw new GenrtlError('USAGE', 'The waveform declares too many signals.');
      signals.push({ name: [...scopes, signalName(name, range.join(''))].join('.'), width, type, variable });
    } else if (word.startsWith('$') && word !== '$enddefinitions') {
      words.skipToEnd();
    }
  }
  return { timescale, signals, codes, widths };
}

/** The range of a whole vector is no part of its name; that of a single bit (`mem[3]`) is. */
function signalName(name: string, range: string): string {
  return range === '' || range.includes(':') ? name.replace(/\[\d+:\d+\]$/, '') : `${name}${range}`;
}

function wordsOf(text: string): { next(): string | null; textToEnd(): string; skipToEnd(): void } {
  let at = 0;
  const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
  const next = (): string | null => {
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    const start = at;
    while (at < text.length && !isSpace(text.charCodeAt(at))) at++;
    return start === at ? null : text.slice(start, at);
  };
  const textToEnd = (): string => {
    const end = text.indexOf('$end', at);
    const part = text.slice(at, end === -1 ? text.length : end);
    at = end === -1 ? text.length : end + 4;
    return part;
  };
  return {
    next,
    textToEnd,
    skipToEnd: () => {
      textToEnd();
    },
  };
}
