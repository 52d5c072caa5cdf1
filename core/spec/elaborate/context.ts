// What every part of the elaboration shares, and how an expression's text becomes a checked tree.
import type { Diagnostic } from '@genrtl/contracts';
import { references, type Expr } from '../expr/ast.ts';
import { parseExpr } from '../expr/parser.ts';
import { MAX_WIDTH } from '../expr/literal.ts';
import { Shapes } from '../expr/shape.ts';
import { widthOf, type Width } from '../expr/width.ts';
import { evaluate } from '../expr/constant.ts';
import type { Findings, SpecCode } from '../findings.ts';
import type { StructuredSpec } from '../parse-spec.ts';
import { quote } from '../quote.ts';
import type { Symbols } from './symbols.ts';

export interface Context {
  readonly spec: StructuredSpec;
  readonly findings: Findings;
  readonly symbols: Symbols;
}
export type { Diagnostic };

/** Parses text at a line; SPEC_TABLE (or `malformed`) when it is no expression. */
export function parseAt(context: Context, text: string, line: number, malformed: SpecCode = 'SPEC_TABLE'): Expr | null {
  const parsed = parseExpr(text);
  if ('expr' in parsed) return parsed.expr;
  const code = parsed.call === undefined ? (parsed.code ?? malformed) : 'SPEC_NAME_UNKNOWN';
  context.findings.add(code, line, `${quote(text)}: ${parsed.error}`);
  return null;
}

/** An expression over signals; null after SPEC_TABLE, SPEC_NAME_UNKNOWN or SPEC_DIRECTION. */
export function readExpr(context: Context, text: string, line: number): Expr | null {
  const expr = parseAt(context, text, line);
  if (!expr) return null;
  let readable = true;
  for (const reference of references(expr)) readable = context.symbols.readable(reference, line) && readable;
  return readable ? expr : null;
}

/** An expression over parameters; null after a fault, or when it builds on a parameter that is at fault. */
export function readConstant(context: Context, text: string, line: number, malformed: SpecCode): Expr | null {
  const expr = parseAt(context, text, line, malformed);
  if (!expr) return null;
  let known = true;
  for (const reference of references(expr)) {
    const name = reference.kind === 'name' ? reference.name : `${reference.instance}.${reference.port}`;
    const parameter = context.symbols.parameter(name);
    if (!parameter && !context.symbols.isPoisoned(name)) {
      const exists = reference.kind === 'name' && context.symbols.get(name) !== undefined;
      context.findings.add(
        'SPEC_NAME_UNKNOWN',
        line,
        exists ? `${name} is no parameter: a constant is needed here` : `no parameter is called ${quote(name)}`,
      );
    }
    known = known && parameter?.value !== undefined && parameter.value !== null;
  }
  return known ? expr : null;
}

/** The value of a constant at the default parameters. */
export function constantValue(context: Context, expr: Expr): bigint | undefined {
  return evaluate(expr, (name) => context.symbols.parameter(name)?.value ?? undefined);
}

/** A width cell: a number, a parameter or an expression over parameters. */
export function readWidth(context: Context, text: string, line: number): Width | null {
  const expr = readConstant(context, text, line, 'SPEC_WIDTH');
  if (!expr) return null;
  const value = constantValue(context, expr);
  if (value !== undefined && value >= 1n && value <= MAX_WIDTH) return widthOf(Number(value), expr);
  context.findings.add(
    'SPEC_WIDTH',
    line,
    `the width ${quote(text)} ${value === undefined ? 'has no value' : `is ${value}`}; it must be from 1 to ${MAX_WIDTH}`,
  );
  return null;
}

/** Width inference that reports SPEC_WIDTH at one line. */
export function shapesAt(context: Context, line: number): Shapes {
  return new Shapes(context.symbols, (message) => context.findings.add('SPEC_WIDTH', line, message));
}
