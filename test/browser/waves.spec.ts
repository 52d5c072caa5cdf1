// The waveform room on what a real simulation left: from the failing check to signal and time, cursors, groups, radix;
// then a large file.
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { JobState } from '@genrtl/contracts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { runTool } from '@genrtl/eda/runner/index.ts';
import { ROW_PX } from '../../renderer/features/waves/wave-rows.ts';
import { expect, test } from './support/app-fixture.ts';
import { makeWorkspace, screenshots, seriousFaults, showPanel, showWorkspace, switchLanguage } from './support/room.ts';

const COUNTER = `module counter (input logic clk, input logic rst_n, output logic [7:0] count);
  typedef enum logic [1:0] { LOW, HIGH = 2 } level_e;
  level_e level;
  always_comb if (count[5]) level = HIGH; else level = LOW;
  always_ff @(posedge clk or negedge rst_n) if (!rst_n) count <= 0; else count <= count == 8'd40 ? 8'd0 : count + 8'd3;
endmodule
`;
const BENCH = `\`timescale 1ns/1ns
module tb_counter;
  logic clk = 0, rst_n = 0;
  logic [7:0] count;
  counter dut (.*);
  always #5 clk = ~clk;
  initial begin
    if ($test$plusargs("vcd")) begin end
    #12 rst_n = 1;
    #1013 if (count !== 8'd7) begin $display("FAIL signal=count time=%0t", $time); $error("count is %0d, expected 7 signal=count", count); end
    #100 $finish;
  end
endmodule
`;

const INSTANT = '2026-01-01T00:00:00.000Z';
const FAILED_JOB = JobState.parse({
  schema_version: 1,
  workspace_id: 'ws_1',
  job_id: 'job_1',
  status: 'failed',
  flow: null,
  attempts: {},
  cost_usd: '0.00',
  created_at: INSTANT,
  updated_at: INSTANT,
  settings: {
    spec_path: '/spec.md',
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
      step_id: 'sim_1',
      step: 'sim',
      status: 'failed',
      outcome: 'FAIL',
      summary: '0 of 1 passed',
      started_at: INSTANT,
      duration_ms: 40,
      cost_usd: '0.00',
    },
  ],
  facts: {
    tests: [
      {
        name: 'tb_counter',
        kind: 'testbench',
        passed: false,
        tool: 'icarus',
        duration_ms: 40,
        failures: [{ signal: 'count', time: '1025', message: 'FAIL signal=count time=1025' }],
      },
    ],
    diagnostics: [
      {
        tool: 'icarus',
        severity: 'error',
        message: 'count is wrong, signal=count',
        file: 'tb/tb_counter.sv',
        line: 10,
        time: '1025 ns',
      },
    ],
  },
  error: { code: 'DESIGN_FAILED', message: 'A testbench fails.', retryable: false },
});

