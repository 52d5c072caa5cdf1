// Expressions are generated at random, sized, and run through Icarus and Verilator against an evaluator of the rules
// of structured specifications that shares nothing with the code under test but the parser.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { children, type Expr } from './ast.ts';
import { parseExpr } from './parser.ts';
import { printExpr } from './print.ts';
import { Shapes, type Scope } from './shape.ts';
import { hasWideIndex, sizeExpr } from './sizing.ts';
import { fixedWidth, widthOf, type Width } from './width.ts';

const SIGNALS: Readonly<Record<string, number>> = { a: 1, b: 4, c: 8, d: 13, w: 8, n: 3 };
const PARAMETERS: Readonly<Record<string, { value: bigint; width: number | null }>> = {
  W: { value: 8n, width: null },
  P: { value: 5n, width: null },
  S: { value: 9n, width: 6 },
};

const scope: Scope = {
  parameter: (name) => {
    const found = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
    return found && { value: found.value, width: found.width === null ? null : fixedWidth(found.width) };
  },
  width: (reference): Width | null => {
    if (reference.kind === 'pin') return null;
    return reference.name === 'w' ? widthOf(8, { kind: 'name', name: 'W' }) : fixedWidth(SIGNALS[reference.name] ?? 0);
  },
};

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(
      'a',
      'b',
      'c',
      'd',
      'w',
      'n',
      'W',
      'P',
      'S',
      '0',
      '1',
      '3',
      '9',
      "4'd5",
      "8'hC3",
      "1'b1",
      "13'd4096",
      'c[3:0]',
      'd[7]',
      'c[n]',
      'd[b]',
      'd[n +: 4]',
      'c[7 -: 3]',
      'w[W-1:4]',
      "'h1F",
    ),
    fc
      .tuple(
        fc.constantFrom(
          '+',
          '-',
          '*',
          '/',
          '%',
          '&',
          '|',
          '^',
          '~^',
          '<<',
          '>>',
          '<<<',
          '>>>',
          '&&',
          '||',
          '==',
          '!=',
          '===',
          '<',
          '<=',
          '>',
          '>=',
        ),
        tie('expression'),
        tie('expression'),
      )
      .map(([operator, left, right]) => `(${left}) ${operator} (${right})`),
    fc
      .tuple(fc.constantFrom('~', '-', '+', '!', '&', '|', '^', '~&', '~|', '~^'), tie('expression'))
      .map(([operator, operand]) => `${operator}(${operand})`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([c, t, f]) => `(${c}) ? (${t}) : (${f})`),
    fc.array(tie('expression'), { minLength: 1, maxLength: 3 }).map((items) => `{${items.join(', ')}}`),
    fc.tuple(fc.constantFrom('2', '3', 'P'), tie('expression')).map(([count, item]) => `{${count}{${item}}}`),
  ),
}));

/** Bits of an expression, or null when it is made of unsized constants. */
function bitsOf(expr: Expr): number | null {
  switch (expr.kind) {
    case 'literal':
      return expr.size;
    case 'name':
      return Object.hasOwn(PARAMETERS, expr.name) ? (PARAMETERS[expr.name]?.width ?? null) : (SIGNALS[expr.name] ?? 0);
    case 'bit':
      return 1;
    case 'part':
      return Number(constant(expr.msb)) - Number(constant(expr.lsb)) + 1;
    case 'indexed':
      return Number(constant(expr.width));
    case 'unary':
      return ['+', '-', '~'].includes(expr.operator) ? bitsOf(expr.operand) : 1;
    case 'binary': {
      if (['<<', '>>', '<<<', '>>>', '**'].includes(expr.operator)) return bitsOf(expr.left);
      if (/^(&&|\|\||[=!]==?|[<>]=?)$/.test(expr.operator)) return 1;
      return largest(bitsOf(expr.left), bitsOf(expr.right));
    }
    case 'ternary':
      return largest(bitsOf(expr.whenTrue), bitsOf(expr.whenFalse));
    case 'concat':
      return expr.items.reduce((sum, item) => sum + (bitsOf(item) ?? 0), 0);
    case 'replicate':
      return Number(constant(expr.count)) * expr.items.reduce((sum, item) => sum + (bitsOf(item) ?? 0), 0);
    default:
      return null;
  }
}

