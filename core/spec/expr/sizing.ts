// Makes every width explicit: constants get the size of their context, narrower operands are extended where the LRM
// would extend them silently. The result means the same in every tool and is clean under `verilator -Wall`.
import { children, decimal, references, type Binary, type Expr, type Literal } from './ast.ts';
import { bitLength } from './constant.ts';
import type { Shapes } from './shape.ts';
import { fixedWidth, isFixed, widerOf, type Width } from './width.ts';

/** Told when an unsized constant loses bits in its context. */
export type TruncationNotice = (message: string) => void;

/** SystemVerilog's width for a flexible expression that no context sizes. */
const INTEGER = fixedWidth(32);

/**
 * Rewrites `expr` for a context of the given width (null: self-determined).
 * `shapes` must have found no fault in `expr`, and `context` must be at least as wide as it.
 */
export function sizeExpr(expr: Expr, context: Width | null, shapes: Shapes, notice: TruncationNotice): Expr {
  return new Sizing(shapes, notice).lower(expr, context);
}

class Sizing {
  readonly #shapes: Shapes;
  readonly #notice: TruncationNotice;

  constructor(shapes: Shapes, notice: TruncationNotice) {
    this.#shapes = shapes;
    this.#notice = notice;
  }

  lower(expr: Expr, context: Width | null): Expr {
    const shape = this.#shapes.of(expr);
    if (shape.kind === 'unknown') return expr;
    if (shape.kind === 'flexible' && this.#shapes.isConstant(expr))
      return context ? this.#constant(expr, context) : this.#integerParts(expr);
    const width = context ?? (shape.kind === 'sized' ? shape.width : INTEGER);
    switch (expr.kind) {
      case 'unary':
        if (expr.operator === '+' || expr.operator === '-' || expr.operator === '~')
          return { ...expr, operand: this.lower(expr.operand, width) };
        break;
      case 'binary':
        if (isArithmetic(expr)) return this.#arithmetic(expr, width);
        break;
      case 'ternary':
        return {
          ...expr,
          condition: this.#truth(expr.condition),
          whenTrue: this.lower(expr.whenTrue, width),
          whenFalse: this.lower(expr.whenFalse, width),
        };
      default:
    }
    const own = this.#selfDetermined(expr);
    if (shape.kind !== 'sized' || shape.width.bits >= width.bits) return own;
    return own.kind === 'literal' && isFixed(width)
      ? resized(own, width.bits)
      : { kind: 'cast', width: width.expr, operand: own };
  }

  #arithmetic(expr: Binary, width: Width): Expr {
    switch (expr.operator) {
      case '<<':
      case '>>':
      case '**':
        return { ...expr, left: this.lower(expr.left, width), right: this.lower(expr.right, null) };
      // unsigned: the same as the logical shifts, whatever signedness a tool gives a cast parameter
      case '<<<':
        return { ...expr, operator: '<<', left: this.lower(expr.left, width), right: this.lower(expr.right, null) };
      case '>>>':
        return { ...expr, operator: '>>', left: this.lower(expr.left, width), right: this.lower(expr.right, null) };
      default:
        return { ...expr, left: this.lower(expr.left, width), right: this.lower(expr.right, width) };
    }
  }

