// equivalence_check on the real Yosys: clocks, edges, resets and initial values are part of what a design does. The
// whole collection of pairs runs in `scripts/soak equivalence`; here one representative of each kind.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { equivalencePairs, verdictOf } from './equivalence-pairs.ts';
import { hasTool, Sandbox } from './fixture.ts';

const installed = hasTool('yosys');
if (!installed) process.stderr.write('skip: equivalence_check (Yosys is not installed)\n');

let box: Sandbox;
beforeAll(async () => {
  box = await Sandbox.create();
});
afterAll(() => box.remove());

/** One register for each way to be clocked, reset or started otherwise, beside two that are the same. */
const PORTS =
  'input clk, clk2, rst_n, rst2_n, d, output reg same, edge_, clock, reset, source, value, sync, start, output reg kept';
const GOLD = `module m(${PORTS});
  always @(posedge clk) same <= d;
  always @(posedge clk) edge_ <= d;
  always @(posedge clk) clock <= d;
  always @(posedge clk or negedge rst_n) if (!rst_n) reset <= 0; else reset <= d;
  always @(posedge clk or negedge rst_n) if (!rst_n) source <= 0; else source <= d;
  always @(posedge clk or negedge rst_n) if (!rst_n) value <= 0; else value <= d;
  always @(posedge clk or negedge rst_n) if (!rst_n) sync <= 0; else sync <= d;
  initial start = 0;
  always @(posedge clk) start <= ~start;
  initial kept = 1;
  always @(posedge clk) kept <= ~kept;
endmodule
`;
const GATE = `module m(${PORTS});
  wire n = ~clk;
  always @(negedge n) same <= d;
  always @(negedge clk) edge_ <= d;
  always @(posedge clk2) clock <= d;
  always @(posedge clk) reset <= d;
  always @(posedge clk or negedge rst2_n) if (!rst2_n) source <= 0; else source <= d;
  always @(posedge clk or negedge rst_n) if (!rst_n) value <= 1; else value <= d;
  always @(posedge clk) if (!rst_n) sync <= 0; else sync <= d;
  initial start = 1;
  always @(posedge clk) start <= ~start;
  initial kept = 1;
  always @(posedge clk) kept <= ~kept;
endmodule
`;

describe.skipIf(!installed)('equivalence_check', () => {
  it('refuses another edge, clock, reset, reset source, reset value, synchronous reset and initial value, each by name', async () => {
    const { equal, text } = await verdictOf(box, { name: 'every kind', gold: GOLD, gate: GATE });
    expect(equal).toBe(false);
    expect(text).toMatch(/^points 9\nproven 2\nunproven 7$/m);
    expect([...text.matchAll(/^ {2}refused (\w+)\[0\]/gm)].map((match) => match[1]).sort()).toEqual(
      ['clock', 'edge_', 'reset', 'source', 'start', 'sync', 'value'].sort(),
    );
    expect(text).toContain('refused edge_[0]: clock clk[0] rising; in the other version clock clk[0] falling');
    expect(text).not.toContain('counterexample');
    expect(text).toContain('refused start[0]: initial value 0; in the other version 1');
  });

  it('shows what tells two designs apart: the step from a reset on, the inputs, both outputs', async () => {
    const counter = (by: number): string =>
      `module m(input clk, input rst_n, input en, output reg [3:0] q);
      always @(posedge clk or negedge rst_n) if (!rst_n) q <= 0; else if (en) q <= q == 4'd3 ? q + ${by} : q + 1; endmodule`;
    const { equal, text } = await verdictOf(box, { name: 'counterexample', gold: counter(1), gate: counter(2) });
    expect(equal).toBe(false);
    expect(text).toMatch(
      /^counterexample, 6 steps in counterexample\.txt and counterexample\.vcd: step 6: q is 0100, in the other version 0101; with clk=[01] en=[01] rst_n=1$/m,
    );
  });

  const NAMED = [
    // without a name in common to compare
    'renamed init diff',
    'arst masked',
    // nothing to see but the clock
    'const d clk',
    'latch vs ff',
    'undriven bit',
    'gate assume',
    'mem edge',
    'z against 0',
    'z behind z',
    'black box input',
    // true pairs
    'gated clock',
    'shift renamed same',
    'renamed init same',
    'two clks same',
    'black box same',
    'mem same',
    'const same',
    'comb x',
    'z same',
  ];
  it.each(equivalencePairs().filter((pair) => NAMED.includes(pair.name)))('$name: equal is $equal', async (pair) => {
    const { equal, text } = await verdictOf(box, pair);
    expect([equal, text]).toEqual([pair.equal, text]);
  });

  it('says which ports differ, and fails on request when not everything is proven', async () => {
    const and = 'module m(input a, b, output y); assign y = a & b; endmodule';
    const ports = await verdictOf(box, {
      name: 'ports',
      gold: and,
      gate: and.replace('input a, b', 'input a, inout b'),
    });
    expect(ports.text).toContain('b: input 1 in the reference, inout 1 in the other version');
    const or = await verdictOf(
      box,
      { name: 'gate', gold: and, gate: and.replace('&', '|') },
      { parameters: { fail_unless_equal: true } },
    );
    expect(or.text).toMatch(
      /1 of 1 points are not proven equal \(step \d: y is [01], in the other version [01]; with a=[01] b=[01]\)/,
    );
  });
});
