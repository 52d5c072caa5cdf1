// The reader of Verilog text on what sources really hold, and on what they should not.
import { describe, expect, it } from 'vitest';
import { cpuMs } from '../spec/fixtures/cpu-time.ts';
import { codeOf, lex } from './lexer.ts';
import { readModules } from './module-reader.ts';
import { preprocess } from './preprocess.ts';
import type { PreprocessOptions, SourceFile } from './preprocess.ts';

const texts = (source: string): string[] => codeOf(source).map(({ text }) => text);
const kinds = (source: string): string[] => lex(source).map(({ kind, text }) => `${kind} ${text}`);

describe('tokens', () => {
  it.each([
    ["a<=b===c?8'hFf:'0;", ['a', '<=', 'b', '===', 'c', '?', "8'hFf", ':', "'0", ';']],
    ['always @(*) x=y;', ['always', '@', '(', '*', ')', 'x', '=', 'y', ';']],
    ["#1.5ns a <= 4 'b1_0; b[i+:4]", ['#', '1.5ns', 'a', '<=', "4 'b1_0", ';', 'b', '[', 'i', '+:', '4', ']']],
    ["x = 8'(y) ^ '{a, b};", ['x', '=', '8', "'", '(', 'y', ')', '^', "'", '{', 'a', ',', 'b', '}', ';']],
    ['\\a+b [0]', ['a+b', '[', '0', ']']],
    ['$display("a\\"//b", `W);', ['$display', '(', '"a\\"//b"', ',', '`W', ')', ';']],
    ['a // b\n/* c\n*/ d', ['a', 'd']],
    // no `:/` of a distribution
    ['default:// a\n1:/* b */ c :/ 3;', ['default', ':', '1', ':', 'c', ':/', '3', ';']],
    ['`ifdef A wire x; `endif', ['wire', 'x', ';']],
    ['(* keep = "yes" *) wire w;', ['wire', 'w', ';']],
  ])('of %j', (source, expected) => {
    expect(texts(source)).toEqual(expected);
  });

  it('keep their place, and so does what follows something of several lines', () => {
    const source = '`define A b \\\n  c\n/* x\n */ module\n"s\\\nt" e';
    expect(lex(source).map(({ text, line }) => [text.split('\n')[0], line])).toEqual([
      ['`define', 1],
      ['/* x', 3],
      ['module', 4],
      ['"s\\', 5],
      ['e', 6],
    ]);
    for (const { kind, text, start, end } of lex(source))
      if (kind !== 'directive') expect(source.slice(start, end)).toBe(text);
  });

  it('tell an escaped name from a keyword, and directives from macros', () => {
    expect(kinds('\\module `timescale 1ns/1ps // x\n`FOO')).toEqual([
      'escaped module',
      'directive `timescale',
      'comment // x',
      'macro `FOO',
    ]);
  });

  it('end with the text whatever it is, in linear time', () => {
    const pieces = [
      '"',
      '/*',
      '(*',
      '\\',
      '`',
      "'",
      '`define A \\\n',
      '(* ',
      '1',
      'a',
      '$',
      '`timescale ',
      '/',
      '((',
      "1'",
    ];
    for (const piece of pieces)
      expect(
        cpuMs(() => lex(piece.repeat(200_000))),
        piece,
      ).toBeLessThan(2000);
  });
});

const files = (text: Record<string, string>): SourceFile[] =>
  Object.entries(text).map(([path, one]) => ({ path, text: one }));
function seen(source: string | Record<string, string>, options: Partial<PreprocessOptions> = {}) {
  return preprocess(files(typeof source === 'string' ? { 'a.sv': source } : source), {
    mode: 'as_defined',
    ...options,
  });
}
const code = (...given: Parameters<typeof seen>): string =>
  seen(...given)
    .tokens.map(({ text }) => text)
    .join(' ');

