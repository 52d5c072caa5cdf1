import { describe, expect, test } from 'vitest';
import { connectPorts, instanceAround } from './connect-ports.ts';
import type { InstanceSurroundings, PortConnections, TextReplacement } from './connect-ports.ts';
import { codeOf, lex } from './lexer.ts';
import { readInstances } from './instances.ts';
import { readModules } from './module-reader.ts';

const FIFO = `module fifo import types_pkg::*; #(
  parameter int WIDTH = 8, parameter int DEPTH = WIDTH * 2, localparam int AW = $clog2(DEPTH), parameter type T = logic
) (
  input  logic clk, input wire rst_n,
  input  logic signed [WIDTH-1:0] wr_data,
  output logic [AW-1:0] level, output state_t state, output T item, output logic [7:0] mem [0:DEPTH-1],
  inout wire pad, bus_if.slave bus
);
endmodule`;

const unitOf = (text: string) => {
  const [unit] = readModules(codeOf(text), true);
  if (unit === undefined) throw new Error('no module');
  return unit;
};

function connected(
  text: string,
  more: Partial<InstanceSurroundings> = {},
  unit = FIFO,
): PortConnections & { text: string; declared: string } {
  const at = text.indexOf('|');
  const plain = text.replace('|', '');
  const instance = instanceAround(plain, at);
  if (instance === null) throw new Error('no instance');
  const found = connectPorts(plain, instance, {
    unit: unitOf(unit),
    systemVerilog: true,
    meaning: (name) => (new RegExp(`\\b(?:logic|wire)\\b[^;]*\\b${name}\\b[^;(]*;`).test(plain) ? 'signal' : null),
    direction: (module, port) =>
      module === 'fifo' ? (unitOf(unit).ports.find(({ name }) => name === port)?.direction ?? null) : null,
    outside: (name) => (name === 'state_t' ? 'types_pkg::state_t' : null),
    ...more,
  });
  return { ...found, text: apply(plain, found.connect), declared: apply(plain, found.declare) };
}

function apply(text: string, edits: readonly TextReplacement[]): string {
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((all, { start, end, text: own }) => all.slice(0, start) + own + all.slice(end), text);
}

test('an empty instance gets every port, and a declaration for each net that nobody declares', () => {
  const { text, missing, left } = connected(
    'module top;\n  logic clk, rst_n;\n  fifo #(.WIDTH(16)) u_fifo (|);\nendmodule\n',
  );
  expect(missing).toEqual(['clk', 'rst_n', 'wr_data', 'level', 'state', 'item', 'mem', 'pad', 'bus']);
  expect(text).toBe(`module top;
  logic clk, rst_n;
  logic signed [15:0] wr_data;
  logic [$clog2(16*2)-1:0] level;
  types_pkg::state_t state;
  logic item;
  logic [7:0] mem [0:(16*2)-1];
  wire pad;
  fifo #(.WIDTH(16)) u_fifo (
    .clk(clk),
    .rst_n(rst_n),
    .wr_data(wr_data),
    .level(level),
    .state(state),
    .item(item),
    .mem(mem),
    .pad(pad),
    .bus(bus)
  );
endmodule
`);
  expect(left).toEqual(['bus']);
});

const LEAF = 'module leaf(input clk, input [3:0] a, output [3:0] q, output done); endmodule';

describe('missing ports follow the manner of those that stand there', () => {
  test.each([
    ['on one line', '  leaf u (.clk(clk), .a(a)|);', '  leaf u (.clk(clk), .a(a), .q(q), .done(done));'],
    [
      'lines',
      '  leaf u (\n    .clk(clk),\n    .a(a)|\n  );',
      '  leaf u (\n    .clk(clk),\n    .a(a),\n    .q(q),\n    .done(done)\n  );',
    ],
    [
      'a comment stays beside its port',
      '  leaf u (\n    .clk(clk),\n    .a(a)| // the operand\n  );',
      '  leaf u (\n    .clk(clk),\n    .a(a), // the operand\n    .q(q),\n    .done(done)\n  );',
    ],
    [
      'a comma that was typed already',
      '  leaf u (\n    .clk(clk), .a(a),|\n  );',
      '  leaf u (\n    .clk(clk), .a(a),\n    .q(q),\n    .done(done)\n  );',
    ],
    [
      'aligned brackets',
      '  leaf u (\n    .clk  (clk),\n    .a    (a)|\n  );',
      '  leaf u (\n    .clk  (clk),\n    .a    (a),\n    .q    (q),\n    .done (done)\n  );',
    ],
    [
      'tabs',
      '\tleaf u (\n\t\t.clk(clk),\n\t\t.a(a)|\n\t);',
      '\tleaf u (\n\t\t.clk(clk),\n\t\t.a(a),\n\t\t.q(q),\n\t\t.done(done)\n\t);',
    ],
    [
      'a port that is left open is not missing',
      '  leaf u (.clk(clk), .a(a), .q()|);',
      '  leaf u (.clk(clk), .a(a), .q(), .done(done));',
    ],
  ])('%s', (_name, before, after) => {
    expect(connected(before, { meaning: () => 'signal' }, LEAF).text).toBe(after);
  });
  test.each([
    ['by position', 'leaf u (clk, a|);'],
    ['by .*', 'leaf u (.clk, .*|);'],
    ['conditional', 'leaf u (.clk(clk)\n`ifdef A\n, .a(a)|\n`endif\n);'],
  ])('a list that is %s is left alone', (_name, text) => {
    expect(connected(text, { meaning: () => 'signal' }, LEAF)).toMatchObject({ missing: [], connect: [] });
  });
});

