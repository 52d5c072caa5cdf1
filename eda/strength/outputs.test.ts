// Every output is spoilt in turn, on the headers that people write and with the benches that look busy but see nothing.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Strength } from '@genrtl/contracts';
import { icarus } from '../adapters/icarus/index.ts';
import { measureBenches } from './index.ts';
import { representatives } from '../../test/representatives.ts';
import { soakOnly } from '../../test/soak-only.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'genrtl-outputs-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
interface Files {
  readonly rtl: string;
  readonly tb: string;
  readonly header?: string;
  readonly top?: string;
  readonly tops?: readonly string[];
}

/** Outputs and stubs only: no time for mutants. */
async function measure({ rtl, tb, header, top = 'd', tops = ['tb'] }: Files): Promise<Strength> {
  const workspace = path.join(root, String(count++));
  mkdirSync(workspace);
  writeFileSync(path.join(workspace, 'd.sv'), rtl);
  writeFileSync(path.join(workspace, 'tb.sv'), tb);
  if (header !== undefined) writeFileSync(path.join(workspace, 'd.svh'), header);
  const { strength } = await measureBenches(
    tops.map((name) => ({ adapter: icarus, workspace, sources: ['d.sv', 'tb.sv'], includeDirs: ['.'], top: name })),
    {
      design: ['d.sv'],
      includeDirs: ['.'],
      judged: [{ module: top }],
      mutate: ['d.sv'],
      timeBudgetMs: 0,
      scratchDir: root,
    },
  );
  return strength;
}

/** `name:variant+` where a bench noticed, `-` where none did, `?` where it could not be tried. */
const said = ({ outputs = [] }: Strength): string =>
  outputs
    .flatMap(({ output, variants, untried }) => [
      ...variants.map((one) => `${output}:${one.variant}${one.caught ? '+' : '-'}`),
      ...(untried === undefined ? [] : [`${output}?`]),
    ])
    .join(' ');

/** A bench that drives `in` with a count and compares `checks`. */
const bench = (declare: string, instance: string, checks: string, more = ''): string => `module tb;
  reg clk = 0; reg [3:0] in = 0; integer bad = 0; integer i; ${declare}
  ${instance}
  always #5 clk = ~clk;
  ${more}
  initial begin
    @(negedge clk);
    for (i = 0; i < 20; i = i + 1) begin in = i; @(negedge clk); ${checks} end
    if (bad == 0) $display("PASS"); else $display("FAIL signal=q time=%0d", $time);
    $finish;
  end
endmodule
`;
const BOTH = 'if (q !== ((i + 1) & 15)) bad = bad + 1; if (odd !== (i & 1)) bad = bad + 1;';
const WIRES = 'wire [3:0] q; wire odd;';

