// A project of 200 files as somebody has it: file list, packages, headers, an own make target, a testbench. And a model
// that adds one module with its testbench and changes one line elsewhere.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Plan } from '@genrtl/contracts';
import type { FakeAnswer, FakeRequest } from '../fakes/models/script.ts';

const LEAVES = 190;
const GROUP = 19;
/** groups that have a file each; the others share one */
const OWN_FILES = 5;
const name = (index: number): string => `leaf_${String(index).padStart(3, '0')}`;

const SOC = `module soc (
  input  logic       clk,
  input  logic       rst_n,
  input  logic [7:0] a,
  output logic [7:0] y,
  output logic       par
);
  logic [7:0] stage [0:${LEAVES / GROUP}];
  assign stage[0] = a;
  for (genvar g = 0; g < 1; g++) begin : g_first
    group_0 u_group (.clk, .rst_n, .a(stage[0]), .y(stage[1]));
  end
${Array.from({ length: LEAVES / GROUP - 1 }, (_, at) => `  group_${at + 1} u_group_${at + 1} (.clk, .rst_n, .a(stage[${at + 1}]), .y(stage[${at + 2}]));`).join('\n')}
  assign y = stage[${LEAVES / GROUP}];
  assign par = 1'b0;
endmodule
`;

const bench = (top: string, withParity: boolean): string => `module ${top};
  logic clk = 0, rst_n = 0, par;
  logic [7:0] a = 0, y;
  int failures = 0;
  soc dut (.clk, .rst_n, .a, .y, .par);
  always #5 clk = ~clk;
  initial begin
    repeat (2) @(negedge clk);
    rst_n = 1;
    for (int i = 0; i < 256; i += 7) begin
      a = i[7:0];
      @(negedge clk);
      if (y !== a) begin failures++; $display("FAIL signal=y time=%0t", $time); end
${withParity ? '      if (par !== ^a) begin failures++; $display("FAIL signal=par time=%0t", $time); end\n' : ''}    end
    if (failures == 0) $display("PASS");
    $finish;
  end
endmodule
`;

/** 200 files; \`make style\` fails already and has nothing to do with what anybody asks for. */
export function writeExistingProject(root: string): void {
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  put('rtl/include/soc/defs.svh', '`define WIDTH soc_pkg::Width\n');
  put('rtl/pkg/soc_pkg.sv', 'package soc_pkg;\n  localparam int Width = 8;\nendpackage\n');
  const files = ['rtl/pkg/soc_pkg.sv'];
  for (let index = 0; index < LEAVES; index++) {
    const file = `rtl/blk/${name(index)}.sv`;
    files.push(file);
    put(
      file,
      `\`include "soc/defs.svh"\nmodule ${name(index)} (input logic [\`WIDTH-1:0] a, output logic [\`WIDTH-1:0] y);\n  assign y = a;\nendmodule\n`,
    );
  }
  const groups = Array.from(
    { length: LEAVES / GROUP },
    (
      _,
      group,
    ) => `module group_${group} (input logic clk, input logic rst_n, input logic [7:0] a, output logic [7:0] y);
  logic unused;
  assign unused = clk & rst_n;
  logic [7:0] s [0:${GROUP}];
  assign s[0] = a;
${Array.from({ length: GROUP }, (_each, at) => `  ${name(group * GROUP + at)} u_${at} (.a(s[${at}]), .y(s[${at + 1}]));`).join('\n')}
  assign y = s[${GROUP}];
endmodule
`,
  );
  for (const [group, text] of groups.slice(0, OWN_FILES).entries()) {
    files.push(`rtl/blk/group_${group}.sv`);
    put(`rtl/blk/group_${group}.sv`, text);
  }
  put('rtl/groups.sv', groups.slice(OWN_FILES).join(''));
  files.push('rtl/groups.sv', 'rtl/soc.sv');
  put('rtl/soc.sv', SOC);
  put('scripts/rtl.f', `+incdir+rtl/include\n${files.join('\n')}\n`);
  put('dv/tb_soc.sv', bench('tb_soc', false));
  put('smoke/smoke.sv', bench('smoke', false));
  put(
    'Makefile',
    `.PHONY: smoke style
smoke:
\tmkdir -p out
\tiverilog -g2012 -c scripts/rtl.f -s smoke -o out/smoke smoke/smoke.sv
\tvvp -N out/smoke > out/smoke.log
\tgrep -q '^PASS' out/smoke.log && echo TEST PASSED >> out/smoke.log
\techo '<testsuite><testcase classname="soc" name="smoke"/></testsuite>' > out/results.xml
style:
\t@echo 'ERROR: rtl/blk/leaf_007.sv has no header'
`,
  );
}

