// What golden commands cannot prove: waves, seeds, plusargs, parameters and coverage with the tools themselves, below
// folders with blanks and non-ASCII names; and line numbers in the digits of any script.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ToolId } from '@genrtl/contracts';
import { DiagnosticCollector, feedLines } from '../parsing/index.ts';
import { detectTool, runTool } from '../runner/index.ts';
import type { RunToolRequest, RunToolResult } from '../runner/index.ts';
import { openWaves } from '../waves/index.ts';
import { adapterById } from './index.ts';

let workspace: string;
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'genrtl wörk 空-'));
  mkdirSync(join(workspace, 'src files'));
  writeFileSync(
    join(workspace, 'src files/zähler.sv'),
    "module counter #(parameter int W = 4) (input logic clk, output logic [W-1:0] q);\n  initial q = '0;\n  always_ff @(posedge clk) q <= q + 1'b1;\nendmodule\n",
  );
  writeFileSync(
    join(workspace, 'src files/tb.sv'),
    `\`timescale 1ns/1ps
module tb #(parameter int STEPS = 5);
  logic clk = 0;
  logic [3:0] q;
  int seed = 0;
  string mode = "none";
  counter dut (.clk, .q);
  always #5 clk = !clk;
  initial begin
    if ($value$plusargs("seed=%d", seed)) $display("seed %0d", seed);
    if ($value$plusargs("mode=%s", mode)) $display("mode %s", mode);
    repeat (STEPS) @(negedge clk);
    if (q == STEPS[3:0]) $display("PASS"); else $display("FAIL signal=q time=%0t", $time);
    $finish;
  end
endmodule
`,
  );
});
afterAll(() => {
  rmSync(workspace, { recursive: true, force: true });
});

function adapterOf(id: ToolId) {
  const adapter = adapterById(id);
  if (adapter === undefined) throw new Error(`no adapter ${id}`);
  return adapter;
}

async function simulate(
  id: ToolId,
  more: Partial<RunToolRequest>,
): Promise<{ result: RunToolResult; runDir: string; log: string }> {
  const runDir = join(workspace, `läufe/${id}`);
  const result = await runTool({
    adapter: adapterOf(id),
    action: 'simulate',
    workspace,
    sources: ['src files/zähler.sv', 'src files/tb.sv'],
    top: 'tb',
    runDir,
    seed: 42,
    plusargs: ['mode=fast'],
    parameters: { STEPS: '7' },
    ...more,
  });
  return { result, runDir, log: readFileSync(join(runDir, 'raw_stdout.log'), 'utf8') };
}

describe.each([
  ['icarus', 'vcd'],
  ['icarus', 'fst'],
  ['verilator', 'fst'],
] as const)('%s', (id, format) => {
  it(`takes seed, plusargs and parameters, and leaves ${format} waves`, async (context) => {
    if ((await detectTool(adapterOf(id), process.env)) === null) {
      context.skip(`${id} is not installed`);
      return;
    }
    const coverage = id === 'verilator';
    const dumped = id === 'icarus';
    const { result, runDir, log } = await simulate(id, {
      coverage,
      ...(dumped ? { waves: { format, file: `w.${format}` } } : {}),
    });
    expect(result.verdict, log).toBe('pass');
    expect(log).toContain('seed 42');
    expect(log).toContain('mode fast');
    if (coverage) expect(existsSync(join(runDir, 'coverage.dat'))).toBe(true);
    if (!dumped) return;
    const waves = await openWaves(result.waves ?? '');
    try {
      // the seventh falling edge: STEPS was overridden
      expect(
        (await waves.valueAt('tb.dut.q', { value: '71', unit: 'ns' })) ?? (await waves.valueAt('tb.dut.q', waves.end)),
      ).toBe('0111');
    } finally {
      await waves.close();
    }
  }, 60_000);
});

describe('line numbers in other digits', () => {
  const FORMS: readonly (readonly [ToolId, (line: string) => string])[] = [
    ['icarus', (line) => `src/a.sv:${line}: error: no`],
    ['verilator', (line) => `%Error: src/a.sv:${line}:٢: no`],
    ['yosys', (line) => `src/a.sv:${line}: ERROR: no`],
    ['ghdl', (line) => `src/a.vhd:${line}:2: no`],
    ['verible', (line) => `src/a.sv:${line}:2: syntax error at token "x"`],
    ['questa', (line) => `** Error: src/a.sv(${line}): (vlog-13069) no`],
    ['xcelium', (line) => `xmvlog: *E,NO (src/a.sv,${line}|2): no`],
    ['vivado', (line) => `ERROR: [Synth 8-1] no [src/a.sv:${line}]`],
  ];
  it.each(FORMS)('%s', (id, form) => {
    for (const digits of ['123', '١٢٣', '۱۲۳', '１２３', '१२३']) {
      const collector = new DiagnosticCollector(null);
      const feed = feedLines(adapterOf(id).createParser('stderr', collector));
      feed.push(Buffer.from(form(digits)));
      feed.end();
      expect(collector.diagnostics(), digits).toMatchObject([{ severity: 'error', line: 123 }]);
    }
  });
});