describe('headers', () => {
  it.each<[string, string, Partial<Files> & { instance?: string }]>([
    [
      'ANSI',
      'module d(input clk, input [3:0] in, output reg [3:0] q, output odd); assign odd = in[0]; always @(posedge clk) q <= in + 1; endmodule',
      {},
    ],
    [
      'Verilog-1995 with types apart',
      'module d(clk, in, q, odd); input clk; input [3:0] in; output [3:0] q; output odd; reg [3:0] q; assign odd = in[0]; always @(posedge clk) q <= in + 1; endmodule',
      {},
    ],
    [
      'Verilog-1995 with parameters and a function behind the list',
      'module d(clk, in, q, odd); parameter W = 4; localparam M = W - 1; function integer top; input integer w; begin top = w - 1; end endfunction\n input clk; input [M:0] in; output reg [3:0] q; output odd; assign odd = in[0]; always @(posedge clk) q <= in + 1; endmodule',
      {},
    ],
    [
      'macros and conditionals in the list',
      '`include "d.svh"\nmodule d(input clk, `PORTS(4)\n`ifdef NEVER\n, output never\n`else\n, output odd\n`endif\n); assign odd = in[0]; always @(posedge clk) q <= in + 1; endmodule',
      { header: '`define PORTS(W) input [W-1:0] in, output reg [W-1:0] q' },
    ],
    [
      'parameters that the bench overrides, and a label at the end',
      'module d #(parameter W = 2, localparam M = W-1, parameter S = 9) (input clk, input [M:0] in, output reg [M:0] q, output odd); assign odd = in[0] ^ (S == 9); always @(posedge clk) q <= in + 1; endmodule : d',
      { instance: 'd #(4, 0) dut(.clk(clk), .in(in), .q(q), .odd(odd));' },
    ],
    [
      'types of a package',
      "package p; typedef logic [3:0] word; typedef enum logic {E, O} par; endpackage\nmodule d import p::*; (input logic clk, input word in, output word q, output par odd); assign odd = in[0] ? O : E; always_ff @(posedge clk) q <= in + 4'd1; endmodule",
      {},
    ],
    [
      'escaped names',
      'module d(input clk, input [3:0] in, output reg [3:0] \\q , output \\o+d ); assign \\o+d = in[0]; always @(posedge clk) \\q <= in + 1; endmodule',
      { instance: 'd dut(.clk(clk), .in(in), .q(q), .\\o+d (odd));' },
    ],
  ])('%s', async (_name, rtl, { header, instance = 'd dut(.*);' }) => {
    const strength = await measure({
      rtl,
      ...(header === undefined ? {} : { header }),
      tb: bench(WIRES, instance, BOTH),
    });
    expect(strength.untried).toEqual([]);
    expect(said(strength).replace('o+d', 'odd')).toBe('q:inverted+ odd:inverted+');
    expect(strength.stubs.map(({ tied_to, failed }) => `${tied_to}${failed}`)).toEqual(['0true', '1true', 'xtrue']);
    const blind = await measure({
      rtl,
      ...(header === undefined ? {} : { header }),
      tb: bench(WIRES, instance, BOTH.split(';')[0] + ';'),
    });
    expect(said(blind).replace('o+d', 'odd')).toBe('q:inverted+ odd:inverted-');
  });

  it('a bench that looks below the design is held at the driver', async () => {
    const rtl =
      '`define Q q\nmodule d(clk, in, q, odd); input clk; input [3:0] in; output reg [3:0] q; output odd; wire [3:0] next = in + 1; assign odd = in[0]; always @(posedge clk) `Q <= next; sub s(.a(next[0]), .b()); endmodule\nmodule sub(input a, output b); assign b = a; endmodule';
    const tb = (checks: string): string =>
      bench(
        WIRES,
        'd dut(.*);',
        `if (dut.next !== ((i + 1) & 15) || dut.s.b !== dut.next[0]) bad = bad + 1; ${checks}`,
      );
    expect(said(await measure({ rtl, tb: tb(BOTH) }))).toBe('q:inverted+ odd:inverted+');
    expect(said(await measure({ rtl, tb: tb('') }))).toBe('q:inverted- odd:inverted-');
  });

  soakOnly('a real number, and an array that the simulator cannot pass, are untried', async () => {
    const rtl =
      'module d(input clk, input [3:0] in, output reg [3:0] q, output wire real level); always @(posedge clk) q <= in + 1; assign level = 1.5; endmodule';
    const strength = await measure({
      rtl,
      tb: bench('wire [3:0] q; wire real level;', 'd dut(.*);', BOTH.split(';')[0] + ';'),
    });
    expect(said(strength)).toContain('level?');
    expect(strength.untried).toContainEqual({ kind: 'output', name: 'level', why: 'it is a real number' });
  });
});

const GOOD =
  'module d(input clk, input [3:0] in, output reg [3:0] q, output odd); assign odd = in[0]; always @(posedge clk) q <= in + 1; endmodule';

