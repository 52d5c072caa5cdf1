// The design from its tops, renaming across files, signatures and VHDL, as a person uses them; the outline follows the
// editor that is seen.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { watchConsole } from './support/app-fixture.ts';
import {
  chooseFile,
  makeWorkspace,
  openWorkspace,
  screenshots,
  seriousFaults,
  showPanel,
  switchLanguage,
} from './support/room.ts';
import { serveApp } from './support/served-app.ts';
import type { ServedApp } from './support/served-app.ts';

const FILES = {
  'src/fifo.sv':
    'module fifo #(parameter int WIDTH = 8) (input logic clk, input logic [WIDTH-1:0] data, output logic full);\n  leaf u_leaf (.a(clk));\nendmodule\nmodule leaf (input logic a);\nendmodule\n',
  'src/top.sv':
    'module top (input logic clk);\n  logic [15:0] data;\n  for (genvar i = 0; i < 2; i++) begin : g_lane\n    fifo #(.WIDTH(16)) u_fifo (.clk, .data(data), .full());\n  end\n  nosuch u_gone (clk);\n\nendmodule\n',
  // three clocks of a simulation of top
  'sim/top.vcd':
    '$timescale 1ns $end\n$scope module top $end\n$var wire 1 ! clk $end\n$var wire 16 # data [15:0] $end\n$scope module g_lane[0] $end\n$scope module u_fifo $end\n$var wire 1 ! clk $end\n$var wire 1 % full $end\n$upscope $end\n$upscope $end\n$upscope $end\n$enddefinitions $end\n#0\n0!\nb0 #\n0%\n#5\n1!\n#10\n0!\nb1 #\n#15\n1!\n1%\n',
  'src/old.vhd':
    'library ieee; use ieee.std_logic_1164.all;\nentity old is\n  port (clk : in std_logic);\nend entity old;\narchitecture rtl of old is\n  signal state : std_logic;\nbegin\n  u_f : entity work.fifo port map (clk => clk);\nend architecture rtl;\n',
};

// each is a way through several rooms
test.describe.configure({ timeout: 120_000 });

let home: string;
let workspace: string;
let app: ServedApp;
test.beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'genrtl-language-spec-'));
  workspace = await makeWorkspace(FILES);
});
// an address lets one browser in
test.beforeEach(async () => {
  app = await serveApp(home);
});
test.afterEach(() => app.stop());
test.afterAll(async () => {
  await Promise.all([home, workspace].map((folder) => rm(folder, { recursive: true, force: true })));
});

async function open(page: Page, file: string): Promise<void> {
  await chooseFile(page, file);
  await expect(page.locator('.editor-host:visible .view-line').first()).toBeVisible({ timeout: 60_000 });
}
const goTo = async (page: Page, place: string): Promise<void> => {
  const asked = page.locator('.quick-input-widget:visible');
  await page.locator('.monaco-editor:visible .view-lines').click();
  await page.keyboard.press('Control+G');
  await expect(asked).toBeVisible();
  await page.keyboard.type(place);
  await page.keyboard.press('Enter');
  await expect(asked).toHaveCount(0);
};
const onDisk = (file: string): Promise<string> => readFile(path.join(workspace, file), 'utf8');

test('design tree by keys, declarations of the workspace, a rename over files and back, what is missing in an instance', async ({
  page,
}) => {
  const problems = watchConsole(page);
  await openWorkspace(page, app.url, workspace);
  await open(page, 'src/top.sv');
  const outline = await showPanel(page, 'outline');
  await outline.getByRole('tab', { name: 'Design' }).click();
  const tree = outline.getByRole('tree', { name: 'Design' });
  await expect(tree.getByRole('treeitem')).toHaveText([/old/, /top/]);
  await tree.focus();
  await page.keyboard.press('t');
  for (const rows of [4, 5, 6]) {
    await page.keyboard.press('ArrowRight');
    await expect(tree.getByRole('treeitem')).toHaveCount(rows);
    if (rows < 6) await page.keyboard.press('ArrowDown');
  }
  await expect(tree.getByRole('treeitem')).toHaveText([
    /old/,
    /top/,
    /g_lane/,
    /u_fifo\s*fifo #\(WIDTH=16\)/,
    /u_leaf/,
    /u_gone.*not declared/,
  ]);
  // Enter leads to the instantiation, Shift+Enter to the module
  await page.keyboard.press('Enter');
  await expect(page.locator('.monaco-editor:visible .active-line-number')).toHaveText('4');
  await tree.focus();
  await page.keyboard.press('Shift+Enter');
  await expect(page.locator('.tab', { hasText: 'fifo.sv' })).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);
  await outline.getByRole('searchbox').fill('u_le');
  await expect(outline.getByRole('treeitem')).toHaveText([/u_leaf\s*src\/fifo\.sv:2/]);
  await outline.getByRole('searchbox').fill('');

  // F2 on a port: its module and every connection, and back
  await goTo(page, '1:56');
  await page.keyboard.press('F2');
  const input = page.locator('.rename-box input:visible');
  await expect(input).toHaveValue('clk');
  await input.fill('clock');
  await page.keyboard.press('Enter');
  // over several files it is looked at first
  const preview = page.getByRole('dialog', { name: 'Rename clk to clock' });
  await expect(preview.getByText('4 places in 3 files change.')).toBeVisible();
  await expect(preview.getByRole('listitem')).toHaveCount(4);
  expect(await onDisk('src/fifo.sv')).toBe(FILES['src/fifo.sv']);
  await preview.getByRole('button', { name: 'Rename' }).click();
  await expect(page.getByText('clk is now clock: 4 places in 3 files')).toBeVisible();
  await expect(page.locator('.view-lines:visible')).toContainText('input logic clock');
  expect(await onDisk('src/top.sv')).toContain('.clock(clk), .data(data)');
  expect(await onDisk('src/old.vhd')).toContain('port map (clock => clk)');
  await page.getByRole('button', { name: 'Undo the rename' }).click();
  await expect(page.locator('.view-lines:visible')).toContainText('input logic clk');
  expect(await Promise.all(Object.keys(FILES).map(onDisk))).toEqual(Object.values(FILES));
  // a name that is taken is refused, nothing is written
  await goTo(page, '1:56');
  await page.keyboard.press('F2');
  await input.fill('data');
  await page.keyboard.press('Enter');
  await expect(page.getByText('data is declared already')).toBeVisible();
  expect(await onDisk('src/fifo.sv')).toBe(FILES['src/fifo.sv']);

  // what an instance still needs, while it is typed
  await open(page, 'src/top.sv');
  await goTo(page, '7:1');
  await page.keyboard.type('fifo u_new (.clk(clk), ');
  await expect(page.locator('.parameter-hints-widget')).toContainText('Still missing: data, full');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect
    .poll(async () => {
      // one step too far is the text of before the last saving
      const left = await page.getByLabel('Unsaved changes').count();
      if (left > 0) await page.keyboard.press('Control+Z');
      return left;
    })
    .toBe(0);
  await switchLanguage(page, 'zh-CN');
  await expect(outline.getByRole('tab', { name: '设计' })).toBeVisible();
  await switchLanguage(page, 'en');
  expect(problems).toEqual([]);
});