function largest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

const isConstant = (expr: Expr): boolean => {
  if (expr.kind === 'name') return Object.hasOwn(PARAMETERS, expr.name);
  if (expr.kind === 'literal') return true;
  if (expr.kind === 'unary') return isConstant(expr.operand);
  if (expr.kind === 'binary') return isConstant(expr.left) && isConstant(expr.right);
  if (expr.kind === 'ternary')
    return isConstant(expr.condition) && isConstant(expr.whenTrue) && isConstant(expr.whenFalse);
  return false;
};

/** Undefined behaviour ends the evaluation: division by zero, an index outside, a negative shift of a constant. */
class Undefined extends Error {}

/** Integer value of a constant expression, Verilog's truncating division. */
function constant(expr: Expr): bigint {
  if (expr.kind === 'name') return PARAMETERS[expr.name]?.value ?? 0n;
  if (expr.kind === 'literal') return expr.value ?? 0n;
  if (expr.kind === 'ternary')
    return constant(expr.condition) !== 0n ? constant(expr.whenTrue) : constant(expr.whenFalse);
  if (expr.kind === 'unary') {
    const value = constant(expr.operand);
    if (expr.operator === '-') return -value;
    if (expr.operator === '+') return value;
    if (expr.operator === '!') return value === 0n ? 1n : 0n;
    if (expr.operator === '~' && bitsOf(expr.operand) === null) return ~value;
    throw new Undefined();
  }
  if (expr.kind !== 'binary') throw new Undefined();
  if (bitsOf(expr) !== null && bitsOf(expr.left) !== null && bitsOf(expr.right) !== null) throw new Undefined();
  const [a, b] = [constant(expr.left), constant(expr.right)];
  switch (expr.operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
    case '%':
      if (b === 0n) throw new Undefined();
      return expr.operator === '/' ? a / b : a % b;
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
      if (b < 0n || b > 20n || a < 0n || a > 4096n) throw new Undefined();
      return a << b;
    case '>>':
    case '>>>':
      if (b < 0n || a < 0n) throw new Undefined();
      return a >> b;
    case '&&':
      return a !== 0n && b !== 0n ? 1n : 0n;
    case '||':
      return a !== 0n || b !== 0n ? 1n : 0n;
    case '==':
    case '===':
      return a === b ? 1n : 0n;
    case '!=':
    case '!==':
      return a !== b ? 1n : 0n;
    case '<':
      return a < b ? 1n : 0n;
    case '<=':
      return a <= b ? 1n : 0n;
    case '>':
      return a > b ? 1n : 0n;
    case '>=':
      return a >= b ? 1n : 0n;
    default:
      throw new Undefined();
  }
}

const mask = (value: bigint, bits: number): bigint => value & ((1n << BigInt(bits)) - 1n);