describe('benches that see nothing', () => {
  const busy = bench(WIRES, 'd dut(.*);', '', 'integer changes = 0; always @(q or odd) changes = changes + 1;').replace(
    'if (bad == 0)',
    'if (changes > 4)',
  );
  const twins = bench(
    `${WIRES} wire [3:0] q2; wire odd2;`,
    'd dut(.*); d twin(.clk(clk), .in(in), .q(q2), .odd(odd2));',
    'if (q !== q2 || odd !== odd2) bad = bad + 1;',
  );
  const tautology = bench(WIRES, 'd dut(.*);', 'if (q !== q || !(odd === odd)) bad = bad + 1;');
  const forced = bench(
    WIRES,
    'd dut(.*);',
    "force q = 4'd5; force odd = 1'b1; if (q !== 5 || odd !== 1) bad = bad + 1;",
  );
  const BLIND: readonly (readonly [name: string, rtl: string, tb: string])[] = [
    ['activity only', GOOD, busy],
    ['two copies of the design compared', GOOD, twins],
    ['a tautology', GOOD, tautology],
    ['what it forced itself', GOOD, forced],
    [
      'a design that prints PASS by itself',
      GOOD.replace('assign odd', 'initial #150 begin $display("PASS"); $finish; end assign odd'),
      bench(WIRES, 'd dut(.*);', BOTH.replace('if', 'if (i > 18) if')),
    ],
    ['nothing of the design', GOOD, 'module tb; initial begin $display("PASS"); $finish; end endmodule'],
    [
      'an end before the checks',
      GOOD,
      bench(WIRES, 'd dut(.*);', BOTH).replace('@(negedge clk);\n', '@(negedge clk); $display("PASS"); $finish;\n'),
    ],
  ];
  it.each(
    representatives(
      BLIND,
      ['activity only', 'two copies of the design compared', 'a tautology', 'an end before the checks'],
      ([name]) => name,
    ),
  )('%s', async (_name, rtl, tb) => {
    expect(said(await measure({ rtl, tb }))).toBe('q:inverted- odd:inverted-');
  });

  soakOnly('one of several benches is enough, and is named', async () => {
    const first = bench(WIRES, 'd dut(.*);', BOTH.split(';')[0] + ';').replace('module tb', 'module tb_q');
    const second = bench(WIRES, 'd dut(.*);', `${BOTH.split(';')[1] ?? ''};`).replace('module tb', 'module tb_odd');
    const strength = await measure({ rtl: GOOD, tb: first + second, tops: ['tb_q', 'tb_odd'] });
    expect(strength.outputs?.map(({ output, variants }) => [output, variants[0]?.bench])).toEqual([
      ['q', 'tb_q'],
      ['odd', 'tb_odd'],
    ]);
  });
});

describe('clocks and buses', () => {
  soakOnly('a clock output must not stand still or run at half its rate; its phase is its own', async () => {
    const rtl =
      'module d(input clk, input [3:0] in, output reg clk_div = 0, output [3:0] q); assign q = in; always @(posedge clk) clk_div <= ~clk_div; endmodule';
    const edges = 'integer edges = 0; always @(posedge clk_div) edges = edges + 1;';
    const tb = (check: string): string =>
      bench('wire clk_div; wire [3:0] q;', 'd dut(.*);', 'if (q !== in) bad = bad + 1;', edges).replace(
        'if (bad == 0)',
        `if (bad == 0 && ${check})`,
      );
    expect(said(await measure({ rtl, tb: tb('edges > 8 && edges < 12') }))).toBe(
      'clk_div:stuck_0+ clk_div:stuck_1+ clk_div:half_rate+ q:inverted+',
    );
    expect(said(await measure({ rtl, tb: tb('edges > 2') }))).toBe(
      'clk_div:stuck_0+ clk_div:stuck_1+ clk_div:half_rate- q:inverted+',
    );
  });

  it('an inout that is never driven has to be noticed', async () => {
    const rtl =
      "module d(input clk, input [3:0] in, inout [3:0] pad, output busy); assign pad = in[0] ? in : 4'bz; assign busy = in[0]; endmodule";
    const tb = (check: string): string =>
      bench('wire [3:0] pad; wire busy;', 'd dut(.*);', `if (busy !== in[0]) bad = bad + 1; ${check}`);
    expect(said(await measure({ rtl, tb: tb('if (in[0] && pad !== in) bad = bad + 1;') }))).toBe(
      'pad:undriven+ busy:inverted+',
    );
    expect(said(await measure({ rtl, tb: tb('') }))).toBe('pad:undriven- busy:inverted+');
  });
});

describe('constant designs', () => {
  it('are deliverable: the stub that passes is proven to be the design', async () => {
    const rtl =
      "module d(input clk, input [3:0] in, output [3:0] q, output odd); assign q = 4'd0; assign odd = 1'b0; endmodule";
    const strength = await measure({
      rtl,
      tb: bench(WIRES, 'd dut(.*);', "if (q !== 4'd0 || odd !== 1'b0) bad = bad + 1;"),
    });
    expect(strength.stubs[0]).toEqual({ tied_to: '0', failed: false, equivalent: true });
    expect(said(strength)).toBe('q:inverted+ odd:inverted+');
  });

  it('but a stub that only this bench cannot tell from the design is none', async () => {
    const rtl =
      "module d(input clk, input [3:0] in, output [3:0] q, output odd); reg [7:0] c = 0; always @(posedge clk) c <= c + 1; assign q = 4'd0; assign odd = c == 8'd200; endmodule";
    const strength = await measure({
      rtl,
      tb: bench(WIRES, 'd dut(.*);', "if (q !== 4'd0 || odd !== 1'b0) bad = bad + 1;"),
    });
    expect(strength.stubs[0]).toEqual({ tied_to: '0', failed: false });
  });
});
