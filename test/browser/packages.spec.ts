// The package browser over the real registry: bought with a receipt, damaged and restored, instantiated into a file
// that then compiles.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { expect, test } from '@playwright/test';
import { Lockfile } from '@genrtl/contracts';
import { watchConsole } from './support/app-fixture.ts';
import { makeWorkspace, openWorkspace, screenshots, seriousFaults, showPanel, switchLanguage } from './support/room.ts';
import { serveApp } from './support/served-app.ts';
import type { ServedApp } from './support/served-app.ts';

const TOP = `module top (
  input logic clk, input logic rst_n, input logic wr_en, input logic [7:0] wr_data, input logic rd_en,
  output logic full, output logic almost_full, output logic [7:0] rd_data, output logic empty, output logic almost_empty, output logic [4:0] level
);

endmodule
`;

let home: string;
let workspace: string;
let app: ServedApp;
test.beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'genrtl-packages-'));
  workspace = await makeWorkspace({ 'src/top.sv': TOP });
  app = await serveApp(home);
});
test.afterAll(async () => {
  await app.stop();
  await Promise.all([home, workspace].map((folder) => rm(folder, { recursive: true, force: true })));
});

test('a package is found, bought, damaged, restored and instantiated, in both languages', async ({ page }) => {
  const problems = watchConsole(page);
  await openWorkspace(page, app.url, workspace);
  await page.keyboard.press('Control+P');
  await page.getByRole('dialog').getByRole('option', { name: 'src/top.sv' }).click();
  await expect(page.locator('.monaco-editor')).toBeVisible();
  const panel = await showPanel(page, 'cbb');

  await panel.getByPlaceholder('Search packages').fill('单时钟fifo');
  await expect(panel.locator('.cbb-row')).toHaveCount(1);
  await expect(panel.getByRole('heading', { name: 'Synchronous FIFO' })).toBeVisible();
  await expect(panel.getByRole('img', { name: /Timing of/ })).toHaveCount(2);
  await expect(panel.getByRole('cell', { name: 'almost_full', exact: true })).toBeVisible();
  await expect(panel.getByText('61 of 61 mutants killed').first()).toBeVisible();
  expect(await seriousFaults(page)).toEqual([]);

  await panel.getByRole('button', { name: 'Buy and install' }).click();
  await page.getByRole('button', { name: 'Buy for $0.25' }).click();
  await expect(panel.locator('.cbb-actions').getByText('Intact')).toBeVisible();
  const lockfile = Lockfile.parse(JSON.parse(await readFile(path.join(workspace, '.genRTL/genRTL.lock.json'), 'utf8')));
  const [entry] = lockfile.installed;
  expect(entry).toMatchObject({ cbb_id: 'cbb_fifo_sync', price_usd: '0.25' });
  await expect(panel.getByText(entry?.receipt_id ?? 'no receipt')).toBeVisible();

  const file = path.join(workspace, `.genRTL/vendor/cbb/cbb_fifo_sync/${entry?.version ?? ''}/rtl/cbb_fifo_sync.sv`);
  const whole = await readFile(file, 'utf8');
  await chmod(path.dirname(file), 0o755);
  await chmod(file, 0o644);
  await writeFile(file, whole.replace('full', 'fool'));
  await expect(panel.getByText('rtl/cbb_fifo_sync.sv was changed')).toBeVisible();
  await panel.getByRole('button', { name: 'Restore' }).click();
  await expect(panel.locator('.cbb-actions').getByText('Intact')).toBeVisible();
  expect(await readFile(file, 'utf8')).toBe(whole);
  await screenshots(page, 'packages');

  await page.locator('.tab', { hasText: 'top.sv' }).click();
  await page.locator('.monaco-editor .view-lines').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.locator('.tab', { hasText: 'Packages' }).click();
  await panel.getByRole('button', { name: 'Instantiate' }).click();
  await expect(page.locator('.monaco-editor .view-lines')).toContainText('cbb_fifo_sync');
  await page.keyboard.type('u_queue');
  await page.keyboard.press('Control+s');
  await expect.poll(() => readFile(path.join(workspace, 'src/top.sv'), 'utf8')).toContain(') u_queue (');
  const text = await readFile(path.join(workspace, 'src/top.sv'), 'utf8');
  expect(text).toMatch(
    /cbb_fifo_sync #\(\n\s+\.WIDTH\s+\(8\),\n\s+\.DEPTH\s+\(16\),\n\s+\.FWFT\s+\(1\)\n\) u_queue \(/,
  );
  expect(text).toMatch(/\.level\s+\(level\)\n\);\n\nendmodule|\.level\s+\(level\)\n\);\nendmodule/);

  await switchLanguage(page, 'zh-CN');
  await page.locator('.tab', { hasText: 'IP 包' }).click();
  await expect(panel.getByText('验证证据')).toBeVisible();
  await expect(panel.getByText('时序', { exact: true })).toBeVisible();
  expect(problems).toEqual([]);
});
