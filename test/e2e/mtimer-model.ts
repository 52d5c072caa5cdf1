// A scripted model for the machine timer: wrong twice, right only when the evidence names what is wrong.
import type { Plan } from '@genrtl/contracts';
import type { FakeAnswer, FakeRequest } from '../fakes/models/script.ts';

const PORTS: [string, 'input' | 'output', number][] = [
  ['clk', 'input', 1],
  ['rst_n', 'input', 1],
  ['active', 'input', 1],
  ['prescale', 'input', 12],
  ['step', 'input', 8],
  ['mtime_we', 'input', 1],
  ['mtime_wdata', 'input', 64],
  ['mtimecmp', 'input', 64],
  ['mtime', 'output', 64],
  ['intr', 'output', 1],
];

export const PLAN: Plan = {
  title: 'Machine timer',
  summary: 'A prescaled 64-bit timer with compare interrupt.',
  top: {
    name: 'mtimer',
    purpose: 'timer',
    parameters: [],
    clocks: ['clk'],
    resets: [{ name: 'rst_n', active: 'low', async: true }],
    instances: [],
    ports: PORTS.map(([name, direction, width]) => ({ name, direction, width: String(width), description: '' })),
  },
  modules: [],
  cbb_requirements: [],
  verification: {
    checks: [
      { id: 'c1', text: 'ticks every prescale + 1 clocks', spec_line: 27 },
      { id: 'c2', text: 'interrupt at mtime >= mtimecmp', spec_line: 19 },
    ],
  },
  files: [
    { path: 'src/mtimer.sv', purpose: 'the timer' },
    { path: 'tb/tb_mtimer.sv', purpose: 'its bench' },
  ],
  assumptions: [],
  questions: [],
};

export const RTL = `\`default_nettype none
module mtimer (
  input  wire logic        clk,
  input  wire logic        rst_n,
  input  wire logic        active,
  input  wire logic [11:0] prescale,
  input  wire logic [7:0]  step,
  input  wire logic        mtime_we,
  input  wire logic [63:0] mtime_wdata,
  input  wire logic [63:0] mtimecmp,
  output logic      [63:0] mtime,
  output logic             intr
);
  logic [11:0] count;
  wire tick = active && (count >= prescale);

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) count <= 12'd0;
    else if (tick) count <= 12'd0;
    else if (active) count <= count + 12'd1;
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) mtime <= 64'd0;
    else if (mtime_we) mtime <= mtime_wdata;
    else if (tick) mtime <= mtime + {56'd0, step};
  end

  assign intr = mtime >= mtimecmp;
endmodule
\`default_nettype wire
`;

/** The line of the declaration that the first answer leaves out, and of the comparison that the second gets wrong. */
const TICK = '  wire tick = active && (count >= prescale);\n';
const INTR = '  assign intr = mtime >= mtimecmp;\n';
const BAD_INTR = '  assign intr = mtime > mtimecmp;\n';

export const BENCH = `\`timescale 1ns/1ps
module tb_mtimer;
  logic clk = 0, rst_n = 0, active = 0, mtime_we = 0;
  logic [11:0] prescale = 12'd2;
  logic [7:0] step = 8'd3;
  logic [63:0] mtime_wdata = 0, mtimecmp = 64'd9, mtime;
  logic intr;
  integer failures = 0;
  reg [1023:0] file;
  reg [63:0] want;
  reg [11:0] ticks;
  integer i;
  mtimer dut (.*);
  always #5 clk = ~clk;
  task check(input [63:0] expected);
    begin
      if (mtime !== expected) begin failures = failures + 1; if (failures < 20) $display("FAIL signal=mtime time=%0d", $time); end
      if (intr !== (expected >= mtimecmp)) begin failures = failures + 1; if (failures < 20) $display("FAIL signal=intr time=%0d", $time); end
    end
  endtask
  initial begin
    if ($value$plusargs("vcd=%s", file)) begin $dumpfile(file); $dumpvars(0, tb_mtimer); end
    want = 0; ticks = 0;
    repeat (2) @(negedge clk);
    check(64'd0);
    rst_n = 1;
    active = 1;
    for (i = 0; i < 200; i = i + 1) begin
      if (i == 60) begin mtime_we = 1; mtime_wdata = 64'hffff_ffff_ffff_fffa; end
      if (i == 61) mtime_we = 0;
      if (i == 100) active = 0;
      if (i == 110) active = 1;
      if (i == 120) begin prescale = 12'd0; step = 8'd255; mtimecmp = 64'd4000; end
      if (i == 160) begin prescale = 12'd5; step = 8'd1; end
      if (mtime_we) want = mtime_wdata; else if (active && ticks >= prescale) want = want + step;
      if (active) ticks = (ticks >= prescale) ? 12'd0 : ticks + 12'd1;
      @(negedge clk);
      check(want);
    end
    rst_n = 0;
    #1 check(64'd0);
    if (failures == 0) $display("PASS");
    $finish;
  end
endmodule
`;

