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
  await expect(panel.locator('.block-register')).toHaveCount(1);
  await expect(panel.locator('.block-mux')).toHaveCount(1);
  await expect(panel.locator('.block-port')).toHaveCount(7);
  expect(await panel.locator('.wire-bus').count()).toBeGreaterThan(4);
  expect(await seriousFaults(page)).toEqual([]);
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
