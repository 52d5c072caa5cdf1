// The explorer on a real disk: watched, made, renamed, trashed, searched, locked; thousands of files without a row for
// each.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { watchConsole } from './support/app-fixture.ts';
import { makeWorkspace, openWorkspace, screenshots, seriousFaults, switchLanguage } from './support/room.ts';
import { serveApp } from './support/served-app.ts';
import type { ServedApp } from './support/served-app.ts';

const MANY = 5_000;

let home: string;
let workspace: string;
let app: ServedApp;
test.beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'genrtl-explorer-'));
  workspace = await makeWorkspace({
    'src/top.sv': 'module top;\nendmodule\n',
    '.genRTL/vendor/cbb/cbb_x/1.0.0/rtl/x.sv': 'module cbb_x;\nendmodule\n',
  });
  mkdirSync(path.join(workspace, 'many'));
  for (let at = 0; at < MANY; at += 1) writeFileSync(path.join(workspace, `many/cell_${at}.v`), '');
  app = await serveApp(home, 0, { HOME: home });
});
test.afterAll(async () => {
  await app.stop();
  await Promise.all([home, workspace].map((folder) => rm(folder, { recursive: true, force: true })));
});

test('files are made, renamed, trashed, found and watched; 5,000 of them scroll; in both languages', async ({
  page,
}) => {
  const problems = watchConsole(page);
  await openWorkspace(page, app.url, workspace);
  const explorer = page.locator('[data-panel=explorer]');
  const row = (name: string) => explorer.getByText(name, { exact: true });

  await row('src').click();
  await explorer.getByRole('button', { name: 'New file' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('../outside.sv');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('dialog').locator('.error-note')).toContainText('outside the workspace');
  await page.getByRole('textbox', { name: 'Name' }).fill('fifo.sv');
  await page.keyboard.press('Enter');
  await expect(page.locator('.tab', { hasText: 'fifo.sv' })).toBeVisible();
  await row('fifo.sv').click();
  await explorer.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('queue.sv');
  await page.keyboard.press('Enter');
  await expect(page.locator('.tab', { hasText: 'queue.sv' })).toBeVisible();
  await expect(page.locator('.tab', { hasText: 'fifo.sv' })).toHaveCount(0);
  expect(existsSync(path.join(workspace, 'src/queue.sv'))).toBe(true);

  // its menu
  await row('queue.sv').click({ button: 'right' });
  await expect(page.getByRole('menuitem', { name: 'Open' })).toBeFocused();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  await expect(row('queue-copy.sv')).toBeVisible();
  expect(existsSync(path.join(workspace, 'src/queue-copy.sv'))).toBe(true);

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await row('queue.sv').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy relative path' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('src/queue.sv');

  // several at once, by keys and by the mouse: dragged into a folder
  await row('queue-copy.sv').click();
  await page.keyboard.press('Shift+ArrowDown');
  const chosen = explorer.getByRole('treeitem', { selected: true });
  await expect(chosen).toHaveText([/^queue-copy\.sv/, /^queue\.sv/]);
  await row('queue.sv').dragTo(row('many'));
  await expect(chosen).toHaveCount(0);
  for (const name of ['queue.sv', 'queue-copy.sv'])
    await expect.poll(() => existsSync(path.join(workspace, 'many', name))).toBe(true);
  // a search in between closes no folder
  await explorer.getByPlaceholder('Search by name').fill('queue');
  await expect(explorer.getByRole('button', { name: /queue\.sv/ })).toBeVisible();
  await explorer.getByPlaceholder('Search by name').fill('');
  await expect(row('top.sv')).toBeVisible();

  await writeFile(path.join(workspace, 'src/from_outside.sv'), 'module from_outside;\nendmodule\n');
  await expect(row('from_outside.sv')).toBeVisible();
  await row('from_outside.sv').click();
  await page.keyboard.press('Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Move to the trash' }).click();
  await expect(row('from_outside.sv')).toHaveCount(0);
  await expect(page.locator('.tab', { hasText: 'from_outside.sv' })).toHaveCount(0);
  const [trashed] = (await readdir(home, { recursive: true })).filter((name) => /Trash\/files\/./.test(name));
  expect(await readFile(path.join(home, trashed ?? ''), 'utf8')).toContain('module from_outside');

  // what the mouse drags, the menu moves by name
  await row('top.sv').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Move…' }).click();
  await page.getByRole('textbox', { name: 'Into the folder' }).fill('.');
  await page.keyboard.press('Enter');
  await expect.poll(() => existsSync(path.join(workspace, 'top.sv'))).toBe(true);

  // packages are locked: neither rename nor trash
  for (const name of ['.genRTL', 'vendor', 'cbb', 'cbb_x', '1.0.0', 'rtl']) await row(name).click();
  await row('x.sv').click();
  await expect(explorer.getByRole('button', { name: 'Rename' })).toBeDisabled();
  await expect(page.getByText('Read-only: packages')).toBeVisible();
  await row('.genRTL').click();
  expect(await seriousFaults(page)).toEqual([]);
  await screenshots(page, 'explorer');

  await row('many').click();
  await expect(row('cell_0.v')).toBeVisible();
  expect(await explorer.locator('[role=treeitem]').count()).toBeLessThan(200);
  await explorer.locator('[role=tree]').hover();
  for (let step = 0; step < 10; step += 1) await page.mouse.wheel(0, 20_000);
  await expect(row('cell_0.v')).toHaveCount(0);
  await explorer.getByPlaceholder('Search by name').fill('cell_4999');
  await explorer.getByRole('button', { name: /cell_4999\.v/ }).click();
  await expect(page.locator('.tab', { hasText: 'cell_4999.v' })).toBeVisible();

  await switchLanguage(page, 'zh-CN');
  await expect(explorer.getByPlaceholder('按名称搜索')).toBeVisible();
  await expect(explorer.getByRole('button', { name: '新建文件夹' })).toBeVisible();
  expect(problems).toEqual([]);
});
