// The syntax tree of an expression: unsigned Verilog-2005 over names, block pins and literals.

export type UnaryOperator = '+' | '-' | '~' | '!' | '&' | '|' | '^' | '~&' | '~|' | '~^';
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**'
  | '&'
  | '|'
  | '^'
  | '~^'
  | '<<'
  | '>>'
  | '<<<'
  | '>>>'
  | '&&'
  | '||'
  | '=='
  | '!='
  | '==='
  | '!=='
  | '<'
  | '<='
  | '>'
  | '>=';

export interface Literal {
  readonly kind: 'literal';
  /** declared size in bits; null for unsized literals, which take the width of their context */
  readonly size: number | null;
  readonly base: 'b' | 'o' | 'd' | 'h';
  /** 0, 1, x and z, most significant first; `size` digits when sized, else as few as hold the value */
  readonly bits: string;
  /** null when a bit is x or z */
  readonly value: bigint | null;
}
export interface Name {
  readonly kind: 'name';
  readonly name: string;
}
/** `instance.port` */
export interface Pin {
  readonly kind: 'pin';
  readonly instance: string;
  readonly port: string;
}
export type Reference = Name | Pin;
export interface BitSelect {
  readonly kind: 'bit';
  readonly of: Reference;
  readonly index: Expr;
}
export interface PartSelect {
  readonly kind: 'part';
  readonly of: Reference;
  readonly msb: Expr;
  readonly lsb: Expr;
}
/** `of[start +: width]`, or `-:` when not ascending */
export interface IndexedSelect {
  readonly kind: 'indexed';
  readonly of: Reference;
  readonly start: Expr;
  readonly width: Expr;
  readonly ascending: boolean;
}
export interface Unary {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: Expr;
}
export interface Binary {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
}
export interface Ternary {
  readonly kind: 'ternary';
  readonly condition: Expr;
  readonly whenTrue: Expr;
  readonly whenFalse: Expr;
}
export interface Concat {
  readonly kind: 'concat';
  readonly items: readonly Expr[];
}
export interface Replicate {
  readonly kind: 'replicate';
  readonly count: Expr;
  readonly items: readonly Expr[];
}
/** `width'(operand)`: never written in a spec, put in where sizing must be explicit */
export interface Cast {
  readonly kind: 'cast';
  readonly width: Expr;
  readonly operand: Expr;
}
export interface Clog2 {
  readonly kind: 'clog2';
  readonly operand: Expr;
}

export type Expr =
  | Literal
  | Reference
  | BitSelect
  | PartSelect
  | IndexedSelect
  | Unary
  | Binary
  | Ternary
  | Concat
  | Replicate
  | Clog2
  | Cast;

/** The direct sub-expressions, in source order. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'literal':
    case 'name':
    case 'pin':
      return [];
    case 'bit':
      return [expr.of, expr.index];
    case 'part':
      return [expr.of, expr.msb, expr.lsb];
    case 'indexed':
      return [expr.of, expr.start, expr.width];
    case 'unary':
    case 'clog2':
      return [expr.operand];
    case 'binary':
      return [expr.left, expr.right];
    case 'ternary':
      return [expr.condition, expr.whenTrue, expr.whenFalse];
    case 'concat':
      return expr.items;
    case 'replicate':
      return [expr.count, ...expr.items];
    case 'cast':
      return [expr.width, expr.operand];
  }
}

/** Every name and pin that the expression mentions, constants' parameters included. */
export function references(expr: Expr): Reference[] {
  const found: Reference[] = [];
  const visit = (node: Expr): void => {
    if (node.kind === 'name' || node.kind === 'pin') found.push(node);
    else children(node).forEach(visit);
  };
  visit(expr);
  return found;
}

/** The tree with every reference replaced where `replace` gives something else. */
export function substitute(expr: Expr, replace: (reference: Reference) => Expr | undefined): Expr {
  const again = (node: Expr): Expr => substitute(node, replace);
  switch (expr.kind) {
    case 'literal':
      return expr;
    case 'name':
    case 'pin':
      return replace(expr) ?? expr;
    case 'bit':
      return { ...expr, of: renamed(expr.of, replace), index: again(expr.index) };
    case 'part':
      return { ...expr, of: renamed(expr.of, replace), msb: again(expr.msb), lsb: again(expr.lsb) };
    case 'indexed':
      return { ...expr, of: renamed(expr.of, replace), start: again(expr.start), width: again(expr.width) };
    case 'unary':
    case 'clog2':
      return { ...expr, operand: again(expr.operand) };
    case 'binary':
      return { ...expr, left: again(expr.left), right: again(expr.right) };
    case 'ternary':
      return {
        ...expr,
        condition: again(expr.condition),
        whenTrue: again(expr.whenTrue),
        whenFalse: again(expr.whenFalse),
      };
    case 'concat':
      return { ...expr, items: expr.items.map(again) };
    case 'replicate':
      return { ...expr, count: again(expr.count), items: expr.items.map(again) };
    case 'cast':
      return { ...expr, width: again(expr.width), operand: again(expr.operand) };
  }
}

/** Only another reference can be selected from; anything else leaves the select as it was. */
function renamed(of: Reference, replace: (reference: Reference) => Expr | undefined): Reference {
  const other = replace(of);
  return other?.kind === 'name' || other?.kind === 'pin' ? other : of;
}

/** An unsized decimal literal. */
export function decimal(value: number | bigint): Literal {
  const wide = BigInt(value);
  return { kind: 'literal', size: null, base: 'd', bits: wide.toString(2), value: wide };
}