describe('the preprocessor', () => {
  it.each([
    ['`define W 8\nwire [`W-1:0] a;', 'wire [ 8 - 1 : 0 ] a ;'],
    ['`define M(x, y=3) (x+y)\n`M(a) `M(b, f(1,2)) `M((c,d),)', '( a + 3 ) ( b + f ( 1 , 2 ) ) ( ( c , d ) + 3 )'],
    ['`define P(x) $``x\n`P(display)("a")', '$display ( "a" )'],
    ['`define S(x) `"x is `\\`"x`\\`"`"\n`S(q)', '"q is \\"q\\""'],
    ['`define A `B c\n`define B b\n`A', 'b c'],
    ['`ifdef X a `elsif Y b `else c `endif d', 'c d'],
    ['`define Y\n`ifdef X a `elsif Y b `else c `endif d', 'b d'],
    ['`ifndef X `ifdef Z a `else b `endif `else c `endif', 'b'],
    ['`define X\n`undef X\n`ifdef X a `endif', ''],
    ['`define L a \\\n  b \\\n  c\n`L', 'a b c'],
    ['`define C a // not this\n`C b', 'a b'],
    ['`define S "`x" // "\n`S', '"`x"'],
    ['`UNKNOWN(a)', '`UNKNOWN ( a )'],
  ])('on %j', (source, expected) => {
    expect(code(source)).toBe(expected);
  });

  it('reads files as one unit, includes where they stand, and knows the way of each token', () => {
    const text = { 'top.sv': '`include "d.svh"\n\n`MSG(x)\nplain', 'after.sv': '`MSG(y)' };
    const result = seen(text, {
      include: (name) => (name === 'd.svh' ? { path: 'inc/d.svh', text: '\n`define MSG(a) say(a)' } : null),
    });
    expect(result.tokens.map(({ text: one }) => one).join(' ')).toBe('say ( x ) plain say ( y )');
    expect(result.tokens[0]).toMatchObject({ file: 'top.sv', line: 3, via: [{ file: 'inc/d.svh', line: 2 }] });
    expect(result.tokens[4]).toMatchObject({ text: 'plain', file: 'top.sv', line: 4, via: [] });
    expect(result.includes).toEqual([{ file: 'top.sv', line: 1, root: 'top.sv', name: 'd.svh', path: 'inc/d.svh' }]);
  });

  it('through every branch shows what any setting could make of it', () => {
    const source = '`ifdef A\n`define P a1\n`else\n`define P a2\n`endif\n`ifndef B b `endif\n`P `undef P `P';
    expect(code(source, { mode: 'every_branch' })).toBe('b a1 a2 a1 a2');
    expect(seen(source).conditionals.map(({ macro, line }) => `${macro} ${line}`)).toEqual(['A 1', 'B 6']);
  });

  it('an include guard does not hide a second reading, and does not loop', () => {
    const guarded = { path: 'g.svh', text: '`ifndef G\n`define G\n`include "g.svh"\nx\n`endif' };
    const include = (): SourceFile => guarded;
    expect(code('`include "g.svh"\n`include "g.svh"', { include })).toBe('x');
    expect(code('`include "g.svh"\n`include "g.svh"', { include, mode: 'every_branch' }).split(' ')).toContain('x');
  });

  it.each([
    ['a macro of itself', '`define A `A a\n`A'],
    [
      'macros that double without a token',
      `${Array.from({ length: 60 }, (_, i) => `\`define M${i} \`M${i + 1} \`M${i + 1}\n`).join('')}\`define M60\n\`M0`,
    ],
    [
      'macros that double',
      `${Array.from({ length: 60 }, (_, i) => `\`define M${i} \`M${i + 1} \`M${i + 1}\n`).join('')}\`define M60 x\n\`M0`,
    ],
    ['an include of itself', '`include "a.sv"'],
  ])('%s is given up with a word', (_name, source) => {
    for (const mode of ['as_defined', 'every_branch'] as const) {
      const options = { mode, maxTokens: 20_000, include: () => ({ path: 'a.sv', text: source }) };
      let problems: readonly { message: string }[] = [];
      expect(cpuMs(() => (problems = seen(source, options).problems))).toBeLessThan(3000);
      expect(problems.length > 0 || (mode === 'every_branch' && source.includes('include'))).toBe(true);
    }
  });
});

describe('modules', () => {
  const ports = (source: string): string[] =>
    readModules(codeOf(source)).flatMap((module) =>
      module.ports.map((port) =>
        [
          port.direction ?? port.interface ?? '?',
          port.net,
          port.type,
          port.signed ? 'signed' : null,
          ...port.packed.map((one) => `[${one}]`),
          port.name,
          ...port.unpacked.map((one) => `[${one}]`),
        ]
          .filter((one) => one !== null && one !== '')
          .join(' '),
      ),
    );

  it.each([
    [
      'module m(input a, b, output reg [3:0] q = 0, r);',
      ['input a', 'input b', 'output reg [3 : 0] q', 'output reg [3 : 0] r'],
    ],
    [
      'module m(input wire logic signed [W-1:0] a [0:3], inout tri io);',
      ['input wire logic signed [W - 1 : 0] a [0 : 3]', 'inout tri io'],
    ],
    [
      'module m import p::*; #(parameter W=1)(input p::t x, output t y, bus.slave s, interface i);',
      ['input p::t x', 'output t y', 'bus.slave s', 'interface i'],
    ],
    ['module m(a, q); input [1:0] a; output q; reg q; reg [3:0] other; endmodule', ['input [1 : 0] a', 'output reg q']],
    ['module m(input a, output .q(x[3:0]));', ['input a', 'output q']],
    ['module m(input \\a+b , output \\module );', ['input a+b', 'output module']],
    [
      'module m(input [f(1,2)-1:0] a, output struct packed {logic x;} s);',
      ['input [f ( 1 , 2 ) - 1 : 0] a', 'output struct s'],
    ],
  ])('ports of %j', (source, expected) => {
    expect(ports(source)).toEqual(expected);
  });

  it('names, parameters, places', () => {
    const source =
      'package p; endpackage\nmodule automatic a #(parameter int W = 8, D = W*2, localparam L = 1, parameter type T = logic) ();\nparameter B = 3;\nendmodule\nextern module e(input x);\nmodule b; localparam C = {1,2}; endmodule : b\ninterface i; endinterface';
    const modules = readModules(codeOf(source));
    expect(modules.map(({ name, line }) => `${name} ${line}`)).toEqual(['a 2', 'b 6']);
    expect(
      modules[0]?.parameters.map(({ name, kind, isType, default: text, inHeader }) => [
        name,
        kind,
        isType,
        text,
        inHeader,
      ]),
    ).toEqual([
      ['W', 'parameter', false, '8', true],
      ['D', 'parameter', false, 'W * 2', true],
      ['L', 'localparam', false, '1', true],
      ['T', 'parameter', true, 'logic', true],
      ['B', 'parameter', false, '3', false],
    ]);
    expect(readModules(codeOf(source), true).map(({ name }) => name)).toEqual(['a', 'b', 'i']);
  });

  it('breaks off where the text does', () => {
    for (const source of [
      'module',
      'module m',
      'module m(',
      'module m(input',
      'module m #(',
      'module m; endmodul',
      'module m(,,);',
    ])
      expect(Array.isArray(readModules(codeOf(source)))).toBe(true);
  });
});