/** 20 MB here: 100 MB, as the bench takes them, differ by the time of one indexing pass only. */
function writeLarge(file: string): void {
  const handle = openSync(file, 'w');
  const code = (at: number): string => String.fromCharCode(33 + at);
  let text = `$timescale 1ns $end\n$scope module big $end\n${Array.from({ length: 60 }, (_, at) => `$var wire ${at === 0 ? 1 : 16} ${code(at)} ${at === 0 ? 'clk' : `bus${at}`} $end`).join('\n')}\n$upscope $end\n$enddefinitions $end\n`;
  for (let cycle = 0, size = 0; size < 20e6; cycle++) {
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

let workspace: string;
test.beforeAll(async () => {
  workspace = await makeWorkspace({ 'src/counter.sv': COUNTER, 'tb/tb_counter.sv': BENCH });
  const adapter = adapterById('icarus');
  if (adapter === undefined) throw new Error('no adapter for Icarus');
  const run = await runTool({
    adapter,
    action: 'simulate',
    workspace,
    sources: ['src/counter.sv', 'tb/tb_counter.sv'],
    top: 'tb_counter',
    runDir: path.join(workspace, '.genRTL/build/last_run'),
    waves: { format: 'vcd', file: 'waves.vcd' },
  });
  // another run: the first 3 is a 7
  const dump = await readFile(run.waves ?? '', 'utf8');
  await mkdir(path.join(workspace, 'sim'));
  await writeFile(path.join(workspace, 'sim/other.vcd'), dump.replace(/^b11 /m, 'b111 '));
  // the newest is opened first
  await utimes(path.join(workspace, 'sim/other.vcd'), 1, 1);
});
test.afterAll(() => rm(workspace, { recursive: true, force: true }));

test('waveforms: hierarchy, search, groups, radix, cursors, a failing check, a large file; in both languages', async ({
  app,
  appPage: page,
}) => {
  app.jobs.current = FAILED_JOB;
  await showWorkspace(page, app.host.origin, workspace);
  const panel = await showPanel(page, 'waves');
  const names = panel.getByRole('listbox', { name: 'Shown signals' });
  await expect(names.getByText('clk', { exact: true })).toBeVisible();
  // all controls stand in one line beside the other rooms
  const tools = await panel
    .locator('.waves-tools')
    .evaluate((line) => ({ height: line.clientHeight, over: line.scrollWidth - line.clientWidth }));
  expect(tools.height).toBeLessThan(40);
  expect(tools.over).toBeLessThanOrEqual(0);
  // each name stands beside its own trace
  const tops = await names
    .getByRole('option')
    .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top));
  expect(tops.length).toBeGreaterThan(2);
  expect(tops.map((top) => top - (tops[0] ?? 0))).toEqual(tops.map((_, at) => at * ROW_PX));

  await panel.getByPlaceholder('Search signals').fill('dut count');
  await panel.getByRole('treeitem', { name: /tb_counter\.dut\.count/ }).dblclick();
  const added = names.getByRole('option').filter({ hasText: 'count' });
  await expect(added).toHaveCount(2);
  await added.last().click();
  await panel.getByLabel('Radix of the selected signals').selectOption('unsigned');
  await names.getByText('clk', { exact: true }).click({ modifiers: ['Control'] });
  await panel.getByRole('button', { name: 'Group the selected signals' }).click();
  await expect(names.getByRole('option').filter({ hasText: 'Group' })).toHaveCount(1);

  // names of states from the source, an analog row, bits, a colour, and all of it under a name
  await panel.getByPlaceholder('Search signals').fill('dut level');
  await panel.getByRole('treeitem', { name: /tb_counter\.dut\.level/ }).dblclick();
  const level = names.getByRole('option').filter({ hasText: 'level' });
  await level.click();
  await panel.getByLabel('Radix of the selected signals').selectOption('names');
  await expect(level).toContainText(/LOW|HIGH/);
  await added.first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Analog' }).click();
  await expect(added.first()).toHaveCSS('height', '78px');
  await panel.getByRole('button', { name: 'How the selected rows are shown' }).click();
  await page.getByRole('menuitem', { name: 'Show the bits' }).click();
  await expect(names.getByRole('option').filter({ hasText: 'count[7]' })).toHaveCount(1);
  await panel.getByRole('button', { name: 'How the selected rows are shown' }).click();
  await page.getByRole('menuitem', { name: 'Violet' }).click();
  const views = panel.getByLabel('Views');
  await views.selectOption('save');
  await page.getByLabel('Name of the view').fill('levels');
  await page.keyboard.press('Enter');
  const arranged = await names.getByRole('option').allInnerTexts();
  await panel.getByRole('button', { name: 'How the selected rows are shown' }).click();
  await page.getByRole('menuitem', { name: 'Hide the bits' }).click();
  await expect(names.getByRole('option')).toHaveCount(arranged.length - 8);
  await views.selectOption('show levels');
  await expect(names.getByRole('option')).toHaveCount(arranged.length);
  await added.first().click();
  await panel.getByRole('button', { name: 'How the selected rows are shown' }).click();
  await page.getByRole('menuitem', { name: 'Hide the bits' }).click();

  // another run of the same bench: where the two part
  await panel.getByLabel('Compare with…').selectOption('sim/other.vcd');
  await expect(panel.locator('.waves-comparison')).toContainText(
    /First difference to sim\/other\.vcd at \d+ ns: count is 03 here, 07 there/,
  );
  await panel.getByRole('button', { name: 'Show it' }).click();
  await expect(names.locator('[aria-selected=true]')).toContainText('03');
  await panel.locator('.waves-comparison').getByRole('button', { name: 'Close' }).click();

  const canvas = panel.locator('canvas');
  await canvas.click({ position: { x: 60, y: 100 } });
  await canvas.click({ position: { x: 160, y: 100 }, modifiers: ['Shift'] });
  await expect(panel.getByText(/^Δ .*Hz$/)).toBeVisible();
  await canvas.focus();
  await page.keyboard.press('n');
  await expect(panel.locator('.waves-cursor-a')).toHaveText(/A \d+(\.\d+)? (ns|us)/);
  await page.keyboard.press('f');
  expect(await seriousFaults(page)).toEqual([]);
  await screenshots(page, 'waves');

  // From the finding to its signal and time.
  await page.locator('[data-panel=problems]').getByRole('button', { name: 'Show in the waveform' }).click();
  await expect(panel.locator('.waves-cursor-a')).toHaveText('A 1.025 us');
  await expect(panel.locator('.waves-range')).toHaveText('725 ns … 1.125 us');
  await expect(names.locator('[aria-selected=true]')).toHaveAttribute('title', 'tb_counter.count');
  await expect(names.locator('[aria-selected=true]')).toContainText('32');

  // the row of the finding leads there as its button does
  await canvas.focus();
  await page.keyboard.press('f');
  await expect(panel.locator('.waves-range')).not.toHaveText('725 ns … 1.125 us');
  await page.locator('[data-panel=problems] .problem').first().click();
  await expect(panel.locator('.waves-range')).toHaveText('725 ns … 1.125 us');
  // names have a room of their own, and a splitter that keys move
  const splitter = panel.getByRole('separator');
  const room = Number(await splitter.getAttribute('aria-valuenow'));
  await splitter.focus();
  await page.keyboard.press('ArrowRight');
  await expect(splitter).toHaveAttribute('aria-valuenow', String(room + 16));

  // to a time, then to where the selected signal takes a value
  await canvas.focus();
  await page.keyboard.press('g');
  await page.keyboard.type('0.8 us');
  await page.keyboard.press('Enter');
  await expect(panel.locator('.waves-cursor-a')).toHaveText('A 800 ns');
  await page.keyboard.type('9');
  await page.keyboard.press('Enter');
  await expect(panel.getByText('No time of this waveform.')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.type('>= ');
  await page.keyboard.press('Enter');
  await expect(panel.getByText('No value of this signal.')).toBeVisible();
  await page.keyboard.type('32');
  await page.keyboard.press('Enter');
  await expect(panel.locator('.waves-cursor-a')).not.toHaveText('A 800 ns');
  await expect(names.locator('[aria-selected=true]')).toContainText('32');

  // a marker, kept with the rows over a reload
  await page.keyboard.press('Escape');
  await page.keyboard.press('m');
  await expect(panel.getByLabel('Markers')).toContainText('1 marker');
  await expect
    .poll(() => page.evaluate(() => Object.values(localStorage).some((kept) => /"markers":\[\d/.test(String(kept)))))
    .toBe(true);

  // The large file: indexed in main's worker, drawn from windows.
  writeLarge(path.join(workspace, 'sim-large.vcd'));
  await page.locator('[data-panel=explorer]').getByText('sim-large.vcd').waitFor();
  await page.reload();
  await expect(panel.getByLabel('Markers')).toContainText('1 marker');
  await expect(names.getByRole('option').filter({ hasText: 'Group' })).toHaveCount(1);
  const files = panel.getByLabel('Waveform file');
  await files.selectOption(await files.locator('option', { hasText: 'sim-large' }).innerText());
  await expect(names.getByText('bus20', { exact: false }).first()).toBeVisible();
  await expect.poll(async () => Number(await canvas.getAttribute('data-draw-ms'))).toBeGreaterThan(0);
  for (let step = 0; step < 6; step++) {
    await panel.getByRole('button', { name: 'Zoom in (+)' }).click();
  }
  await switchLanguage(page, 'zh-CN');
  await expect(panel.getByPlaceholder('搜索信号')).toBeVisible();
  await expect(panel.getByRole('listbox', { name: '已显示的信号' })).toBeVisible();
});