  #selfDetermined(expr: Expr): Expr {
    switch (expr.kind) {
      case 'bit': {
        const of = this.#shapes.of(expr.of);
        // a one-bit net is declared without a range and cannot be selected from
        if (of.kind === 'sized' && of.width.bits === 1 && isFixed(of.width)) return expr.of;
        return { ...expr, index: this.#index(expr.index, expr.of) };
      }
      case 'part': {
        const of = this.#shapes.of(expr.of);
        return of.kind === 'sized' && of.width.bits === 1 && isFixed(of.width) ? expr.of : expr;
      }
      case 'indexed': {
        const of = this.#shapes.of(expr.of);
        if (of.kind === 'sized' && of.width.bits === 1 && isFixed(of.width)) return expr.of;
        return { ...expr, start: this.#index(expr.start, expr.of) };
      }
      case 'unary':
        return expr.operator === '!'
          ? { ...expr, operand: this.#truth(expr.operand) }
          : { ...expr, operand: this.lower(expr.operand, null) };
      case 'binary':
        return expr.operator === '&&' || expr.operator === '||'
          ? { ...expr, left: this.#truth(expr.left), right: this.#truth(expr.right) }
          : this.#comparison(expr);
      case 'concat':
        return { ...expr, items: expr.items.map((item) => this.lower(item, null)) };
      case 'replicate':
        return { ...expr, items: expr.items.map((item) => this.lower(item, null)) };
      default:
        return expr;
    }
  }

  /** Operands of a comparison size each other; a constant too large for the other side widens it, as Verilog does. */
  #comparison(expr: Binary): Expr {
    const [a, b] = [this.#shapes.of(expr.left), this.#shapes.of(expr.right)];
    if (a.kind === 'unknown' || b.kind === 'unknown') return expr;
    if (a.kind === 'flexible' && b.kind === 'flexible') {
      if (this.#shapes.isConstant(expr))
        return { ...expr, left: this.#integerParts(expr.left), right: this.#integerParts(expr.right) };
      return { ...expr, left: this.lower(expr.left, INTEGER), right: this.lower(expr.right, INTEGER) };
    }
    let context =
      a.kind === 'sized' ? (b.kind === 'sized' ? widerOf(a.width, b.width) : a.width) : (b as { width: Width }).width;
    for (const side of [expr.left, expr.right]) {
      const value =
        this.#shapes.of(side).kind === 'flexible' && this.#shapes.isConstant(side)
          ? this.#shapes.value(side)
          : undefined;
      if (value !== undefined && value > 0n && bitLength(value) > context.bits) {
        this.#notice(`${value} never occurs in ${context.bits} bits, so the comparison is always the same`);
        context = fixedWidth(bitLength(value));
      }
    }
    return { ...expr, left: this.lower(expr.left, context), right: this.lower(expr.right, context) };
  }

  /** One bit that tells whether the operand is non-zero. */
  #truth(expr: Expr): Expr {
    const shape = this.#shapes.of(expr);
    const own = this.lower(expr, null);
    if (shape.kind === 'flexible' && this.#shapes.isConstant(expr))
      return { kind: 'binary', operator: '!=', left: own, right: decimal(0) };
    if (shape.kind === 'sized' && shape.width.bits === 1 && isFixed(shape.width)) return own;
    return { kind: 'unary', operator: '|', operand: own };
  }

  /** An index of fewer bits than the vector needs is extended; a wider one stays, see hasWideIndex. */
  #index(index: Expr, of: Expr): Expr {
    const [own, vector] = [this.#shapes.of(index), this.#shapes.of(of)];
    if (own.kind !== 'sized' || vector.kind !== 'sized' || this.#shapes.isConstant(index))
      return this.lower(index, null);
    const needed = bitLength(BigInt(vector.width.bits - 1));
    return this.lower(index, isFixed(vector.width) && own.width.bits < needed ? fixedWidth(needed) : null);
  }

  /** An unsized constant in its context; keeps parameters symbolic. */
  #constant(expr: Expr, context: Width): Expr {
    const value = this.#shapes.value(expr);
    if (value !== undefined && !fits(value, context.bits))
      this.#notice(`${value} does not fit in ${context.bits} bits and is truncated`);
    if (!isFixed(context)) return { kind: 'cast', width: context.expr, operand: this.#integer(expr, context) };
    if (expr.kind === 'literal') return resized(expr, context.bits);
    if (references(expr).length === 0 && value !== undefined)
      return resized({ ...decimal(0), bits: wrap(value, context.bits) }, context.bits);
    return { kind: 'cast', width: context.expr, operand: this.#integer(expr, context) };
  }

  /** Parameters are 32-bit integers; Verilator wants that said before it widens an expression of them further. */
  #integer(expr: Expr, context: Width): Expr {
    const own = expr.kind === 'literal' ? expr : this.#integerParts(expr);
    return context.bits <= INTEGER.bits || own.kind === 'literal' || own.kind === 'name'
      ? own
      : { kind: 'cast', width: INTEGER.expr, operand: own };
  }

  /**
   * A constant without width: integers that stand for truth values are compared with 0, sized parts are sized within.
   */
  #integerParts(expr: Expr): Expr {
    if (this.#shapes.of(expr).kind === 'sized') return this.lower(expr, null);
    const again = (part: Expr): Expr => this.#integerParts(part);
    switch (expr.kind) {
      case 'ternary':
        return {
          ...expr,
          condition: this.#truth(expr.condition),
          whenTrue: again(expr.whenTrue),
          whenFalse: again(expr.whenFalse),
        };
      case 'unary':
      case 'clog2':
        return { ...expr, operand: again(expr.operand) };
      case 'binary':
        return { ...expr, left: again(expr.left), right: again(expr.right) };
      // based literals are unsigned to tools, parameters and decimal ones signed: mixed, they would compare differently
      case 'literal':
        return expr.value === null ? expr : decimal(expr.value);
      default:
        return expr;
    }
  }
}

/**
 * True when a variable index has more bits than the vector needs, which Verilator reports though Verilog defines it.
 */
export function hasWideIndex(expr: Expr, shapes: Shapes): boolean {
  if (expr.kind === 'bit' || expr.kind === 'indexed') {
    const index = expr.kind === 'bit' ? expr.index : expr.start;
    const [own, vector] = [shapes.of(index), shapes.of(expr.of)];
    const constant = shapes.isConstant(index);
    if (!constant && vector.kind === 'sized') {
      const needed = bitLength(BigInt(vector.width.bits - 1));
      if (own.kind !== 'sized' || own.width.bits > needed || (own.width.bits < needed && !isFixed(vector.width)))
        return true;
    }
  }
  return children(expr).some((part) => hasWideIndex(part, shapes));
}

function isArithmetic(expr: Binary): boolean {
  switch (expr.operator) {
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
      return false;
    default:
      return true;
  }
}

/** Non-negative values as unsigned, negative ones as two's complement. */
export function fits(value: bigint, bits: number): boolean {
  const limit = 1n << BigInt(bits);
  return value >= 0n ? value < limit : -value <= limit / 2n;
}

function wrap(value: bigint, bits: number): string {
  return (value & ((1n << BigInt(bits)) - 1n)).toString(2);
}

/** The literal at another size: cut at the top, or extended by 0, by x or by z as the LRM says. */
function resized(literal: Literal, bits: number): Literal {
  const first = literal.bits[0] ?? '0';
  const fill = literal.size === null && (first === 'x' || first === 'z') ? first : '0';
  const text = literal.bits.slice(-bits).padStart(bits, fill);
  return { ...literal, size: bits, bits: text, value: /[xz]/.test(text) ? null : BigInt(`0b${text}`) };
}
