// Reads Verilog integer literals: `12`, `8'hF_F`, `'b1x`, `4 'd 9`. Signed ones are refused: expressions are unsigned.
import type { Literal } from './ast.ts';

/** IEEE 1364-2005 §3.5.1 asks tools for at least 2^16 bits; more is a mistake or an attack. */
export const MAX_WIDTH = 65536;
const MAX_DIGITS = 20_000;

/** A literal with the index after it, or what is wrong with it. */
export type LiteralScan = { readonly literal: Literal; readonly end: number } | SyntaxFault;

/** Why a text is no expression; `SPEC_WIDTH` when a literal does not fit its own size, else `SPEC_TABLE`. */
export interface SyntaxFault {
  readonly error: string;
  readonly code?: 'SPEC_WIDTH';
}

/** Scans a literal at `at`, where a digit or an apostrophe stands. */
export function scanLiteral(text: string, at: number): LiteralScan {
  const sizeEnd = runOf(text, at, isDecimalDigit);
  const sizeDigits = text.slice(at, sizeEnd).replaceAll('_', '');
  if (sizeDigits.length > MAX_DIGITS) return { error: 'the literal is too long' };
  const quote = skipSpace(text, sizeEnd);
  if (text[quote] !== "'") {
    const next = text[sizeEnd];
    if (next === '.' || (next !== undefined && /[A-Za-z_$]/.test(next)))
      return { error: `malformed number ${text.slice(at, sizeEnd + 1)}` };
    const value = BigInt(sizeDigits);
    return { literal: { kind: 'literal', size: null, base: 'd', bits: value.toString(2), value }, end: sizeEnd };
  }
  let cursor = quote + 1;
  const mark = text[cursor]?.toLowerCase();
  if (mark === 's') return { error: 'signed literals are not supported, expressions are unsigned' };
  if (mark !== 'b' && mark !== 'o' && mark !== 'd' && mark !== 'h') return fillLiteral(text, cursor, sizeDigits);
  cursor = skipSpace(text, cursor + 1);
  const end = runOf(text, cursor, isAnyDigit);
  const digits = text.slice(cursor, end).replaceAll('_', '').toLowerCase();
  if (digits === '') return { error: `the literal ${text.slice(at, end)} has no digits` };
  if (digits.length > MAX_DIGITS) return { error: 'the literal is too long' };
  const size = sizeDigits === '' ? null : Number(sizeDigits);
  if (size !== null && (size < 1 || size > MAX_WIDTH))
    return { error: `a literal has 1 to ${MAX_WIDTH} bits, not ${sizeDigits}` };
  const bits = digitsToBits(mark, digits);
  return bits === undefined
    ? { error: `${digits} is no number of base ${mark}` }
    : finish(size, mark, bits, text.slice(at, end), end);
}

/** SystemVerilog's `'0` is Verilog's unsized 0; the other fill literals have no Verilog-2005 form. */
function fillLiteral(text: string, cursor: number, sizeDigits: string): LiteralScan {
  if (sizeDigits === '' && text[cursor] === '0' && !isAnyDigit(text[cursor + 1] ?? '')) {
    return { literal: { kind: 'literal', size: null, base: 'd', bits: '0', value: 0n }, end: cursor + 1 };
  }
  return { error: "after ' a literal needs b, o, d or h and its digits" };
}

function finish(size: number | null, base: Literal['base'], bits: string, source: string, end: number): LiteralScan {
  const significant = bits.replace(/^0+(?=.)/, '');
  if (size === null) return { literal: literalOf(null, base, significant), end };
  if (significant.length > size && !(significant.length === bits.length && /^[xz]/.test(bits) && isFill(bits, size))) {
    return { error: `${source} needs ${significant.length} bits, more than its size`, code: 'SPEC_WIDTH' };
  }
  const first = bits[0] ?? '0';
  const fill = first === 'x' || first === 'z' ? first : '0';
  return { literal: literalOf(size, base, significant.slice(-size).padStart(size, fill)), end };
}

/** `2'hx` writes four x for two bits: the surplus ones carry nothing. */
function isFill(bits: string, size: number): boolean {
  const surplus = bits.slice(0, bits.length - size);
  return surplus === (bits[0] ?? '').repeat(surplus.length);
}

/** x and z are kept bit by bit, so such a literal is a binary one from here on. */
function literalOf(size: number | null, base: Literal['base'], bits: string): Literal {
  if (/[xz]/.test(bits)) return { kind: 'literal', size, base: 'b', bits, value: null };
  return { kind: 'literal', size, base, bits, value: BigInt(`0b${bits}`) };
}

function digitsToBits(base: Literal['base'], digits: string): string | undefined {
  if (base === 'd') {
    if (digits === 'x' || digits === 'z' || digits === '?') return digits === 'x' ? 'x' : 'z';
    return /^[0-9]+$/.test(digits) ? BigInt(digits).toString(2) : undefined;
  }
  const width = base === 'b' ? 1 : base === 'o' ? 3 : 4;
  let bits = '';
  for (const digit of digits) {
    if (digit === 'x' || digit === 'z' || digit === '?') bits += (digit === 'x' ? 'x' : 'z').repeat(width);
    else {
      const value = Number.parseInt(digit, 16);
      if (value >= 2 ** width) return undefined;
      bits += value.toString(2).padStart(width, '0');
    }
  }
  return bits;
}

function runOf(text: string, from: number, accepts: (character: string) => boolean): number {
  let at = from;
  while (at < text.length && accepts(text[at] ?? '')) at += 1;
  return at;
}

export function skipSpace(text: string, from: number): number {
  return runOf(text, from, (character) => character === ' ' || character === '\t' || character === '\u00a0');
}

function isDecimalDigit(character: string): boolean {
  return (character >= '0' && character <= '9') || character === '_';
}

function isAnyDigit(character: string): boolean {
  return /^[0-9a-fA-FxXzZ?_]$/.test(character);
}
