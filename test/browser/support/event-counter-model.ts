// The scripted author of the whole flow: an event counter whose counts go through a bought FIFO; its first answer does
// not lint, its second does.
import type { Plan } from '@genrtl/contracts';
import type { FakeAnswer, FakeRequest } from '../../fakes/models/script.ts';
import { newFile, serviceOf } from '../../e2e/mtimer-model.ts';

export const SPEC = `# Event counter

Counts pulses on \`pulse\` and keeps each count in a FIFO until it is read. A synchronous FIFO of 8 entries is bought, never rewritten.

| Signal | Direction | Width | Description |
|---|---|---|---|
| clk | input | 1 | clock |
| rst_n | input | 1 | asynchronous reset, active low |
| pulse | input | 1 | an event |
| pop | input | 1 | takes the oldest count |
| count | output | 8 | events so far |
| oldest | output | 8 | oldest count kept |
| empty | output | 1 | nothing is kept |

Each rising clock edge with \`pulse\` high adds one to \`count\` and keeps the new count.
`;

const PORTS: readonly (readonly [string, 'input' | 'output', number])[] = [
  ['clk', 'input', 1],
  ['rst_n', 'input', 1],
  ['pulse', 'input', 1],
  ['pop', 'input', 1],
  ['count', 'output', 8],
  ['oldest', 'output', 8],
  ['empty', 'output', 1],
];

export const PLAN: Plan = {
  title: 'Event counter with history',
  summary: 'Counts pulses; each count is kept in a bought FIFO.',
  top: {
    name: 'event_counter',
    purpose: 'Counts pulses and keeps the counts.',
    parameters: [],
    clocks: ['clk'],
    resets: [{ name: 'rst_n', active: 'low', async: true }],
    instances: [{ name: 'u_fifo', of: 'cbb_fifo_sync', cbb: 'cbb_fifo_sync' }],
    ports: PORTS.map(([name, direction, width]) => ({ name, direction, width: String(width), description: '' })),
  },
  modules: [],
  cbb_requirements: [{ id: 'u_fifo', function: 'cbb_fifo_sync', parameters: { WIDTH: 8, DEPTH: 8 }, needs_tb: false }],
  verification: {
    checks: [
      { id: 'c1', text: 'count grows with pulse', spec_line: 15 },
      { id: 'c2', text: 'oldest is the first count kept', spec_line: 15 },
    ],
  },
  files: [
    { path: 'src/event_counter.sv', purpose: 'the counter and its FIFO' },
    { path: 'tb/tb_event_counter.sv', purpose: 'its bench' },
  ],
  assumptions: [],
  questions: ['Shall count wrap at 255?'],
};

const NEXT = "  wire [7:0] next_count = count + 8'd1;\n";
/** A file of the person's own, which the author changes in two places. */
export const DEFINES =
  '`ifndef EVENT_DEFS\n`define EVENT_DEFS\n// width of the count\n`define COUNT_W 4\n// depth of the history\n`define DEPTH 4\n`endif\n';
const DEFINES_PATCH = `--- a/src/event_defs.svh
+++ b/src/event_defs.svh
@@ -3,5 +3,5 @@
 // width of the count
-\`define COUNT_W 4
+\`define COUNT_W 8
 // depth of the history
-\`define DEPTH 4
+\`define DEPTH 8
 \`endif
`;
const RTL = `\`default_nettype none
module event_counter (
  input  wire logic       clk,
  input  wire logic       rst_n,
  input  wire logic       pulse,
  input  wire logic       pop,
  output logic      [7:0] count,
  output wire logic [7:0] oldest,
  output wire logic       empty
);
${NEXT}
  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) count <= 8'd0;
    else if (pulse) count <= next_count;
  end

  cbb_fifo_sync #(.WIDTH(8), .DEPTH(8)) u_fifo (
    .clk(clk), .rst_n(rst_n), .wr_en(pulse), .wr_data(next_count), .full(), .almost_full(),
    .rd_en(pop), .rd_data(oldest), .empty(empty), .almost_empty(), .level()
  );
endmodule
\`default_nettype wire
`;
const BROKEN = RTL.replace('count <= next_count', 'count <= nxt_count');

const BENCH = `\`timescale 1ns/1ps
module tb_event_counter;
  logic clk = 0, rst_n = 0, pulse = 0, pop = 0;
  wire [7:0] count, oldest;
  wire empty;
  reg [7:0] want = 0, first = 0;
  integer failures = 0, i;
  reg [1023:0] file;
  event_counter dut (.*);
  always #5 clk = ~clk;
  task check(input [7:0] expected);
    if (count !== expected) begin failures = failures + 1; $display("FAIL signal=count time=%0d", $time); end
  endtask
  initial begin
    if ($value$plusargs("vcd=%s", file)) begin $dumpfile(file); $dumpvars(0, tb_event_counter); end
    repeat (2) @(negedge clk);
    check(8'd0);
    if (empty !== 1'b1) begin failures = failures + 1; $display("FAIL signal=empty time=%0d", $time); end
    rst_n = 1;
    for (i = 0; i < 6; i = i + 1) begin
      pulse = (i != 3);
      if (pulse) want = want + 1;
      @(negedge clk);
      check(want);
    end
    pulse = 0;
    for (i = 1; i <= 5; i = i + 1) begin
      if (oldest !== i || empty !== 1'b0) begin failures = failures + 1; $display("FAIL signal=oldest time=%0d", $time); end
      pop = 1; @(negedge clk); pop = 0;
    end
    if (empty !== 1'b1) begin failures = failures + 1; $display("FAIL signal=empty time=%0d", $time); end
    rst_n = 0; #1 check(8'd0);
    if (failures == 0) $display("PASS");
    $finish;
  end
endmodule
`;

/** Answers right only if the evidence names the line at fault. */
export function flowModel(seen: { service: string; text: string }[]): (request: FakeRequest) => FakeAnswer {
  const text = (answer: string): FakeAnswer => ({ kind: 'text', text: answer });
  const line = BROKEN.slice(0, BROKEN.indexOf('nxt_count')).split('\n').length;
  return (request) => {
    const service = serviceOf(request);
    seen.push({ service, text: request.text });
    if (service === 'plan') return text(JSON.stringify(PLAN));
    if (service === 'implement')
      return text(
        `\`\`\`diff\n${newFile('src/event_counter.sv', BROKEN)}${newFile('tb/tb_event_counter.sv', BENCH)}${DEFINES_PATCH}\`\`\`\n`,
      );
    if (!new RegExp(`src/event_counter\\.sv:${line}\\b[^\\n]*nxt_count`).test(request.text))
      return text('I cannot tell what is wrong.');
    return text(
      `--- a/src/event_counter.sv\n+++ b/src/event_counter.sv\n@@ -${line},1 +${line},1 @@\n-    else if (pulse) count <= nxt_count;\n+    else if (pulse) count <= next_count;\n`,
    );
  };
}