export function newFile(path: string, text: string): string {
  const lines = text.replace(/\n$/, '').split('\n');
  return `--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}`).join('\n')}\n`;
}

function change(path: string, text: string, from: string, to: string): string {
  const before = text.slice(0, text.indexOf(from)).split('\n').length;
  const removed =
    from === ''
      ? []
      : from
          .trimEnd()
          .split('\n')
          .map((line) => `-${line}`);
  const added =
    to === ''
      ? []
      : to
          .trimEnd()
          .split('\n')
          .map((line) => `+${line}`);
  return `--- a/${path}\n+++ b/${path}\n@@ -${before},${removed.length} +${before},${added.length} @@\n${[...removed, ...added].join('\n')}\n`;
}

export type Service = 'plan' | 'implement' | 'repair';

export function serviceOf(request: FakeRequest): Service {
  if (request.text.includes('as the planning engineer')) return 'plan';
  return request.text.includes('failing') && request.text.includes('diagnostics, root causes first')
    ? 'repair'
    : 'implement';
}

/** Misspelt: the linter finds no declaration of `tikc`. */
const FIRST = RTL.replace('else if (tick) mtime', 'else if (tikc) mtime').replace(INTR, BAD_INTR);
const SECOND = RTL.replace(INTR, BAD_INTR);

export interface MtimerModel {
  readonly script: (request: FakeRequest) => FakeAnswer;
  readonly seen: { service: Service; text: string }[];
}

/** `hide` edits what the model sees of the evidence before it judges it. */
export function mtimerModel(hide: (text: string) => string = (text) => text): MtimerModel {
  const seen: { service: Service; text: string }[] = [];
  const text = (answer: string): FakeAnswer => ({
    kind: 'text',
    text: answer,
    chunking: { mode: 'awkward', upTo: 40 },
  });
  return {
    seen,
    script: (request) => {
      const service = serviceOf(request);
      const prompt = hide(request.text);
      seen.push({ service, text: request.text });
      if (service === 'plan') return text(JSON.stringify(PLAN));
      if (service === 'implement')
        return text(
          `Here is the design.\n\n\`\`\`diff\n${newFile('src/mtimer.sv', FIRST)}${newFile('tb/tb_mtimer.sv', BENCH)}\`\`\`\n`,
        );
      const evidence = prompt.slice(prompt.indexOf('diagnostics, root causes first'));
      const badLine = FIRST.slice(0, FIRST.indexOf('tikc')).split('\n').length;
      const namesLine = new RegExp(`src/mtimer\\.sv:${badLine}\\b[^\\n]*tikc`).test(evidence);
      if (namesLine)
        return text(
          change(
            'src/mtimer.sv',
            FIRST,
            "    else if (tikc) mtime <= mtime + {56'd0, step};\n",
            "    else if (tick) mtime <= mtime + {56'd0, step};\n",
          ),
        );
      // mtime reaches mtimecmp = 9 with the third tick: reset until 20 ns, ticks at 45, 75 and 105 ns, looked at 5 ns
      // later
      const namesSignalAndTime =
        /signal=intr|\bintr\b/.test(evidence) &&
        /\b110\b/.test(evidence) &&
        /src\/mtimer\.sv|tb\/tb_mtimer\.sv/.test(evidence);
      if (namesSignalAndTime) return text(change('src/mtimer.sv', SECOND, BAD_INTR, INTR));
      return text(change('src/mtimer.sv', SECOND, TICK, `${TICK}  // nothing in the evidence told what to change\n`));
    },
  };
}
