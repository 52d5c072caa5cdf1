// What confinement costs a run: the same run with and without it, in turn, so that whatever else the machine does falls
// on both. The quickest of each are compared, too: other work only ever adds to them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { runTool } from '@genrtl/eda/runner/index.ts';
import type { ToolAdapter } from '@genrtl/eda/adapter.ts';
import type { ToolAction, ToolId } from '@genrtl/contracts';
import { median, type Measurement } from './table.ts';

const PAIRS = 40;

const DESIGN = 'module dut(input wire clk, output reg [7:0] q = 0);\n  always @(posedge clk) q <= q + 1;\nendmodule\n';
/** About what the benches of small modules take: some 50 ms of simulation. */
const BENCH = `module tb;
  reg clk = 0; wire [7:0] q; integer i;
  dut dut(.clk(clk), .q(q));
  initial begin
    for (i = 0; i < 60000; i = i + 1) begin #5 clk = 1; #5 clk = 0; end
    if (q === 8'd96) $display("PASS"); else $display("FAIL signal=q time=%0d", $time);
    $finish;
  end
endmodule
`;

interface Pair {
  readonly confined: number;
  readonly free: number;
}

async function pairs(tool: ToolId, action: ToolAction, workspace: string): Promise<Pair[]> {
  const adapter: ToolAdapter | undefined = adapterById(tool);
  if (adapter === undefined) throw new TypeError(`there is no adapter for ${tool}`);
  const once = async (mode: 'required' | 'off'): Promise<number> => {
    const started = performance.now();
    const result = await runTool({
      adapter,
      action,
      workspace,
      sources: ['src/dut.sv', ...(action === 'simulate' ? ['tb/tb.sv'] : [])],
      top: action === 'simulate' ? 'tb' : 'dut',
      runDir: path.join(workspace, '.genRTL/runs/bench'),
      confinement: { mode },
    });
    if (result.verdict !== 'pass') throw new Error(`the bench run of ${tool} ended as ${result.verdict}`);
    return performance.now() - started;
  };
  await once('required');
  await once('off');
  const found: Pair[] = [];
  for (let round = 0; round < PAIRS; round += 1) {
    // neither is always the first
    const first = round % 2 === 0 ? 'required' : 'off';
    const a = await once(first);
    const b = await once(first === 'required' ? 'off' : 'required');
    found.push(first === 'required' ? { confined: a, free: b } : { confined: b, free: a });
  }
  return found;
}

export async function benchConfinement(): Promise<Measurement[]> {
  const workspace = mkdtempSync(path.join(tmpdir(), 'genrtl-bench-'));
  try {
    for (const folder of ['src', 'tb']) mkdirSync(path.join(workspace, folder));
    writeFileSync(path.join(workspace, 'src/dut.sv'), DESIGN);
    writeFileSync(path.join(workspace, 'tb/tb.sv'), BENCH);
    const rows: Measurement[] = [];
    for (const [tool, action, what] of [
      ['verilator', 'lint', 'lint with Verilator, one command'],
      ['icarus', 'simulate', 'simulation with Icarus, two commands'],
    ] as const) {
      const measured = await pairs(tool, action, workspace);
      rows.push(
        {
          name: `${what}: added by confinement, quickest of ${PAIRS} pairs`,
          value: Math.min(...measured.map(({ confined }) => confined)) - Math.min(...measured.map(({ free }) => free)),
          unit: 'ms',
          goal: { max: 15 },
        },
        {
          name: `${what}: added by confinement, median of ${PAIRS} pairs`,
          value: median(measured.map(({ confined, free }) => confined - free)),
          unit: 'ms',
        },
        {
          name: `${what}: confined / not confined`,
          value: median(measured.map(({ confined, free }) => confined / free)),
          unit: '×',
        },
      );
    }
    return rows;
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}
