// The editor's own tools as a person uses them: squiggles at once, a menu that can be read, keys that are Monaco's,
// places to go back to, a specification as it reads; in both languages.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { watchConsole } from './support/app-fixture.ts';
import { chooseFile, makeWorkspace, openWorkspace, screenshots, showPanel, switchLanguage } from './support/room.ts';
import { serveApp } from './support/served-app.ts';
import type { ServedApp } from './support/served-app.ts';

const FILES = {
  'src/deep/below/leaf.sv': 'module leaf (input logic a, output logic b);\n  assign b = a;\nendmodule\n',
  'src/top.sv': `module top (input logic clk, output logic y);\n  logic mid;\n${'  // a line of text\n'.repeat(40)}  leaf u_leaf (.a(clk), .b(mid));\n  assign y = mid;\nendmodule\n`,
  'spec.md': `# Counter\n\n${'A long line of the specification that has to wrap at the edge of the editor. '.repeat(8)}\n\n| Port | Width |\n|---|---|\n| clk | 1 |\n\n<script>alert(1)</script>\n`,
};

// each is a way through several rooms
test.describe.configure({ timeout: 120_000 });

let home: string;
let workspace: string;
let app: ServedApp;
test.beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'genrtl-editing-spec-'));
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
const status = (page: Page) => page.locator('.status-bar').getByRole('button', { name: /^(Ln|行) / });
const goTo = async (page: Page, place: string): Promise<void> => {
  const asked = page.locator('.quick-input-widget:visible');
  await page.keyboard.press('Control+G');
  await expect(asked).toBeVisible();
  await page.keyboard.type(place);
  await page.keyboard.press('Enter');
  await expect(asked).toHaveCount(0);
};
/** The background of Monaco's context menu, which lies in a shadow root, and what it lists. */
async function menu(page: Page): Promise<{ background: string; text: string }> {
  await page.locator('.monaco-editor:visible .view-line').first().click({ button: 'right' });
  const items = page.locator('.monaco-menu:visible');
  await expect(items).toBeVisible();
  const found = await items.evaluate((element) => ({
    background: getComputedStyle(element.closest('.monaco-scrollable-element') ?? element).backgroundColor,
    own: getComputedStyle(element).backgroundColor,
    text: element.textContent ?? '',
  }));
  await page.keyboard.press('Escape');
  await expect(items).toHaveCount(0);
  return { background: found.background === 'rgba(0, 0, 0, 0)' ? found.own : found.background, text: found.text };
}

test('squiggles, menu, keys, back and forth, explorer, preview', async ({ page }) => {
  const problems = watchConsole(page);
  await openWorkspace(page, app.url, workspace);
  await open(page, 'src/top.sv');
  await page.locator('.monaco-editor:visible .view-lines').click();

  // a finding as soon as it is typed, in the text and in Problems; it goes with its reason
  await goTo(page, '2:12');
  await page.keyboard.type(' assign y = (mid;');
  await expect(page.locator('.squiggly-error').first()).toBeVisible();
  await expect(page.locator('[data-panel=problems]').getByText('"(" is never closed')).toBeVisible();
  await screenshots(page, 'squiggle');
  await page.locator('.monaco-editor:visible .view-line').nth(1).click();
  // Monaco's key: the whole line goes, and no room opens instead
  await page.keyboard.press('Control+Shift+K');
  await expect(page.locator('.squiggly-error')).toHaveCount(0);
  await expect(page.locator('[data-panel=problems]').getByText('never closed')).toHaveCount(0);
  await expect(page.locator('[data-panel=skills]')).toHaveCount(0);
  await page.keyboard.press('Control+Z');
  await expect
    .poll(async () => {
      // one step too far is the text of before the last saving
      const left = await page.getByLabel('Unsaved changes').count();
      if (left > 0) await page.keyboard.press('Control+Z');
      return left;
    })
    .toBe(0);
  await page.keyboard.press('Control+Shift+O');
  await expect(page.locator('.quick-input-widget:visible')).toContainText('u_leaf');
  await page.keyboard.press('Escape');

  const shown = await menu(page);
  expect(shown.background).not.toMatch(/transparent|, 0\)$/);
  expect(shown.text).toMatch(/Go to DefinitionF12/);
  expect(shown.text).toContain('Show in the explorer');
  await page.locator('.monaco-editor:visible .view-lines').click();

  // back and forth between places, in this file and in another
  await goTo(page, '1:5');
  await goTo(page, '43:4');
  await expect(status(page)).toHaveText('Ln 43, Col 4');
  await page.keyboard.press('F12');
  await expect(status(page)).toHaveText('Ln 1, Col 8');
  await expect(page.locator('.tab', { hasText: 'leaf.sv' })).toBeVisible();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(status(page)).toHaveText('Ln 43, Col 4');
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(status(page)).toHaveText('Ln 1, Col 5');
  await page.keyboard.press('Alt+ArrowRight');
  await page.keyboard.press('Alt+ArrowRight');
  await expect(status(page)).toHaveText('Ln 1, Col 8');

  // where the file lies
  await page.keyboard.press('F1');
  await page.keyboard.type('Show in the explorer');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('treeitem', { name: 'leaf.sv', selected: true })).toBeVisible();

  // a specification wraps, and can be read as it is meant
  await open(page, 'spec.md');
  const line = page.locator('.editor-host:visible .view-lines');
  await expect.poll(async () => line.locator('.view-line').count()).toBeGreaterThan(12);
  await page.getByRole('button', { name: 'Preview', exact: true }).click();
  const preview = page.getByRole('article', { name: 'Preview' });
  await expect(preview.getByRole('cell', { name: 'clk' })).toBeVisible();
  await expect(preview.locator('script')).toHaveCount(0);
  await screenshots(page, 'preview');
  await page.getByRole('button', { name: 'Text', exact: true }).click();
  await expect(line).toBeVisible();
  expect(problems).toEqual([]);
});

