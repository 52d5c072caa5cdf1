// The editor's language features over the real syntax index; unsaved work through a crash; changes from outside; a 25
// MB netlist.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { allowed, watchConsole } from './support/app-fixture.ts';
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

const FIFO = `module fifo #(
  parameter int WIDTH = 8
) (
  input  logic clk,
  input  logic [WIDTH-1:0] wr_data,
  output logic full
);
  assign full = ^wr_data & clk;
endmodule
`;
const TOP = `module top (input logic clk, output logic busy);
  logic [7:0] data;
  always_ff @(posedge clk) data <= data + 8'd1;
  fifo #(.WIDTH(8)) u_fifo (.clk(clk), .wr_data(data), .full(busy));

endmodule
`;
const NETLIST_BYTES = 25 * 1024 * 1024;

let home: string;
let workspace: string;
let app: ServedApp;
test.beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'genrtl-editor-'));
  const cells: string[] = [];
  for (let size = 0, at = 0; size < NETLIST_BYTES; at += 1) {
    cells.push(`  NAND2X1 U${at} ( .A(n${at}), .B(n${at + 1}), .Y(n${at + 2}) );\n`);
    size += cells.at(-1)?.length ?? 0;
  }
  workspace = await makeWorkspace({
    'src/fifo.sv': FIFO,
    'src/top.sv': TOP,
    'net/netlist.v': `module netlist;\n${cells.join('')}endmodule\n`,
  });
  app = await serveApp(home);
});
test.afterAll(async () => {
  await app.stop();
  await Promise.all([home, workspace].map((folder) => rm(folder, { recursive: true, force: true })));
});

async function open(page: Page, file: string): Promise<void> {
  await chooseFile(page, file);
  await expect(page.locator('.editor-host .view-line').first()).toBeVisible();
}
const line = (page: Page): ReturnType<Page['locator']> => page.locator('.monaco-editor:visible .active-line-number');
const goTo = async (page: Page, place: string): Promise<void> => {
  const asked = page.locator('.quick-input-widget:visible');
  await page.keyboard.press('Control+G');
  await expect(asked).toBeVisible();
  await page.keyboard.type(place);
  await page.keyboard.press('Enter');
  await expect(asked).toHaveCount(0);
};

test('outline, breadcrumbs, definition, references and hover; in both languages', async ({ page }) => {
  const problems = watchConsole(page);
  await openWorkspace(page, app.url, workspace);
  await open(page, 'src/top.sv');
  const outline = await showPanel(page, 'outline');
  await expect(outline.getByRole('treeitem', { name: /u_fifo/ })).toBeVisible();

  // definition of a connected port, in another file; back in the first its references
  await outline.getByRole('treeitem', { name: /u_fifo/ }).click();
  await goTo(page, '4:43');
  await expect(page.locator('.crumbs')).toContainText('topu_fifo');
  await page.keyboard.press('F12');
  await expect(page.locator('.tab', { hasText: 'fifo.sv' })).toBeVisible();
  await expect(line(page)).toHaveText('5');
  await page.keyboard.press('Shift+F12');
  const search = page.locator('[data-panel=search]');
  await expect(search.getByText('3 uses of wr_data')).toBeVisible();
  await search.getByRole('button', { name: /u_fifo/ }).click();
  await expect(line(page)).toHaveText('4');

  // hover shows the module with its parameters and ports
  await goTo(page, '4:4');
  await page.keyboard.press('Control+K');
  await page.keyboard.press('Control+I');
  await expect(page.locator('.monaco-hover:visible')).toContainText('parameter int WIDTH = 8');
  expect(await seriousFaults(page)).toEqual([]);
  await screenshots(page, 'editor');
  await switchLanguage(page, 'zh-CN');
  await expect(search.getByText('wr_data 的 3 处引用')).toBeVisible();
  await switchLanguage(page, 'en');
  expect(problems).toEqual([]);
});