export const CHECKS = `checks:
  - { name: benches, sim: icarus }
  - { name: smoke, command: [make, -s, smoke], log: out/smoke.log, results: out/results.xml, pass: "TEST PASSED", needs: { write: [out] } }
  - { name: style, command: [make, -s, style], pass: "STYLE OK", fail: "ERROR:" }
`;

export const SPEC = `# Parity for the SoC

The existing module soc drives its output par with 0. Add a module parity (input [7:0] d, output p, where p is the XOR of all
bits of d) and let soc drive par with the parity of its input a. Nothing else changes.
`;

const port = (name: string, direction: 'input' | 'output', width = '1') => ({
  name,
  direction,
  width,
  description: '',
});
const PLAN: Plan = {
  title: 'Parity',
  summary: 'soc gets a parity of its input.',
  top: {
    name: 'soc',
    purpose: 'the chip',
    parameters: [],
    clocks: ['clk'],
    resets: [{ name: 'rst_n', active: 'low', async: true }],
    instances: [
      { name: 'u_parity', of: 'parity' },
      { name: 'u_group_1', of: 'group_1' },
    ],
    ports: [
      port('clk', 'input'),
      port('rst_n', 'input'),
      port('a', 'input', '8'),
      port('y', 'output', '8'),
      port('par', 'output'),
    ],
  },
  modules: [
    {
      name: 'parity',
      purpose: 'XOR of all bits',
      parameters: [],
      clocks: [],
      resets: [],
      instances: [],
      ports: [port('d', 'input', '8'), port('p', 'output')],
    },
  ],
  cbb_requirements: [],
  verification: { checks: [{ id: 'c1', text: 'par is the parity of a', spec_line: 4 }] },
  files: [
    { path: 'rtl/blk/parity.sv', purpose: 'new' },
    { path: 'rtl/soc.sv', purpose: 'one line' },
    { path: 'scripts/rtl.f', purpose: 'names the new file' },
    { path: 'dv/tb_par.sv', purpose: 'looks at par' },
  ],
  assumptions: [],
  questions: [],
};

const SOC_LINES = SOC.split('\n').length - 1;
/** lines of the file list */
const LAST = LEAVES + OWN_FILES + 4;
const BENCH = bench('tb_par', true);
const NEW_BENCH = `--- /dev/null
+++ b/dv/tb_par.sv
@@ -0,0 +1,${BENCH.split('\n').length - 1} @@
${BENCH.trimEnd()
  .split('\n')
  .map((line) => `+${line}`)
  .join('\n')}
`;
/** First too much: a makefile. Then wrong, so that a check fails, and cut off before its last file. Then right. */
const patch = (expression: string, more = ''): string => `--- /dev/null
+++ b/rtl/blk/parity.sv
@@ -0,0 +1,3 @@
+module parity (input logic [7:0] d, output logic p);
+  assign p = ${expression};
+endmodule
--- a/rtl/soc.sv
+++ b/rtl/soc.sv
@@ -${SOC_LINES - 2},3 +${SOC_LINES - 2},3 @@
   assign y = stage[${LEAVES / GROUP}];
-  assign par = 1'b0;
+  parity u_parity (.d(a), .p(par));
 endmodule
--- a/scripts/rtl.f
+++ b/scripts/rtl.f
@@ -${LAST - 1},2 +${LAST - 1},3 @@
 rtl/groups.sv
+rtl/blk/parity.sv
 rtl/soc.sv
${NEW_BENCH}${more}`;
const FIX = `--- a/rtl/blk/parity.sv
+++ b/rtl/blk/parity.sv
@@ -1,3 +1,3 @@
 module parity (input logic [7:0] d, output logic p);
-  assign p = &d;
+  assign p = ^d;
 endmodule
`;
const MAKEFILE = '--- a/Makefile\n+++ b/Makefile\n@@ -2,2 +2,2 @@\n-smoke:\n+smoke: lint\n \tmkdir -p out\n';

export interface ParityModel {
  readonly script: (request: FakeRequest) => FakeAnswer;
  /** what was asked, by phase */
  readonly prompts: { plan: string[]; code: string[] };
}

export function parityModel(): ParityModel {
  const prompts: ParityModel['prompts'] = { plan: [], code: [] };
  const script = (request: FakeRequest): FakeAnswer => {
    const text = JSON.stringify(request.body);
    if (text.includes('Make the plan for this specification')) {
      prompts.plan.push(text);
      return { kind: 'text', text: JSON.stringify(PLAN) };
    }
    prompts.code.push(text);
    if (text.includes('Mend this design')) return { kind: 'text', text: FIX };
    if (prompts.code.length === 1) return { kind: 'text', text: patch('&d', MAKEFILE) };
    if (text.includes('remaining files only')) return { kind: 'text', text: NEW_BENCH };
    const whole = patch('&d');
    return { kind: 'text', text: whole.slice(0, whole.indexOf('+++ b/dv/tb_par.sv') + 60), stop: 'length' };
  };
  return { script, prompts };
}
