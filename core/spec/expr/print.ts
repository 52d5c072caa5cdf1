// Writes an expression as SystemVerilog, with as few parentheses as a careful reader wants.
import type { Expr, Literal } from './ast.ts';
import { bindingPower } from './parser.ts';

/** Net names for pins; names stand for themselves. */
export type PinNames = (instance: string, port: string) => string;

const UNARY_POWER = 12;
const LEAF_POWER = 13;
/** Operators that may be chained without parentheses. */
const CHAINS: ReadonlySet<string> = new Set(['+', '&', '|', '^', '&&', '||', '*']);

export function printExpr(expr: Expr, pins: PinNames): string {
  return write(expr, pins).text;
}

/** `8'hff`, `4'b01xx`: in the literal's base. */
export function printLiteral(literal: Literal): string {
  const { size, value, bits, base } = literal;
  if (size === null && base === 'd') return String(value);
  const digits = value === null || base === 'b' ? bits : value.toString(base === 'h' ? 16 : base === 'o' ? 8 : 10);
  return `${size ?? ''}'${base}${base === 'h' && size !== null ? digits.padStart(Math.ceil(size / 4), '0') : digits}`;
}

interface Written {
  readonly text: string;
  readonly power: number;
}

function write(expr: Expr, pins: PinNames): Written {
  const inner = (part: Expr): string => write(part, pins).text;
  switch (expr.kind) {
    case 'literal':
      return leaf(printLiteral(expr));
    case 'name':
      return leaf(expr.name);
    case 'pin':
      return leaf(pins(expr.instance, expr.port));
    case 'bit':
      return leaf(`${inner(expr.of)}[${inner(expr.index)}]`);
    case 'part':
      return leaf(`${inner(expr.of)}[${inner(expr.msb)}:${inner(expr.lsb)}]`);
    case 'indexed':
      return leaf(`${inner(expr.of)}[${inner(expr.start)} ${expr.ascending ? '+:' : '-:'} ${inner(expr.width)}]`);
    case 'concat':
      return leaf(`{${expr.items.map(inner).join(', ')}}`);
    case 'replicate':
      return leaf(`{${atLeast(write(expr.count, pins), LEAF_POWER)}{${expr.items.map(inner).join(', ')}}}`);
    case 'clog2':
      return leaf(`$clog2(${inner(expr.operand)})`);
    case 'cast':
      return leaf(`${atLeast(write(expr.width, pins), LEAF_POWER)}'(${inner(expr.operand)})`);
    case 'unary': {
      // Yosys 0.23 reads ~8'(a) as (~8)'(a)
      const inside =
        expr.operand.kind === 'cast' ? `(${inner(expr.operand)})` : atLeast(write(expr.operand, pins), LEAF_POWER);
      return { text: `${expr.operator}${inside}`, power: UNARY_POWER };
    }
    case 'binary': {
      const power = bindingPower(expr.operator);
      const left =
        expr.left.kind === 'binary' && expr.left.operator === expr.operator && CHAINS.has(expr.operator)
          ? write(expr.left, pins).text
          : operand(expr.left, power, pins);
      return { text: `${left} ${expr.operator} ${operand(expr.right, power, pins)}`, power };
    }
    case 'ternary':
      return {
        text: `${atLeast(write(expr.condition, pins), UNARY_POWER)} ? ${atLeast(write(expr.whenTrue, pins), 1)} : ${inner(expr.whenFalse)}`,
        power: 0,
      };
  }
}

/**
 * Sums in comparisons and the like stand bare; everything whose precedence one might have to look up gets parentheses.
 */
function operand(expr: Expr, power: number, pins: PinNames): string {
  const written = write(expr, pins);
  const familiar =
    expr.kind === 'binary' && (power <= 2 ? written.power >= 6 : power <= 7 && power >= 6 && written.power === 9);
  return familiar || written.power >= LEAF_POWER || (written.power === UNARY_POWER && isPlainUnary(expr))
    ? written.text
    : `(${written.text})`;
}

/** `~a` and `!a` read well as operands; `a & &b` does not. */
function isPlainUnary(expr: Expr): boolean {
  return expr.kind === 'unary' && (expr.operator === '~' || expr.operator === '!');
}

function atLeast(written: Written, power: number): string {
  return written.power >= power ? written.text : `(${written.text})`;
}

function leaf(text: string): Written {
  return { text, power: LEAF_POWER };
}
