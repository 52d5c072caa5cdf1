// Values of SystemRDL expressions. What has no value of its own (references, structures) keeps its text.
import { evaluateBinary, evaluateUnary } from './operators.ts';
import type { Scope } from './scope.ts';
import type { Expression, PathStep } from './syntax.ts';

export type RdlValue =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'enum'; readonly type: string; readonly member: string; readonly value: bigint }
  /** a word of the language (`rw`, `rclr`), or the text of what is not evaluated */
  | { readonly kind: 'text'; readonly text: string };

export function evaluate(expression: Expression, scope: Scope): RdlValue {
  switch (expression.kind) {
    case 'number':
      return { kind: 'number', value: expression.value };
    case 'string':
      return { kind: 'string', text: expression.text };
    case 'word':
      if (expression.text === 'true' || expression.text === 'false')
        return { kind: 'boolean', value: expression.text === 'true' };
      return scope.value(expression.text) ?? { kind: 'text', text: expression.text };
    case 'member': {
      const value = scope.enumeration(expression.of)?.members.find(({ name }) => name === expression.name)?.value;
      return value === undefined
        ? { kind: 'text', text: `${expression.of}::${expression.name}` }
        : { kind: 'enum', type: expression.of, member: expression.name, value };
    }
    case 'reference':
      return { kind: 'text', text: referenceText(expression.path, expression.property, scope) };
    case 'unary': {
      const operand = numeric(evaluate(expression.operand, scope));
      const value = operand === undefined ? undefined : evaluateUnary(expression.operator, operand);
      return value === undefined
        ? { kind: 'text', text: expressionText(expression, scope) }
        : { kind: 'number', value };
    }
    case 'binary': {
      const [left, right] = [evaluate(expression.left, scope), evaluate(expression.right, scope)];
      const [a, b] = [numeric(left), numeric(right)];
      const value = a === undefined || b === undefined ? undefined : evaluateBinary(expression.operator, a, b);
      return value === undefined
        ? { kind: 'text', text: expressionText(expression, scope) }
        : { kind: 'number', value };
    }
    case 'ternary': {
      const condition = numeric(evaluate(expression.condition, scope));
      if (condition === undefined) return { kind: 'text', text: expressionText(expression, scope) };
      return evaluate(condition === 0n ? expression.no : expression.yes, scope);
    }
    case 'cast':
      return castValue(expression, scope);
    case 'list':
    case 'replicate':
    case 'struct':
      return { kind: 'text', text: expressionText(expression, scope) };
  }
}

function castValue(expression: Extract<Expression, { kind: 'cast' }>, scope: Scope): RdlValue {
  const value = evaluate(expression.value, scope);
  const number = numeric(value);
  if (expression.to === 'boolean' && number !== undefined) return { kind: 'boolean', value: number !== 0n };
  if (expression.width === null || number === undefined) return value;
  const width = numeric(evaluate(expression.width, scope));
  return width === undefined || width < 0n || width > 4096n
    ? value
    : { kind: 'number', value: number & ((1n << width) - 1n) };
}

export function numeric(value: RdlValue): bigint | undefined {
  switch (value.kind) {
    case 'number':
    case 'enum':
      return value.value;
    case 'boolean':
      return value.value ? 1n : 0n;
    default:
      return undefined;
  }
}

export function valueText(value: RdlValue): string {
  switch (value.kind) {
    case 'number':
      return value.value < 10n ? value.value.toString() : `0x${value.value.toString(16)}`;
    case 'boolean':
      return String(value.value);
    case 'enum':
      return `${value.type}::${value.member}`;
    default:
      return value.text;
  }
}

function referenceText(path: readonly PathStep[], property: string | null, scope: Scope): string {
  const steps = path.map(
    ({ name, indices }) => name + indices.map((index) => `[${expressionText(index, scope)}]`).join(''),
  );
  return steps.join('.') + (property === null ? '' : `->${property}`);
}

export function expressionText(expression: Expression, scope: Scope): string {
  const of = (inner: Expression): string => expressionText(inner, scope);
  switch (expression.kind) {
    case 'number':
      return expression.text;
    case 'string':
      return JSON.stringify(expression.text);
    case 'word': {
      const value = scope.value(expression.text);
      return value === undefined ? expression.text : valueText(value);
    }
    case 'member':
      return `${expression.of}::${expression.name}`;
    case 'reference':
      return referenceText(expression.path, expression.property, scope);
    case 'unary':
      return `${expression.operator}${of(expression.operand)}`;
    case 'binary':
      return `(${of(expression.left)} ${expression.operator} ${of(expression.right)})`;
    case 'ternary':
      return `(${of(expression.condition)} ? ${of(expression.yes)} : ${of(expression.no)})`;
    case 'list':
      return `${expression.array ? "'" : ''}{${expression.items.map(of).join(', ')}}`;
    case 'replicate':
      return `{${of(expression.count)}{${expression.items.map(of).join(', ')}}}`;
    case 'struct':
      return `${expression.type}'{${expression.members.map(({ name, value }) => `${name}: ${of(value)}`).join(', ')}}`;
    case 'cast':
      return of(expression.value);
  }
}