test('VHDL has an outline and definitions; after a reload the outline is that of the file that is seen', async ({
  page,
}) => {
  const problems = watchConsole(page);
  await openWorkspace(page, app.url, workspace);
  await open(page, 'src/fifo.sv');
  await open(page, 'src/old.vhd');
  const outline = await showPanel(page, 'outline');
  const items = outline.getByRole('tree', { name: 'Outline of src/old.vhd' }).getByRole('treeitem');
  await expect(items).toHaveText([/^old/, /^clk/, /^rtl/, /^state/, /^u_f/]);
  await goTo(page, '8:25');
  await page.keyboard.press('F12');
  await expect(page.locator('.tab', { hasText: 'fifo.sv' }).first()).toBeVisible();
  await expect(outline.getByRole('tree', { name: 'Outline of src/fifo.sv' })).toBeVisible();
  // by the tab alone, without the text's focus
  await page.locator('.tab', { hasText: 'old.vhd' }).click();
  await expect(items).toHaveCount(5);
  // the layout is kept 0.8 s after its last change
  await page.waitForTimeout(1000);
  await page.reload();
  await expect(page.locator('.editor-host:visible .view-lines')).toContainText('entity');
  await expect(outline.getByRole('tree', { name: 'Outline of src/old.vhd' })).toBeVisible();
  // where the cursor was
  await expect(page.locator('.editor-host:visible .active-line-number')).toHaveText('8');
  await page.waitForTimeout(500);
  await expect(items).toHaveCount(5);
  expect(problems).toEqual([]);
});

test('one key from the source to the waveform and the schematic, and back', async ({ page }) => {
  const problems = watchConsole(page);
  await openWorkspace(page, app.url, workspace);
  await open(page, 'src/fifo.sv');
  // an output of a module: its signal in each instance
  await goTo(page, '1:102');
  await page.keyboard.press('F10');
  const waves = page.locator('[data-panel=waves]');
  const shown = waves.getByRole('listbox').getByRole('option', { selected: true });
  await expect(shown).toHaveText(/full/);
  // scopes by arrows, one stop of the Tab key
  const scopes = waves.getByRole('tree', { name: 'Hierarchy' });
  await scopes.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(scopes.getByRole('treeitem')).toHaveText(['top', 'g_lane[0]', 'u_fifo']);
  // back: what is selected in the waveform is declared there, with its value at the cursor beside it
  await waves
    .locator('canvas')
    .last()
    .click({ position: { x: 60, y: 60 } });
  await shown.click();
  await page.keyboard.press('F7');
  await expect(page.locator('.status-bar').getByText('Ln 1, Col 101')).toBeVisible();
  await expect(page.locator('.source-value').first()).toHaveText(/^\s*[01x]\s*$/);
  await screenshots(page, 'source-values');
  // the module as a schematic, from there its source
  await page.keyboard.press('F9');
  await expect(page.getByRole('combobox', { name: 'Module' })).toHaveValue('fifo');
  await page.keyboard.press('F7');
  await expect(page.locator('.editor-host:visible')).toBeVisible();
  // its nearest instance in the design
  await page.locator('.editor-host:visible .view-lines').click();
  await page.keyboard.press('F4');
  await expect(page.locator('[data-panel=outline]').getByRole('treeitem', { selected: true })).toHaveText(
    /^u_f\s*fifo/,
  );
  // what is in no waveform is said
  await open(page, 'src/old.vhd');
  await goTo(page, '6:11');
  await page.keyboard.press('F10');
  await expect(page.getByText('The open waveform does not hold state.')).toBeVisible();
  // any declaration of the workspace by name
  await page.keyboard.press('Control+T');
  await page.keyboard.type('leaf');
  await expect(page.locator('[data-panel=outline]').getByRole('treeitem').first()).toHaveText(/leaf\s*src\/fifo\.sv/);
  expect(problems).toEqual([]);
});
