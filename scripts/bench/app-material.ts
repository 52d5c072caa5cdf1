// Large things for the app's bench and its long session: a netlist, a waveform, a folder of many files, a run with many
// findings.
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { JobState } from '@genrtl/contracts';

/** A gate-level netlist of about `bytes`. */
export function writeNetlist(file: string, bytes: number): void {
  const lines = ['module netlist_top (input wire clk, input wire [63:0] a, output wire [63:0] y);'];
  for (let at = 0, size = 0; size < bytes; at += 1) {
    const line = `  NAND2X${at % 4} u${at} (.A(n${at}), .B(a[${at % 64}]), .Y(n${at + 1}));`;
    lines.push(line);
    size += line.length + 1;
  }
  writeFileSync(file, `${lines.join('\n')}\nendmodule\n`);
}

/** A VCD of about `bytes`: a clock and 59 buses of which a handful change in each cycle. */
export function writeVcd(file: string, bytes: number): void {
  const handle = openSync(file, 'w');
  const code = (at: number): string => String.fromCharCode(33 + at);
  const variables = Array.from(
    { length: 60 },
    (_, at) => `$var wire ${at === 0 ? 1 : 16} ${code(at)} ${at === 0 ? 'clk' : `bus${at}`} $end`,
  );
  let text = `$timescale 1ns $end\n$scope module big $end\n${variables.join('\n')}\n$upscope $end\n$enddefinitions $end\n`;
  for (let cycle = 0, size = 0; size < bytes; cycle += 1) {
    text += `#${cycle * 5}\n${cycle % 2}!\n`;
    for (let bus = 1; bus < 60; bus += 7)
      text += `b${((cycle * bus) & 0xffff).toString(2)} ${code(1 + ((bus + cycle) % 59))}\n`;
    if (text.length > 1e6) {
      size += writeSync(handle, text);
      text = '';
    }
  }
  writeSync(handle, text);
  closeSync(handle);
}

export function writeManyFiles(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < count; at += 1) writeFileSync(path.join(folder, `block_${String(at).padStart(6, '0')}.sv`), '');
}

/** What a failed lint leaves: a job, and its run folder with `count` findings over 100 files. */
export function writeFindings(workspace: string, count: number): void {
  const instant = '2026-01-01T00:00:00.000Z';
  const state = JobState.parse({
    schema_version: 1,
    workspace_id: 'ws_1',
    job_id: 'job_1',
    status: 'failed',
    flow: null,
    attempts: {},
    cost_usd: '0.00',
    created_at: instant,
    updated_at: instant,
    settings: {
      spec_path: path.join(workspace, 'spec.md'),
      model: null,
      max_usd: '20.00',
      max_repairs: 0,
      lint_tool: 'verilator',
      sim_tool: 'icarus',
      accept_dir: null,
      gates: { plan: 'auto', purchase: 'auto', patch: 'auto' },
    },
    steps: [
      {
        step_id: 'lint_1',
        step: 'lint',
        status: 'failed',
        outcome: 'FAIL',
        summary: `${count} findings`,
        started_at: instant,
        duration_ms: 40,
        cost_usd: '0.00',
      },
    ],
    facts: {},
    error: { code: 'DESIGN_FAILED', message: 'The design does not lint.', retryable: false },
  });
  const severities = ['error', 'warning', 'warning', 'warning', 'info'] as const;
  const findings = Array.from({ length: count }, (_, at) => ({
    tool: 'verilator',
    severity: severities[at % severities.length],
    code: 'WIDTHTRUNC',
    message: `Operator ASSIGN expects 4 bits on the right, but it generates 8 bits, in cell u${at}`,
    file: `src/block_${at % 100}.sv`,
    line: 1 + Math.floor(at / 100),
    column: 3,
  }));
  const run = path.join(workspace, '.genRTL/runs/job_1/lint_1');
  mkdirSync(run, { recursive: true });
  writeFileSync(path.join(run, 'diagnostics.json'), JSON.stringify(findings));
  writeFileSync(path.join(workspace, '.genRTL/state.json'), JSON.stringify(state));
}
