// Widths: a number at the parameters' defaults together with the expression that gives it for any parameters.
import { decimal, references, type Expr } from './ast.ts';

export interface Width {
  /** at the default parameters, from 1 to MAX_WIDTH */
  readonly bits: number;
  /** over parameters and numbers; an unsized literal when it depends on none */
  readonly expr: Expr;
}

export function fixedWidth(bits: number): Width {
  return { bits, expr: decimal(bits) };
}

/** True when the width is the same for all parameters. */
export function isFixed(width: Width): boolean {
  return width.expr.kind === 'literal';
}

/** A width from an expression that evaluates to `bits`; folded when it mentions no parameter. */
export function widthOf(bits: number, expr: Expr): Width {
  return references(expr).length > 0 ? { bits, expr } : fixedWidth(bits);
}

export function sumOfWidths(a: Width, b: Width): Width {
  return widthOf(a.bits + b.bits, { kind: 'binary', operator: '+', left: a.expr, right: b.expr });
}

export function timesWidth(count: Width, of: Width): Width {
  if (of.bits === 1 && isFixed(of)) return count;
  return widthOf(count.bits * of.bits, { kind: 'binary', operator: '*', left: count.expr, right: of.expr });
}

/** The larger at the default parameters; on a tie the one that follows the parameters. */
export function widerOf(a: Width, b: Width): Width {
  if (a.bits !== b.bits) return a.bits > b.bits ? a : b;
  return isFixed(a) ? b : a;
}
