// Runs without a job, with the real tools: a netlist is made of the design whatever benches stand beside it, and what
// Yosys cannot read is no fault of the person's files.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { netlistCells } from './netlist-size.ts';
import { runOnWorkspace } from './tool-session.ts';
import type { SessionAction } from './tool-session.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'genrtl-session-'));
  for (const [name, text] of Object.entries({
    'src/types.sv': 'package types;\n  localparam int W = 4;\nendpackage\n',
    'src/count.sv':
      'module count import types::*; (input logic clk, rst_n, output logic [W-1:0] q);\n' +
      "  always_ff @(posedge clk or negedge rst_n) if (!rst_n) q <= '0; else q <= q + 1'b1;\nendmodule\n",
    'tb/tb_count.sv':
      'module tb_count;\n  logic clk = 0, rst_n = 0; logic [3:0] q;\n  always #5 clk = ~clk;\n  count dut (.*);\n' +
      '  initial begin #12 rst_n = 1; #100 $display("PASS"); $finish; end\nendmodule\n',
  })) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const runOf = (action: SessionAction, top: string | null = null) =>
  runOnWorkspace({
    workspace: root,
    tool: null,
    action,
    top,
    runDir: path.join(root, '.genRTL/build/last_run'),
    env: { ...process.env, GENRTL_HOME: path.join(root, '.home') },
    signal: new AbortController().signal,
  });

test('synthesise takes the design, not its bench, reads package imports, and leaves no copies', async () => {
  const result = await runOf('synthesise');
  expect(result).toMatchObject({ tool: 'yosys', passed: true, tops: ['count'], error: null });
  expect(readFileSync(path.join(root, '.genRTL/build/last_run/netlist.v'), 'utf8')).toContain('module count');
  expect(await netlistCells(path.join(root, '.genRTL/build/last_run'))).toBeGreaterThan(3);
  expect(readdirSync(path.join(root, '.genRTL/build/last_run'))).not.toContain('read');
});

test('elaborate is by the linter, and a fault is told with its file', async () => {
  expect(await runOf('elaborate', 'count')).toMatchObject({ tool: 'verilator', passed: true });
  const file = path.join(root, 'src/count.sv');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace("q + 1'b1", 'nowhere(q)'));
  const failed = await runOf('synthesise', 'count');
  writeFileSync(file, text);
  expect(failed.passed).toBe(false);
  expect(failed.diagnostics.find(({ severity }) => severity === 'error')).toMatchObject({
    file: 'src/count.sv',
    line: 2,
  });
  expect(existsSync(path.join(root, '.home'))).toBe(false);
});
