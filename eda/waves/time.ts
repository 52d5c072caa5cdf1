// Times of a waveform: ticks inside, values with a unit outside. Ticks are exact up to 2^53 (2.5 hours at 1 ps).
import type { TimeValue } from '@genrtl/contracts';
import { GenrtlError } from '@genrtl/contracts';
import type { Timescale } from './types.ts';

const POWER: Readonly<Record<string, number>> = { s: 0, ms: -3, us: -6, ns: -9, ps: -12, fs: -15 };

export function parseTimescale(text: string): Timescale | null {
  const match = /^\s*(1|10|100)\s*(s|ms|us|ns|ps|fs)\s*$/.exec(text);
  return match ? { factor: Number(match[1]), unit: match[2] as Timescale['unit'] } : null;
}

/** "125 ns", "125ns", "1.5us"; a number without a unit counts in `unit`. Null when it is no time. */
export function parseTime(text: string, unit = 'ns'): TimeValue | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(s|ms|us|ns|ps|fs)?\s*$/.exec(text);
  return match ? { value: match[1] ?? '', unit: match[2] ?? unit } : null;
}

export function ticksToTime(ticks: number, scale: Timescale): TimeValue {
  return { value: String(ticks * scale.factor), unit: scale.unit };
}

/** Rounds down to a tick; computed on digits, since a float cannot hold 0.1 ns in ps. */
export function timeToTicks(time: TimeValue, scale: Timescale): number {
  const power = POWER[time.unit];
  const match = /^(\d+)(?:\.(\d+))?$/.exec(time.value.trim());
  if (power === undefined || match === null)
    throw new GenrtlError('USAGE', `"${time.value} ${time.unit}" is no time.`, {
      hint: 'Give a number and one of s, ms, us, ns, ps, fs.',
    });
  const shift = power - (POWER[scale.unit] ?? 0);
  const fraction = match[2] ?? '';
  const digits = BigInt((match[1] ?? '0') + fraction);
  const exponent = shift - fraction.length;
  const units = exponent >= 0 ? digits * 10n ** BigInt(exponent) : digits / 10n ** BigInt(-exponent);
  return Number(units / BigInt(scale.factor));
}
