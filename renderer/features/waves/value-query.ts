// What a person types to find a value: `a5` in the row's own radix, `8'hA5`, `0x1f`, `!= 0`, `>= 12`. Pure.
import type { WaveCondition } from '@genrtl/contracts/waves.ts';
import type { Radix } from './radix.ts';

const OPS: readonly (readonly [RegExp, WaveCondition['op']])[] = [
  [/^(!=|≠)/, 'ne'],
  [/^(<=|≤)/, 'le'],
  [/^(>=|≥)/, 'ge'],
  [/^</, 'lt'],
  [/^>/, 'gt'],
  [/^==?/, 'eq'],
];
const BITS: Readonly<Record<string, number>> = { b: 1, o: 3, h: 4 };
const BASE_OF: Readonly<Record<Radix, string>> = {
  hex: 'h',
  unsigned: 'd',
  signed: 'd',
  binary: 'b',
  octal: 'o',
  ascii: 'a',
  names: 'h',
};

/** Null for what is no value of a signal of `width` bits. */
export function parseCondition(text: string, radix: Radix, width: number): WaveCondition | null {
  const typed = text.trim();
  const found = OPS.find(([pattern]) => pattern.test(typed));
  const value = found === undefined ? typed : typed.replace(found[0], '').trim();
  const bits = bitsOf(value, BASE_OF[radix], width);
  return bits === null ? null : { op: found?.[1] ?? 'eq', bits };
}

function bitsOf(value: string, ownBase: string, width: number): string | null {
  const literal = /^\d*'s?([bodh])([\da-fxz_?]+)$/i.exec(value);
  const prefixed = /^0([xbo])([\da-f_]+)$/i.exec(value);
  const base = (literal?.[1] ?? prefixed?.[1]?.replace(/x/i, 'h') ?? ownBase).toLowerCase();
  const digits = (literal?.[2] ?? prefixed?.[2] ?? value).replaceAll('_', '').toLowerCase();
  const bits = base === 'a' ? asciiBits(value) : base === 'd' ? decimalBits(digits, width) : digitBits(digits, base);
  if (bits === null) return null;
  const short = bits.replace(/^0+(?=.)/, '');
  // one x or z alone means all of them, as in Verilog
  if (/^[xz]$/.test(short)) return short.repeat(width);
  return short.length > width ? null : short;
}

function digitBits(digits: string, base: string): string | null {
  const each = BITS[base] ?? 4;
  let bits = '';
  for (const digit of digits) {
    if (digit === 'x' || digit === 'z') {
      bits += digit.repeat(digits.length === 1 ? 1 : each);
      continue;
    }
    const number = Number.parseInt(digit, 2 ** each);
    if (Number.isNaN(number)) return null;
    bits += number.toString(2).padStart(each, '0');
  }
  return bits === '' ? null : bits;
}

function decimalBits(digits: string, width: number): string | null {
  if (/^[xz]$/.test(digits)) return digits;
  if (!/^-?\d{1,400}$/.test(digits)) return null;
  const number = BigInt(digits);
  if (number >= 0n) return number.toString(2);
  return -number > 2n ** BigInt(width - 1) ? null : (2n ** BigInt(width) + number).toString(2);
}

function asciiBits(text: string): string | null {
  if (text === '') return null;
  return [...text].map((letter) => (letter.codePointAt(0) ?? 0).toString(2).padStart(8, '0')).join('');
}