test('completion; unsaved work through a crash; changes from outside; a netlist', async ({ page }) => {
  test.setTimeout(90_000);
  const problems = watchConsole(page);
  await app.stop();
  app = await serveApp(home);
  await openWorkspace(page, app.url, workspace);
  await open(page, 'src/top.sv');
  const search = page.locator('[data-panel=search]');

  // an instantiation with its ports
  await page.locator('.monaco-editor:visible .view-lines').click();
  await goTo(page, '5:1');
  await expect(line(page)).toHaveText('5');
  await page.keyboard.type('fif');
  await expect(page.locator('.suggest-widget')).toContainText('fifo');
  await page.keyboard.press('Enter');
  await page.keyboard.type('u_second');
  await page.keyboard.press('Escape');
  await expect(page.locator('.view-lines')).toContainText('.wr_data(wr_data)');

  // its nets are declared without asking a model, and one undo takes them back
  const lines = page.locator('.monaco-editor:visible .view-lines');
  await page.keyboard.press('Control+Shift+P');
  await page
    .getByPlaceholder(/Search commands/)
    .last()
    .fill('Complete the ports');
  await page.keyboard.press('Enter');
  await expect(lines).toContainText(/logic\s\[7:0\]\swr_data;/);
  await expect(lines).toContainText(/logic\sfull;/);
  await page.keyboard.press('Control+Z');
  await expect(lines).not.toContainText(/logic\sfull;/);
  await expect(lines).toContainText('.wr_data(wr_data)');

  // the project's linter speaks of the text as it is, on no disk; switched off it is silent
  const found = await showPanel(page, 'problems');
  await expect(found.getByText(/^Live lint: Verilator, \d+ findings$/)).toBeVisible();
  const told = found.locator('.problem-row', { has: page.getByText('live', { exact: true }) });
  await expect(told.filter({ hasText: /wr_data/ }).first()).toContainText('verilator');
  await expect(page.locator('.monaco-editor:visible .squiggly-warning').first()).toBeAttached();
  expect(await readFile(path.join(workspace, 'src/top.sv'), 'utf8')).toBe(TOP);
  await page.keyboard.press('Control+,');
  await page.getByLabel("The project's linter looks at what is typed").uncheck();
  await page.keyboard.press('Escape');
  await expect(told).toHaveCount(0);

  // find in files
  await page.keyboard.press('Control+Shift+F');
  await search.getByPlaceholder('Find in files').fill('wr_data');
  await search.getByPlaceholder(/Files/).fill('src/');
  await page.keyboard.press('Enter');
  await expect(search.getByText(/hits in 2 files/)).toBeVisible();
  await search.getByPlaceholder('Find in files').fill('');
  await expect(search.getByText('Nothing was searched for yet.')).toBeVisible();

  // the host is killed and started again: what was typed is there, marked as unsaved, and undo leads to the disk's text
  await expect(page.getByLabel('Unsaved changes')).toBeVisible();
  await page.waitForTimeout(900);
  allowed.push('WebSocket connection');
  await app.kill();
  app = await serveApp(home);
  await openWorkspace(page, app.url, workspace);
  await expect(page.getByText('Unsaved work in 1 file was restored.')).toBeVisible();
  await page.locator('.tab', { hasText: 'top.sv' }).click();
  await expect(page.locator('.view-lines')).toContainText('u_second');
  expect(await readFile(path.join(workspace, 'src/top.sv'), 'utf8')).toBe(TOP);

  // the file changes under the unsaved work
  await writeFile(path.join(workspace, 'src/top.sv'), `// from outside\n${TOP}`);
  await expect(page.locator('.editor-bar-warning')).toBeVisible();
  await page.locator('.editor-bar-warning').getByRole('button').first().click();
  await expect(page.locator('.view-lines')).toContainText('// from outside');
  await expect(page.getByLabel('Unsaved changes')).toHaveCount(0);

  // 25 MB on a slow line the first lines are there long before the rest, to be read and not to be edited
  let arrive = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  await page.route('**/ipc', async (route) => {
    const { request } = route.request().postDataJSON() as { request: { offset?: number } };
    if ((request.offset ?? 0) > 0) await held;
    await route.continue();
  });
  await open(page, 'net/netlist.v');
  await expect(page.getByText('The first lines; the rest of the file is on its way.')).toBeVisible();
  await expect(page.locator('.view-lines:visible')).toContainText('module netlist;');
  await page.locator('.monaco-editor:visible .view-lines').click();
  await page.keyboard.type('typed too early');
  await expect(page.locator('.view-lines:visible')).not.toContainText('typed too early');
  await page.keyboard.press('Escape');
  arrive();
  await expect(page.getByText('Large file: without outline')).toBeVisible();
  await expect(page.getByText('The first lines;')).toHaveCount(0);
  await expect(page.getByLabel('Unsaved changes')).toHaveCount(0);
  await expect(page.locator('.view-lines:visible')).toContainText('NAND2X1');
  await page.locator('.monaco-editor:visible').click();
  await goTo(page, '400000');
  await expect(line(page)).toHaveText('400000');

  await switchLanguage(page, 'zh-CN');
  await expect(page.getByText('大文件：不提供大纲')).toBeVisible();

  // a closed editor is gone: whatever holds one also holds the 286 listeners of its panel and tab
  const devtools = await page.context().newCDPSession(page);
  const listeners = async (): Promise<number> => {
    await devtools.send('HeapProfiler.collectGarbage');
    return (await devtools.send('Memory.getDOMCounters')).jsEventListeners;
  };
  const openAndClose = async (): Promise<void> => {
    await open(page, 'src/fifo.sv');
    await page.keyboard.press('Control+F4');
    await expect(page.locator('.tab', { hasText: 'fifo.sv' })).toHaveCount(0);
  };
  await openAndClose();
  const before = await listeners();
  for (let time = 0; time < 4; time += 1) await openAndClose();
  // what was asked of main for the last one may still be on its way
  await expect.poll(listeners, { timeout: 15_000 }).toBeLessThan(before + 286);
  expect(problems).toEqual([]);
});
