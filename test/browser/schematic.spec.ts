// The schematic room over the real Yosys: blocks, buses, into an instance, to the source; and a module that does not
// elaborate.
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './support/app-fixture.ts';
import { makeWorkspace, screenshots, seriousFaults, showPanel, showWorkspace, switchLanguage } from './support/room.ts';

const SUB =
  'module scaler #(parameter int W = 8) (input logic [W-1:0] a, input logic [1:0] gain, output logic [W-1:0] y);\n  assign y = a << gain;\nendmodule\n';
const TOP = `module chain (
  input  logic clk, input logic rst_n, input logic [7:0] d, input logic [1:0] gain, input logic bypass,
  output logic [7:0] q, output logic peak
);
  logic [7:0] scaled, next;
  scaler #(.W(8)) u_scaler (.a(d), .gain(gain), .y(scaled));
  assign next = bypass ? d : scaled + 8'd1;
  always_ff @(posedge clk or negedge rst_n) if (!rst_n) q <= 8'd0; else q <= next;
  assign peak = q == 8'hff;
endmodule
`;

let workspace: string;
test.beforeAll(async () => {
  workspace = await makeWorkspace({ 'src/scaler.sv': SUB, 'src/chain.sv': TOP });
});
test.afterAll(() => rm(workspace, { recursive: true, force: true }));

test('a module is drawn, leads to its source and into its instances; a fault is said with its line; in both languages', async ({
  app,
  appPage: page,
}) => {
  await showWorkspace(page, app.host.origin, workspace);
  const panel = await showPanel(page, 'schematic');
  await expect(panel.getByLabel('Module', { exact: true })).toHaveValue('chain');
  const instance = panel.locator('[data-node=u_scaler]');
  await expect(instance).toBeVisible();
  await expect(panel.locator('.block-register[data-node=q]')).toHaveCount(1);
  await expect(panel.locator('.block-mux')).toHaveCount(1);
  await expect(panel.locator('.block-port')).toHaveCount(7);
  expect(await panel.locator('.wire-bus').count()).toBeGreaterThan(4);
  expect(await seriousFaults(page)).toEqual([]);
  await expect(panel.getByText('Sources have changed.')).toHaveCount(0);
  await screenshots(page, 'schematic');

  await instance.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.monaco-editor .active-line-number')).toHaveText('6');
  await page.locator('.tab', { hasText: 'Schematic' }).click();
  await instance.dblclick();
  await expect(panel.getByLabel('Module', { exact: true })).toHaveValue('scaler');
  await page.locator('.tab', { hasText: 'Schematic' }).click();
  await expect(panel.locator('[data-node="<<"]')).toBeVisible();

  await writeFile(path.join(workspace, 'src/scaler.sv'), SUB.replace('a << gain', 'a << missing_gain('));
  await expect(panel.getByText('Sources have changed.')).toBeVisible();
  await panel.getByRole('button', { name: 'Elaborate again' }).click();
  await expect(panel.getByText('scaler does not elaborate')).toBeVisible();
  await panel
    .locator('.schematic-failure')
    .getByRole('button', { name: /src\/scaler\.sv:2/ })
    .click();
  await expect(page.locator('.tab', { hasText: 'scaler.sv' })).toBeVisible();

  await switchLanguage(page, 'zh-CN');
  await page.locator('.tab', { hasText: '原理图' }).click();
  await expect(panel.getByText('scaler 无法展开')).toBeVisible();
});