test('format, mend a finding, replace in files and take it back', async ({ page }) => {
  const problems = watchConsole(page);
  await openWorkspace(page, app.url, workspace);
  await open(page, 'src/deep/below/leaf.sv');
  const text = page.locator('.editor-host:visible .view-lines');
  await text.click();
  await goTo(page, '2:3');
  // at once: a suggestion would take the Enter
  await page.keyboard.insertText('      logic q; assign q = a\n  ');
  await expect(page.locator('.squiggly-error').first()).toBeVisible();
  // the mark that is missing is put in where the cursor stands at the finding
  await goTo(page, '2:30');
  await page.keyboard.press('Control+.');
  await page.getByText('Insert the semicolon').click();
  await expect(page.locator('.squiggly-error')).toHaveCount(0);
  await expect(text).toContainText('q = a;');
  await page.keyboard.press('Shift+Alt+F');
  await expect.poll(async () => text.innerText()).toMatch(/^\s{2}logic\sq;/m);
  await page.keyboard.press('Control+S');
  await expect(page.getByLabel('Unsaved changes')).toHaveCount(0);
  const changed = await readFile(path.join(workspace, 'src/deep/below/leaf.sv'), 'utf8');
  expect(changed).toBe(
    'module leaf (input logic a, output logic b);\n  logic q; assign q = a;\n  assign b = a;\nendmodule\n',
  );

  await page.keyboard.press('Control+Shift+F');
  const search = page.locator('[data-panel=search]');
  await search.getByPlaceholder('Find in files').fill('leaf');
  await expect(search.getByText(/3 hits in 2 files/)).toBeVisible();
  await search.getByPlaceholder('Replace with').fill('blatt');
  await search.getByRole('button', { name: 'Replace all' }).click();
  const asked = page.getByRole('dialog', { name: 'Replace all' });
  await expect(asked.getByText('Replace 3 hits in 2 files?')).toBeVisible();
  await asked.getByRole('button', { name: 'Replace', exact: true }).click();
  await expect(page.getByText('3 hits replaced in 2 files')).toBeVisible();
  expect(await readFile(path.join(workspace, 'src/top.sv'), 'utf8')).toContain('blatt u_blatt (');
  await page.getByRole('button', { name: 'Undo the replacement' }).click();
  await expect(page.getByText('The replacement is undone.')).toBeVisible();
  expect(await readFile(path.join(workspace, 'src/top.sv'), 'utf8')).toBe(FILES['src/top.sv']);
  expect(problems).toEqual([]);
});

test('in Chinese the editor speaks Chinese too', async ({ page }) => {
  const problems = watchConsole(page);
  await openWorkspace(page, app.url, workspace);
  await switchLanguage(page, 'zh-CN');
  await page.reload();
  // keys are for the page that is there
  await expect(page.locator('[data-panel]').first()).toBeVisible();
  await open(page, 'src/deep/below/leaf.sv');
  await expect(status(page)).toHaveText(/^行 \d+，列 \d+$/);
  expect((await menu(page)).text).toMatch(/转到定义.*在资源管理器中显示/);
  await showPanel(page, 'outline');
  await screenshots(page, 'editor-zh');
  await switchLanguage(page, 'en');
  expect(problems).toEqual([]);
});