/** The value in a context of `bits` bits. */
function run(expr: Expr, bits: number, inputs: Readonly<Record<string, bigint>>): bigint {
  const own = bitsOf(expr);
  if (own === null && isConstant(expr)) {
    const value = constant(expr);
    if (value > 2n ** 31n - 1n || value < -(2n ** 31n)) throw new Undefined();
    return mask(value, bits);
  }
  const at = (part: Expr): bigint => run(part, bitsOf(part) ?? 32, inputs);
  const width = Math.max(bits, own ?? 0);
  switch (expr.kind) {
    case 'literal':
      return expr.value ?? 0n;
    case 'name':
      return Object.hasOwn(PARAMETERS, expr.name) ? (PARAMETERS[expr.name]?.value ?? 0n) : (inputs[expr.name] ?? 0n);
    case 'bit':
      return pick(expr.of, at(expr.index), 1, inputs);
    case 'part':
      return pick(expr.of, constant(expr.lsb), bitsOf(expr) ?? 0, inputs);
    case 'indexed': {
      const size = bitsOf(expr) ?? 0;
      return pick(expr.of, expr.ascending ? at(expr.start) : at(expr.start) - BigInt(size) + 1n, size, inputs);
    }
    case 'unary': {
      if (expr.operator === '-') return mask(-run(expr.operand, width, inputs), width);
      if (expr.operator === '~') return mask(~run(expr.operand, width, inputs), width);
      if (expr.operator === '+') return run(expr.operand, width, inputs);
      const value = at(expr.operand);
      if (expr.operator === '!') return value === 0n ? 1n : 0n;
      const all = mask(-1n, bitsOf(expr.operand) ?? 32);
      const ones = value.toString(2).replaceAll('0', '').length;
      const reduced = expr.operator.endsWith('&')
        ? value === all
        : expr.operator.endsWith('|')
          ? value !== 0n
          : ones % 2 === 1;
      return reduced !== expr.operator.startsWith('~') ? 1n : 0n;
    }
    case 'binary':
      return runBinary(expr, width, inputs);
    case 'ternary':
      return at(expr.condition) !== 0n ? run(expr.whenTrue, width, inputs) : run(expr.whenFalse, width, inputs);
    case 'concat':
      return expr.items.reduce((sum, item) => (sum << BigInt(bitsOf(item) ?? 0)) | at(item), 0n);
    case 'replicate': {
      const bits = expr.items.reduce((sum, item) => sum + (bitsOf(item) ?? 0), 0);
      const once = expr.items.reduce((sum, item) => (sum << BigInt(bitsOf(item) ?? 0)) | at(item), 0n);
      return Array.from({ length: Number(constant(expr.count)) }).reduce<bigint>(
        (sum) => (sum << BigInt(bits)) | once,
        0n,
      );
    }
    default:
      throw new Undefined();
  }
}

function pick(of: Expr, lsb: bigint, bits: number, inputs: Readonly<Record<string, bigint>>): bigint {
  if (lsb < 0n || lsb + BigInt(bits) > BigInt(bitsOf(of) ?? 32)) throw new Undefined();
  return mask(run(of, bitsOf(of) ?? 32, inputs) >> lsb, bits);
}

function runBinary(
  expr: Extract<Expr, { kind: 'binary' }>,
  width: number,
  inputs: Readonly<Record<string, bigint>>,
): bigint {
  const at = (part: Expr, bits = bitsOf(part) ?? 32): bigint => run(part, bits, inputs);
  switch (expr.operator) {
    case '<<':
    case '<<<':
      return at(expr.right) > 300n ? 0n : mask(at(expr.left, width) << at(expr.right), width);
    case '>>':
    case '>>>':
      return at(expr.left, width) >> at(expr.right);
    case '&&':
      return at(expr.left) !== 0n && at(expr.right) !== 0n ? 1n : 0n;
    case '||':
      return at(expr.left) !== 0n || at(expr.right) !== 0n ? 1n : 0n;
    case '==':
    case '===':
    case '!=':
    case '!==':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      let common = largest(bitsOf(expr.left), bitsOf(expr.right));
      // two open sides compare as 32-bit integers; a constant beyond the other side widens the comparison
      if (common === null && isConstant(expr)) return constant(expr);
      for (const side of [expr.left, expr.right]) {
        if (common !== null && bitsOf(side) === null && isConstant(side) && constant(side) > 0n)
          common = Math.max(common, constant(side).toString(2).length);
      }
      const [a, b] = [at(expr.left, common ?? 32), at(expr.right, common ?? 32)];
      const truth = {
        '==': a === b,
        '===': a === b,
        '!=': a !== b,
        '!==': a !== b,
        '<': a < b,
        '<=': a <= b,
        '>': a > b,
        '>=': a >= b,
      }[expr.operator];
      return truth ? 1n : 0n;
    }
    default: {
      const [a, b] = [at(expr.left, width), at(expr.right, width)];
      if ((expr.operator === '/' || expr.operator === '%') && b === 0n) throw new Undefined();
      const results: Partial<Record<typeof expr.operator, () => bigint>> = {
        '+': () => a + b,
        '-': () => a - b,
        '*': () => a * b,
        '/': () => a / b,
        '%': () => a % b,
        '&': () => a & b,
        '|': () => a | b,
        '^': () => a ^ b,
        '~^': () => ~(a ^ b),
      };
      return mask(results[expr.operator]?.() ?? 0n, width);
    }
  }
}