// two stages: the trace of the second ends at the first
const STAGES = `module stages (input logic clk, input logic [7:0] a, b, output logic [7:0] y);
  logic [7:0] first_q, second_q, sum, product;
  assign sum = a + 8'd1;
  always_ff @(posedge clk) first_q <= sum;
  assign product = first_q ^ b;
  always_ff @(posedge clk) second_q <= product;
  assign y = second_q;
endmodule
`;
/** More operators than a picture holds, in one chain. */
const LARGE = `module long_chain (input logic clk, input logic [7:0] d, output logic [7:0] q);
${Array.from({ length: 90 }, (_, at) => `  logic [7:0] s${at}_q; always_ff @(posedge clk) s${at}_q <= ((${at === 0 ? 'd' : `s${at - 1}_q`} + 8'd${at + 1}) ^ 8'd${at + 3}) - ~${at === 0 ? 'd' : `s${at - 1}_q`};`).join('\n')}
  assign q = s89_q;
endmodule
`;

test('registers have names; search, net, fan-in and fan-out by keys', async ({ app, appPage: page }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  const folder = await makeWorkspace({ 'src/stages.sv': STAGES });
  await showWorkspace(page, app.host.origin, folder);
  const panel = await showPanel(page, 'schematic');
  const block = (name: string) => panel.locator(`[data-node="${name}"]`);
  await expect(block('second_q').getByText('second_q', { exact: true })).toBeVisible();
  await expect(block('first_q')).toBeVisible();

  // search from the drawing, and its first stage back
  await block('second_q').focus();
  await page.keyboard.press('/');
  await page.keyboard.type('second');
  await page.keyboard.press('Enter');
  await expect(panel.getByText('1 of 1')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(block('second_q')).toBeFocused();
  await page.keyboard.press('i');
  await expect(panel.getByText('Fan-in of second_q, 1 stage: 4 blocks')).toBeVisible();
  await expect(panel.locator('.block-faint[data-node="+"]')).toBeVisible();
  await expect(panel.locator('.block-faint[data-node="^"]')).toHaveCount(0);
  await screenshots(page, 'schematic-cone');
  await block('second_q').focus();
  await page.keyboard.press('i');
  await expect(panel.getByText(/^Fan-in of second_q, 2 stages/)).toBeVisible();
  await expect(panel.locator('.block-faint[data-node="+"]')).toHaveCount(0);

  // only the cone of an input, then everything again
  await block('a').focus();
  await page.keyboard.press('o');
  await panel.getByRole('button', { name: 'Only what stands out' }).click();
  await expect(block('second_q')).toHaveCount(0);
  await expect(block('first_q')).toBeVisible();
  await panel.getByRole('button', { name: 'Only what stands out' }).click();
  await expect(block('second_q')).toBeVisible();
  await panel.getByRole('button', { name: 'Nothing stands out (Esc)' }).click();

  // a wire: its net, and its declaration
  const wire = panel.locator('.wire[data-net=first_q] .wire-reach').first();
  await wire.click({ force: true });
  await expect(panel.getByText('Net first_q: 1 load')).toBeVisible();
  await expect(panel.locator('.wire-marked')).toHaveCount(1);
  expect(await seriousFaults(page)).toEqual([]);
  await page.keyboard.press('F7');
  await expect(page.locator('.monaco-editor .active-line-number')).toHaveText('2');
  await rm(folder, { recursive: true, force: true });
});

test('of a module that is too large the part around a signal is drawn, in Chinese', async ({ app, appPage: page }) => {
  const folder = await makeWorkspace({ 'src/long_chain.sv': LARGE });
  await showWorkspace(page, app.host.origin, folder);
  await switchLanguage(page, 'zh-CN');
  const panel = await showPanel(page, 'schematic');
  const block = (name: string) => panel.locator(`[data-node="${name}"]`);
  await expect(panel.getByLabel('模块', { exact: true })).toHaveValue('long_chain');
  await expect(panel.getByText('逻辑过多：仅显示实例。')).toBeVisible();
  await panel.getByLabel('查找信号或模块单元 (/)').fill('s40_q');
  await page.keyboard.press('Enter');
  await expect(panel.getByText('s40_q 的扇入，1 级。')).toBeVisible();
  await expect(block('s39_q')).toBeVisible();
  await expect(block('s38_q')).toHaveCount(0);
  await panel.getByRole('button', { name: '再展开一级' }).click();
  await expect(block('s38_q')).toBeVisible();
  await screenshots(page, 'schematic-around');
  await panel.getByRole('button', { name: '整个模块', exact: true }).click();
  await expect(panel.getByText('逻辑过多：仅显示实例。')).toBeVisible();
  await rm(folder, { recursive: true, force: true });
});