test('an output gets a net of its own where its name is driven, an input of the module or no signal', () => {
  const text = `module t(input logic q2);
  logic clk, a, q, done;
  leaf u_a (.clk(clk), .a(a), .q(q), .done());
  leaf u_b (.clk(clk), .a(a)|);
  assign done = q;
endmodule`;
  const { text: after, declares } = connected(
    text,
    { direction: (_module, port) => (port === 'q' ? 'output' : 'input') },
    LEAF,
  );
  expect(declares).toEqual(['u_b_q', 'u_b_done']);
  expect(after).toContain(
    '  logic [3:0] u_b_q;\n  logic u_b_done;\n  leaf u_b (.clk(clk), .a(a), .q(u_b_q), .done(u_b_done));',
  );
  expect(
    connected(
      'leaf u (.clk(clk), .a(a), .q(q)|);',
      { meaning: (name) => (name === 'done' ? 'input' : name === 'u_done' ? null : 'signal') },
      LEAF,
    ).text,
  ).toBe('logic u_done;\nleaf u (.clk(clk), .a(a), .q(q), .done(u_done));');
});

test('nets of present connections are declared once, with the width at this instance; expressions are not', () => {
  const found = connected(
    "module t;\n  leaf #(.W(A + 1)) u (.a(x), .b(x), .c(y[3]), .d({x, 1'b0}), .e);|\nendmodule",
    {},
    'module leaf #(parameter W = 4) (input [W-1:0] a, b, c, input [W:0] d, output e); endmodule',
  );
  expect(found.undeclared).toEqual(['x', 'e']);
  expect(found.declared).toBe(
    "module t;\n  logic [(A+1)-1:0] x;\n  logic e;\n  leaf #(.W(A + 1)) u (.a(x), .b(x), .c(y[3]), .d({x, 1'b0}), .e);\nendmodule",
  );
});

test('Verilog has wires; an array of instances is not guessed', () => {
  expect(connected('leaf u (|);', { systemVerilog: false }, LEAF).text).toContain('wire [3:0] q;');
  expect(connected('leaf u [1:0] (.q(x)|);', {}, LEAF)).toMatchObject({
    undeclared: ['x'],
    left: expect.arrayContaining(['x']),
    declare: [],
  });
});

test('instances are told from declarations and calls; one that is not closed yet is one', () => {
  const names = (text: string): string[] => readInstances(lex(text)).map(({ module, name }) => `${module} ${name}`);
  expect(
    names(`module t; function automatic pair_t swap (input a); endfunction
      if (a) begin : g leaf u_a (.a(b)), u_b (.a(c)); end
      for (genvar i = 0; i < 2; i++) leaf #(3) u_c (x); \`ifdef A leaf u_d (y); \`endif
      initial $display("x"); always @(posedge clk) q <= f(x); import p::*; p::t v (z); endmodule leaf u_e (.a(`),
  ).toEqual(['leaf u_a', 'leaf u_b', 'leaf u_c', 'leaf u_d', 'leaf u_e']);
  expect(names('module t;\n leaf u_e (.a(x),')).toEqual(['leaf u_e']);
});

test('any text is read in linear time and without an exception', () => {
  const noise = '( [ { # . , ; ) module fifo u ( `x \\e '.repeat(4000);
  expect(readInstances(lex(noise)).length).toBeGreaterThanOrEqual(0);
});