interface Case {
  readonly text: string;
  readonly expr: Expr;
  readonly bits: number;
  readonly sized: string;
  readonly wide: boolean;
}

function cases(count: number, seed: number): Case[] {
  const found: Case[] = [];
  for (const [index, text] of fc.sample(expression, { numRuns: count, seed }).entries()) {
    const parsed = parseExpr(text);
    if ('error' in parsed) throw new Error(`${text}: ${parsed.error}`);
    const faults: string[] = [];
    const shapes = new Shapes(scope, (message) => faults.push(message));
    const shape = shapes.of(parsed.expr);
    if (shape.kind === 'unknown' || faults.length > 0) continue;
    expect(shape.kind === 'sized' ? shape.width.bits : null, text).toBe(bitsOf(parsed.expr));
    const bits = (shape.kind === 'sized' ? shape.width.bits : 1) + (index % 3) * 5;
    if (bits > 200) continue;
    const sized = printExpr(
      sizeExpr(
        parsed.expr,
        bits === 8 ? widthOf(8, { kind: 'name', name: 'W' }) : fixedWidth(bits),
        shapes,
        () => undefined,
      ),
      () => '',
    );
    found.push({ text, expr: parsed.expr, bits, sized, wide: hasWideIndex(parsed.expr, shapes) });
  }
  return found;
}

function parameterInBraces(expr: Expr, inside: boolean): boolean {
  if (expr.kind === 'name') return inside && Object.hasOwn(PARAMETERS, expr.name);
  const braces = inside || expr.kind === 'concat' || expr.kind === 'replicate';
  return children(expr).some((part) => parameterInBraces(part, braces));
}

const VECTORS: Readonly<Record<string, bigint>>[] = [
  { a: 0n, b: 0n, c: 0n, d: 0n, w: 0n, n: 0n },
  { a: 1n, b: 15n, c: 255n, d: 8191n, w: 255n, n: 7n },
  { a: 1n, b: 9n, c: 0xc3n, d: 0x1234n, w: 0x5an, n: 3n },
  { a: 0n, b: 1n, c: 1n, d: 4096n, w: 128n, n: 1n },
];
const inputs = Object.entries(SIGNALS).map(
  ([name, bits]) => `  input  wire ${name === 'w' ? '[W-1:0]' : bits === 1 ? '' : `[${bits - 1}:0]`} ${name}`,
);
const moduleText = (
  list: readonly Case[],
) => `module sized #(\n  parameter int W = 8,\n  parameter int P = 5,\n  parameter [5:0] S = 6'd9\n) (\n${inputs.join(',\n')},
${list.map(({ bits }, at) => `  output wire [${bits - 1}:0] y${at}`).join(',\n')}\n);\n${list
  .map(({ sized, wide }, at) => {
    const line = `  assign y${at} = ${sized};`;
    return wide ? `  /* verilator lint_off WIDTH */\n${line}\n  /* verilator lint_on WIDTH */` : line;
  })
  .join('\n')}\n  wire unused_ok = &{1'b0, ${Object.keys(SIGNALS).join(', ')}, |P, |W, |S};\nendmodule\n`;
