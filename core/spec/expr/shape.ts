// Width inference by the rules of IEEE 1364-2005 §5.4 and §5.5, with one change that specs make:
// unsized constants have no width of their own and take that of their context.
import { decimal, type Expr, type Reference } from './ast.ts';
import { evaluate, isConstant } from './constant.ts';
import { MAX_WIDTH } from './literal.ts';
import { fixedWidth, sumOfWidths, timesWidth, widerOf, widthOf, type Width } from './width.ts';

/**
 * `flexible`: built from unsized constants only, takes the width of its context. `unknown`: a fault that is reported
 * already.
 */
export type Shape =
  | { readonly kind: 'sized'; readonly width: Width }
  | { readonly kind: 'flexible' }
  | { readonly kind: 'unknown' };

/** What the names of an expression stand for; every name was found to exist before. */
export interface Scope {
  /** undefined when the name is no parameter; `width` is null for parameters with an unsized default */
  parameter(name: string): { readonly value: bigint | null; readonly width: Width | null } | undefined;
  /** null when the width is not known because of an earlier fault */
  width(reference: Reference): Width | null;
}

export type WidthFault = (message: string) => void;

const FLEXIBLE: Shape = { kind: 'flexible' };
const UNKNOWN: Shape = { kind: 'unknown' };
const BIT: Shape = { kind: 'sized', width: fixedWidth(1) };

/** Infers and remembers the shapes of one expression's nodes; every fault is told once. */
export class Shapes {
  readonly #scope: Scope;
  readonly #fault: WidthFault;
  readonly #known = new Map<Expr, Shape>();

  constructor(scope: Scope, fault: WidthFault) {
    this.#scope = scope;
    this.#fault = fault;
  }

  of(expr: Expr): Shape {
    let shape = this.#known.get(expr);
    if (!shape) {
      shape = this.#infer(expr);
      this.#known.set(expr, shape);
    }
    return shape;
  }

  isConstant(expr: Expr): boolean {
    return isConstant(expr, (name) => this.#scope.parameter(name) !== undefined);
  }

  /** At the default parameters. */
  value(expr: Expr): bigint | undefined {
    return evaluate(expr, (name) => this.#scope.parameter(name)?.value ?? undefined);
  }

  #infer(expr: Expr): Shape {
    switch (expr.kind) {
      case 'literal':
        return expr.size === null ? FLEXIBLE : sized(fixedWidth(expr.size));
      case 'name':
      case 'pin':
        return this.#reference(expr);
      case 'bit':
      case 'part':
      case 'indexed':
        return this.#select(expr);
      case 'unary': {
        const operand = this.of(expr.operand);
        if (expr.operator === '+' || expr.operator === '-' || expr.operator === '~') return operand;
        return operand.kind === 'unknown'
          ? UNKNOWN
          : expr.operator === '!'
            ? BIT
            : this.#ownWidth(expr.operand)
              ? BIT
              : UNKNOWN;
      }
      case 'binary':
        return this.#binary(expr.operator, expr.left, expr.right);
      case 'ternary': {
        const condition = this.of(expr.condition);
        const branches = widest(this.of(expr.whenTrue), this.of(expr.whenFalse));
        return condition.kind === 'unknown' ? UNKNOWN : branches;
      }
      case 'concat':
        return this.#concat(expr.items);
      case 'replicate':
        return this.#replicate(expr.count, expr.items);
      case 'clog2':
        if (this.isConstant(expr.operand)) return FLEXIBLE;
        this.#fault('$clog2 takes constants and parameters only');
        return UNKNOWN;
      case 'cast':
        return this.of(expr.operand);
    }
  }

  #reference(reference: Reference): Shape {
    const parameter = reference.kind === 'name' ? this.#scope.parameter(reference.name) : undefined;
    if (parameter) return parameter.width ? sized(parameter.width) : FLEXIBLE;
    const width = this.#scope.width(reference);
    return width ? sized(width) : UNKNOWN;
  }

