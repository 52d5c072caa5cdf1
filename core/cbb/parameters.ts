// A manifest at given parameters: which values are legal, and how wide every port then is.
import type { CbbManifest } from '@genrtl/contracts';
import type { Expr } from '../spec/expr/ast.ts';
import { evaluate } from '../spec/expr/constant.ts';
import { MAX_WIDTH } from '../spec/expr/literal.ts';
import { parseExpr } from '../spec/expr/parser.ts';

type Parameter = CbbManifest['parameters'][number];

/** Integers for int, bit and bits; text without quotes for string. */
export type ParameterValue = bigint | string;

/** The default of a parameter; undefined when the manifest's text has no value. */
export function defaultValue(parameter: Parameter): ParameterValue | undefined {
  if (parameter.type === 'string') return parameter.default;
  const expr = parseManifestExpr(parameter.default);
  return expr ? evaluate(expr, () => undefined) : undefined;
}

/** Why a value is not allowed for a parameter; undefined when it is. */
export function valueFault(parameter: Parameter, value: ParameterValue): string | undefined {
  if (parameter.type === 'string') {
    if (typeof value !== 'string') return `${parameter.name} is a string: write it in quotes`;
    return parameter.allowed && !parameter.allowed.includes(value)
      ? `${parameter.name} must be one of ${parameter.allowed.join(', ')}`
      : undefined;
  }
  if (typeof value === 'string') return `${parameter.name} is a number, not a string`;
  if (parameter.type === 'bit' && value !== 0n && value !== 1n) return `${parameter.name} is 0 or 1, not ${value}`;
  if (parameter.min !== undefined && value < BigInt(Math.ceil(parameter.min)))
    return `${parameter.name} is ${value}; the least is ${parameter.min}`;
  if (parameter.max !== undefined && value > BigInt(Math.floor(parameter.max)))
    return `${parameter.name} is ${value}; the most is ${parameter.max}`;
  if (parameter.allowed && !parameter.allowed.some((text) => isValue(text, value))) {
    return `${parameter.name} is ${value}; allowed are ${parameter.allowed.join(', ')}`;
  }
  return undefined;
}

/**
 * Widths of all ports at the given values, the rest at their defaults; null where a width has no value from 1 to
 * MAX_WIDTH.
 */
export function evaluatePorts(
  manifest: CbbManifest,
  values: ReadonlyMap<string, ParameterValue>,
): { name: string; width: number | null }[] {
  const all = new Map<string, bigint>();
  for (const parameter of manifest.parameters) {
    const value = values.get(parameter.name) ?? defaultValue(parameter);
    if (typeof value === 'bigint') all.set(parameter.name, value);
  }
  return manifest.ports.map(({ name, width }) => {
    const expr = parseManifestExpr(width);
    const bits = expr ? evaluate(expr, (parameter) => all.get(parameter)) : undefined;
    return { name, width: bits !== undefined && bits >= 1n && bits <= MAX_WIDTH ? Number(bits) : null };
  });
}

/** The tree of a width or default in a manifest; undefined when it is no expression. */
export function parseManifestExpr(text: string): Expr | undefined {
  const parsed = parseExpr(text);
  return 'expr' in parsed ? parsed.expr : undefined;
}

function isValue(text: string, value: bigint): boolean {
  const expr = parseManifestExpr(text);
  return expr !== undefined && evaluate(expr, () => undefined) === value;
}