const benchText = (list: readonly Case[]) => `module bench;\n${Object.entries(SIGNALS)
  .map(([name, bits]) => `  logic [${bits - 1}:0] ${name};`)
  .join('\n')}
${list.map(({ bits }, at) => `  wire [${bits - 1}:0] y${at};`).join('\n')}\n  sized dut (.*);\n  initial begin\n${VECTORS.map(
  (vector) =>
    `${Object.entries(vector)
      .map(([name, value]) => `    ${name} = ${value};`)
      .join('\n')}\n    #1;\n${list.map((_, at) => `    $display("%b", y${at});`).join('\n')}`,
).join('\n')}\n    $finish;\n  end\nendmodule\n`;

const missing = (tool: string, flag: string): boolean => spawnSync(tool, [flag]).error !== undefined;

describe('sizeExpr', () => {
  const folder = () => mkdtempSync(join(tmpdir(), 'genrtl-sizing-'));

  /** Runs a module of these cases on all vectors and holds every output to the evaluator. */
  const expectMeaning = (list: readonly Case[], dir: string, source: string): void => {
    writeFileSync(join(dir, 'bench.sv'), benchText(list));
    const compiled = spawnSync(
      'iverilog',
      ['-g2012', '-o', join(dir, 'a.vvp'), join(dir, 'bench.sv'), join(dir, source)],
      { encoding: 'utf8' },
    );
    expect(compiled.stderr).toBe('');
    const lines = spawnSync('vvp', ['-N', join(dir, 'a.vvp')], { encoding: 'utf8' }).stdout.split('\n');
    let compared = 0;
    for (const [row, vector] of VECTORS.entries()) {
      for (const [at, { text, expr, bits, sized }] of list.entries()) {
        let expected: bigint;
        try {
          expected = run(expr, bits, vector);
        } catch (error) {
          if (error instanceof Undefined) continue;
          throw error;
        }
        compared += 1;
        const got = lines[row * list.length + at];
        // x appears where a part that does not matter to the evaluator divides by zero or indexes outside
        if (got?.includes('x')) continue;
        expect(
          got,
          `${text}  →  ${sized}  with ${Object.entries(vector)
            .map(([name, value]) => `${name}=${value}`)
            .join(' ')}`,
        ).toBe(expected.toString(2).padStart(bits, '0'));
      }
    }
    expect(compared).toBeGreaterThan(1000);
  };

  it.skipIf(missing('iverilog', '-V'))('means in Icarus what the rules say', () => {
    const list = cases(1500, 7);
    expect(list.length).toBeGreaterThan(300);
    const dir = folder();
    writeFileSync(join(dir, 'sized.sv'), moduleText(list));
    expectMeaning(list, dir, 'sized.sv');
    rmSync(dir, { recursive: true });
  });

  it.skipIf(missing('iverilog', '-V') || missing('yosys', '-V'))('means the same to Yosys', () => {
    // Yosys 0.23 gets the width of constant expressions of cast parameters wrong inside braces
    const list = cases(1500, 13).filter(({ expr }) => !parameterInBraces(expr, false));
    expect(list.length).toBeGreaterThan(300);
    const dir = folder();
    writeFileSync(join(dir, 'sized.sv'), moduleText(list));
    const read = spawnSync(
      'yosys',
      [
        '-q',
        '-p',
        `read_verilog -sv ${join(dir, 'sized.sv')}; hierarchy -top sized; proc; write_verilog -noattr ${join(dir, 'netlist.v')}`,
      ],
      { encoding: 'utf8' },
    );
    expect(read.stdout + read.stderr).toBe('');
    expectMeaning(list, dir, 'netlist.v');
    rmSync(dir, { recursive: true });
  });

  it.skipIf(missing('verilator', '--version'))('leaves Verilator nothing to say about widths', () => {
    const list = cases(1500, 11);
    const dir = folder();
    writeFileSync(join(dir, 'sized.sv'), moduleText(list));
    const linted = spawnSync(
      'verilator',
      ['--lint-only', '-Wall', '-Wno-UNSIGNED', '-Wno-CMPCONST', '--top-module', 'sized', join(dir, 'sized.sv')],
      { encoding: 'utf8' },
    );
    expect(linted.stderr).toBe('');
    rmSync(dir, { recursive: true });
  });
});
