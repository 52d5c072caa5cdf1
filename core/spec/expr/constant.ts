// Evaluates constant expressions (widths, parameter values, reset values) as integers of any size.
import { references, type Binary, type Expr, type Unary } from './ast.ts';
import { MAX_WIDTH } from './literal.ts';

/** Values of parameters by name; undefined for a name that is no parameter. */
export type ParameterValues = (name: string) => bigint | undefined;

/**
 * The integer that a constant expression has; undefined when it is no constant, divides by zero or grows beyond
 * MAX_WIDTH bits.
 */
export function evaluate(expr: Expr, values: ParameterValues): bigint | undefined {
  const value = compute(expr, values);
  return value === undefined || bitLength(value) > MAX_WIDTH ? undefined : value;
}

/** True when nothing but literals and parameters occurs. */
export function isConstant(expr: Expr, isParameter: (name: string) => boolean): boolean {
  return references(expr).every((reference) => reference.kind === 'name' && isParameter(reference.name));
}

/** Bits that the magnitude of a value takes; 0 and 1 take one. */
export function bitLength(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  return magnitude.toString(2).length;
}

/** IEEE 1364-2005 §17.11.1: the ceiling of the base-2 logarithm, 0 for 0 and 1. */
export function clog2(value: bigint): bigint {
  return value <= 1n ? 0n : BigInt(bitLength(value - 1n));
}

function compute(expr: Expr, values: ParameterValues): bigint | undefined {
  const inner = (part: Expr): bigint | undefined => evaluate(part, values);
  switch (expr.kind) {
    case 'literal':
      return expr.value ?? undefined;
    case 'name':
      return values(expr.name);
    case 'unary':
      return unary(expr, inner);
    case 'binary':
      return binary(expr, inner);
    case 'ternary': {
      const condition = inner(expr.condition);
      return condition === undefined ? undefined : inner(condition === 0n ? expr.whenFalse : expr.whenTrue);
    }
    case 'clog2': {
      const value = inner(expr.operand);
      return value === undefined || value < 0n ? undefined : clog2(value);
    }
    case 'bit':
      return slice(inner(expr.of), inner(expr.index), 1n);
    case 'part': {
      const [msb, lsb] = [inner(expr.msb), inner(expr.lsb)];
      return msb === undefined || lsb === undefined ? undefined : slice(inner(expr.of), lsb, msb - lsb + 1n);
    }
    case 'indexed': {
      const [start, width] = [inner(expr.start), inner(expr.width)];
      if (start === undefined || width === undefined) return undefined;
      return slice(inner(expr.of), expr.ascending ? start : start - width + 1n, width);
    }
    case 'concat':
      return joined(expr.items, 1n);
    case 'replicate':
      return joined(expr.items, inner(expr.count));
    case 'cast':
    case 'pin':
      return undefined;
  }
}

function unary({ operator, operand }: Unary, inner: (part: Expr) => bigint | undefined): bigint | undefined {
  const value = inner(operand);
  if (value === undefined) return undefined;
  switch (operator) {
    case '+':
      return value;
    case '-':
      return -value;
    case '~':
      return sizedComplement(operand, value);
    case '!':
      return truth(value === 0n);
    case '|':
      return truth(value !== 0n);
    case '~|':
      return truth(value === 0n);
    // the other reductions depend on a width that a bare integer does not have
    default:
      return undefined;
  }
}

function sizedComplement(operand: Expr, value: bigint): bigint {
  return operand.kind === 'literal' && operand.size !== null ? (1n << BigInt(operand.size)) - 1n - value : ~value;
}

function binary({ operator, left, right }: Binary, inner: (part: Expr) => bigint | undefined): bigint | undefined {
  const [a, b] = [inner(left), inner(right)];
  if (a === undefined || b === undefined) return undefined;
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? undefined : a / b;
    case '%':
      return b === 0n ? undefined : a % b;
    case '**':
      return power(a, b);
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '~^':
      return ~(a ^ b);
    case '<<':
    case '<<<':
      return b < 0n || b > MAX_WIDTH ? undefined : a << b;
    case '>>':
    case '>>>':
      return b < 0n || a < 0n ? undefined : a >> (b > MAX_WIDTH ? BigInt(MAX_WIDTH) : b);
    case '&&':
      return truth(a !== 0n && b !== 0n);
    case '||':
      return truth(a !== 0n || b !== 0n);
    case '==':
    case '===':
      return truth(a === b);
    case '!=':
    case '!==':
      return truth(a !== b);
    case '<':
      return truth(a < b);
    case '<=':
      return truth(a <= b);
    case '>':
      return truth(a > b);
    case '>=':
      return truth(a >= b);
  }
}

/** Exponents that would fill memory are no constants. */
function power(base: bigint, exponent: bigint): bigint | undefined {
  if (exponent < 0n)
    return base === 1n ? 1n : base === -1n ? (exponent % 2n === 0n ? 1n : -1n) : base === 0n ? undefined : 0n;
  if (base >= -1n && base <= 1n) return exponent === 0n ? 1n : base === -1n && exponent % 2n === 0n ? 1n : base;
  return exponent * BigInt(bitLength(base)) > 2n * BigInt(MAX_WIDTH) ? undefined : base ** exponent;
}

function slice(value: bigint | undefined, lsb: bigint | undefined, width: bigint): bigint | undefined {
  if (value === undefined || lsb === undefined || lsb < 0n || width < 1n || lsb > MAX_WIDTH || width > MAX_WIDTH)
    return undefined;
  return (value >> lsb) & ((1n << width) - 1n);
}

/** Concatenations are constants here only when made of sized literals. */
function joined(items: readonly Expr[], count: bigint | undefined): bigint | undefined {
  if (count === undefined || count < 1n || count > MAX_WIDTH) return undefined;
  let bits = '';
  for (const item of items) {
    if (item.kind !== 'literal' || item.size === null || item.value === null) return undefined;
    bits += item.bits;
  }
  return BigInt(bits.length) * count > MAX_WIDTH ? undefined : BigInt(`0b${bits.repeat(Number(count))}`);
}

function truth(condition: boolean): bigint {
  return condition ? 1n : 0n;
}