  #binary(operator: string, left: Expr, right: Expr): Shape {
    const [a, b] = [this.of(left), this.of(right)];
    if (a.kind === 'unknown' || b.kind === 'unknown') return UNKNOWN;
    switch (operator) {
      case '<<':
      case '>>':
      case '<<<':
      case '>>>':
      case '**':
        return a;
      case '&&':
      case '||':
      case '==':
      case '!=':
      case '===':
      case '!==':
      case '<':
      case '<=':
      case '>':
      case '>=':
        return BIT;
      default:
        return widest(a, b);
    }
  }

  #concat(items: readonly Expr[]): Shape {
    let total: Width | undefined;
    for (const item of items) {
      const width = this.#ownWidth(item);
      if (!width) return UNKNOWN;
      total = total ? sumOfWidths(total, width) : width;
    }
    return total && this.#withinLimit(total) ? sized(total) : UNKNOWN;
  }

  #replicate(count: Expr, items: readonly Expr[]): Shape {
    const shape = this.#concat(items);
    const times = this.#size(count, 'a replication count');
    if (shape.kind !== 'sized' || !times) return UNKNOWN;
    const total = timesWidth(times, shape.width);
    return this.#withinLimit(total) ? sized(total) : UNKNOWN;
  }

  #select(expr: Extract<Expr, { kind: 'bit' | 'part' | 'indexed' }>): Shape {
    const base = this.of(expr.of);
    if (base.kind === 'unknown') return UNKNOWN;
    const of = base.kind === 'sized' ? base.width : fixedWidth(32);
    if (expr.kind === 'bit') {
      if (this.of(expr.index).kind === 'unknown') return UNKNOWN;
      return this.#inside(of, expr.index, expr.index) ? BIT : UNKNOWN;
    }
    if (expr.kind === 'part') {
      const [msb, lsb] = [this.#bound(expr.msb), this.#bound(expr.lsb)];
      if (msb === undefined || lsb === undefined) return UNKNOWN;
      if (msb < lsb) this.#fault(`the select [${msb}:${lsb}] runs backwards: all vectors are [msb:lsb]`);
      if (msb < lsb || !this.#inside(of, expr.msb, expr.lsb)) return UNKNOWN;
      return sized(widthOf(Number(msb - lsb + 1n), spanOf(expr.msb, expr.lsb)));
    }
    const width = this.#size(expr.width, 'the width of a part select');
    if (!width || this.of(expr.start).kind === 'unknown') return UNKNOWN;
    if (width.bits > of.bits) this.#fault(`${width.bits} bits cannot be selected from ${of.bits}`);
    return width.bits > of.bits || !this.#indexedInside(of, expr.start, width.bits, expr.ascending)
      ? UNKNOWN
      : sized(width);
  }

  /** A constant index must lie in the vector; whether a variable one does is known at run time only. */
  #inside(of: Width, high: Expr, low: Expr): boolean {
    if (of.bits === 1 && of.expr.kind === 'literal' && !this.isConstant(high)) {
      this.#fault('a signal of one bit has nothing to select from');
      return false;
    }
    for (const index of [high, low]) {
      const at = this.isConstant(index) ? this.value(index) : 0n;
      if (at === undefined || at < 0n || at >= BigInt(of.bits)) {
        this.#fault(at === undefined ? 'an index must have a value' : `bit ${at} lies outside [${of.bits - 1}:0]`);
        return false;
      }
    }
    return true;
  }

  #indexedInside(of: Width, start: Expr, bits: number, ascending: boolean): boolean {
    if (!this.isConstant(start)) return true;
    const from = this.value(start);
    if (from === undefined) return false;
    const [high, low] = ascending ? [from + BigInt(bits) - 1n, from] : [from, from - BigInt(bits) + 1n];
    if (low >= 0n && high < BigInt(of.bits)) return true;
    this.#fault(`[${high}:${low}] lies outside [${of.bits - 1}:0]`);
    return false;
  }

  #bound(expr: Expr): bigint | undefined {
    if (this.of(expr).kind === 'unknown') return undefined;
    const value = this.isConstant(expr) ? this.value(expr) : undefined;
    if (value === undefined) this.#fault('the bounds of a part select must be constant; use +: for a moving one');
    return value;
  }

  /** A positive constant that becomes a width. */
  #size(expr: Expr, what: string): Width | undefined {
    if (this.of(expr).kind === 'unknown') return undefined;
    const value = this.isConstant(expr) ? this.value(expr) : undefined;
    if (value === undefined || value < 1n || value > MAX_WIDTH) {
      this.#fault(`${what} must be a constant from 1 to ${MAX_WIDTH}${value === undefined ? '' : `, not ${value}`}`);
      return undefined;
    }
    return widthOf(Number(value), expr);
  }

  /** The self-determined width; unsized constants have none. */
  #ownWidth(expr: Expr): Width | undefined {
    const shape = this.of(expr);
    if (shape.kind === 'flexible') this.#fault("an unsized constant has no width here: give its size, e.g. 4'd3");
    return shape.kind === 'sized' ? shape.width : undefined;
  }

  #withinLimit(width: Width): boolean {
    if (width.bits <= MAX_WIDTH) return true;
    this.#fault(`${width.bits} bits are more than ${MAX_WIDTH}`);
    return false;
  }
}

/** msb - lsb + 1, written as W for the usual [W-1:0]. */
function spanOf(msb: Expr, lsb: Expr): Expr {
  const isLiteral = (expr: Expr, value: bigint): boolean => expr.kind === 'literal' && expr.value === value;
  if (isLiteral(lsb, 0n) && msb.kind === 'binary' && msb.operator === '-' && isLiteral(msb.right, 1n)) return msb.left;
  const span: Expr = isLiteral(lsb, 0n) ? msb : { kind: 'binary', operator: '-', left: msb, right: lsb };
  return { kind: 'binary', operator: '+', left: span, right: decimal(1) };
}

function sized(width: Width): Shape {
  return { kind: 'sized', width };
}

function widest(a: Shape, b: Shape): Shape {
  if (a.kind === 'unknown' || b.kind === 'unknown') return UNKNOWN;
  if (a.kind === 'flexible') return b;
  return b.kind === 'flexible' ? a : sized(widerOf(a.width, b.width));
}
