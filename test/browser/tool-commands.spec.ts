// Tools by command and key, without a job: lint to Problems, a netlist with its log, a simulation to the waveform.
// Real tools on real files.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { seriousFaults, watchConsole } from './support/app-fixture.ts';
import { makeWorkspace, openWorkspace, screenshots, switchLanguage } from './support/room.ts';
import { serveApp } from './support/served-app.ts';

const FILES = {
  'src/types.sv': 'package types;\n  localparam int W = 4;\nendpackage\n',
  'src/count.sv':
    'module count import types::*; (input logic clk, rst_n, output logic [W-1:0] q);\n  logic spare;\n' +
    "  always_ff @(posedge clk or negedge rst_n) if (!rst_n) q <= '0; else q <= q + 1'b1;\nendmodule\n",
  'tb/tb_count.sv':
    'module tb_count;\n  logic clk = 0, rst_n = 0; logic [3:0] q;\n  always #5 clk = ~clk;\n  count dut (.*);\n' +
    '  initial begin #12 rst_n = 1; #100 $display("PASS"); $finish; end\nendmodule\n',
};

test('lint, synthesise, simulate and elaborate by palette and key, in both languages', async ({ page }) => {
  const home = await mkdtemp(path.join(tmpdir(), 'genrtl-tools-home-'));
  const workspace = await makeWorkspace(FILES);
  const app = await serveApp(home);
  const problems = watchConsole(page);
  try {
    await openWorkspace(page, app.url, workspace);
    await page.keyboard.press('Control+Shift+P');
    await page.keyboard.type('Synthesise');
    await page.getByRole('option', { name: /Synthesise with Yosys/ }).waitFor();
    await page.keyboard.press('Enter');
    await expect(page.getByText(/^Synthesise of count with yosys: passed.* \d+ cells\.$/)).toBeVisible({
      timeout: 60_000,
    });
    const log = page.locator('[data-panel=log]');
    await expect(log.getByRole('combobox', { name: 'Step' })).toHaveValue('@last');
    await expect(log.getByRole('log')).toContainText('Yosys');
    await screenshots(page, 'tool-log');

    // the spare net is the linter's finding, and stands in Problems
    await page.keyboard.press('Control+F7');
    const room = page.locator('[data-panel=problems]');
    await expect(room.getByText(/spare/).first()).toBeVisible({ timeout: 60_000 });
    expect(await seriousFaults(page)).toEqual([]);

    await switchLanguage(page, 'zh-CN');
    await page.keyboard.press('Control+F8');
    await expect(page.getByText(/执行展开/)).toBeVisible({ timeout: 60_000 });
    await page.keyboard.press('Control+F9');
    await expect(page.locator('[data-panel=waves] canvas')).toBeVisible({ timeout: 60_000 });
    expect(problems).toEqual([]);
  } finally {
    await app.stop();
    await rm(home, { recursive: true, force: true });
    await rm(workspace, { recursive: true, force: true });
  }
});
