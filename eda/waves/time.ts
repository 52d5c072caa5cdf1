// Times of a waveform: ticks inside, values with a unit outside. Ticks are exact up to 2^53 (2.5 hours at 1 ps).
import type { TimeValue } from '@genrtl/contracts';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { Timescale } from './types.ts';

const POWER: Readonly<Record<string, number>> = { s: 0, ms: -3, us: -6, ns: -9, ps: -12, fs: -15 };

/**
 * `1 ns`, `10ps`; also what the standard does not know and tools write: `6666ps`, `1.25 ns`, `0.001fs` (SimVision).
 * Null when it is no time scale.
 */
export function parseTimescale(text: string): Timescale | null {
  const match = /^\s*(\d{1,9}(?:\.\d{1,6})?)\s*(s|ms|us|ns|ps|fs)\s*$/i.exec(text);
  const factor = Number(match?.[1] ?? 0);
  return match !== null && factor > 0 ? { factor, unit: (match[2] ?? '').toLowerCase() as Timescale['unit'] } : null;
}

/** "125 ns", "125ns", "1.5us"; a number without a unit counts in `unit`. Null when it is no time. */
export function parseTime(text: string, unit = 'ns'): TimeValue | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(s|ms|us|ns|ps|fs)?\s*$/.exec(text);
  return match ? { value: match[1] ?? '', unit: match[2] ?? unit } : null;
}

/** The factor as a whole number over a power of ten: 1.25 → 125, 2. */
function fractionOf(factor: number): { whole: bigint; digits: number } {
  if (Number.isInteger(factor)) return { whole: BigInt(factor), digits: 0 };
  // at most so many digits stand in a time scale and in a fractional time stamp together
  const text = factor.toFixed(MAX_FACTOR_DIGITS).replace(/0+$/, '');
  const digits = text.length - text.indexOf('.') - 1;
  return { whole: BigInt(text.replace('.', '')), digits };
}
const MAX_FACTOR_DIGITS = 12;

export function ticksToTime(ticks: number, scale: Timescale): TimeValue {
  const exact = ticks * scale.factor;
  if (Number.isSafeInteger(exact) && Number.isInteger(scale.factor)) return { value: String(exact), unit: scale.unit };
  const { whole, digits } = fractionOf(scale.factor);
  const amount = (BigInt(Math.round(ticks)) * whole).toString().padStart(digits + 1, '0');
  const point = amount.length - digits;
  const fraction = amount.slice(point).replace(/0+$/, '');
  return {
    value: fraction === '' ? amount.slice(0, point) : `${amount.slice(0, point)}.${fraction}`,
    unit: scale.unit,
  };
}

/** Rounds down to a tick; computed on digits, since a float cannot hold 0.1 ns in ps. */
export function timeToTicks(time: TimeValue, scale: Timescale): number {
  const power = POWER[time.unit];
  const match = /^(\d+)(?:\.(\d+))?$/.exec(time.value.trim());
  if (power === undefined || match === null)
    throw new GenrtlError('USAGE', `"${time.value} ${time.unit}" is no time.`, {
      hint: 'Give a number and one of s, ms, us, ns, ps, fs.',
    });
  const { whole, digits: factorDigits } = fractionOf(scale.factor);
  const fraction = match[2] ?? '';
  const digits = BigInt((match[1] ?? '0') + fraction);
  const exponent = power - (POWER[scale.unit] ?? 0) - fraction.length + factorDigits;
  const units = exponent >= 0 ? digits * 10n ** BigInt(exponent) : digits / 10n ** BigInt(-exponent);
  return Number(units / whole);
}
