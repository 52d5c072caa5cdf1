// A workspace of a test's own, shown in the real application: files on disk in, panels opened as a person opens them.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import en from '../../../renderer/i18n/en.json' with { type: 'json' };
import zh from '../../../renderer/i18n/zh-CN.json' with { type: 'json' };

type Panel = keyof typeof en.panels;

/** Files by relative path; returns the workspace's folder. */
export async function makeWorkspace(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'genrtl-room-'));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return folder;
}

/** `url` is the address with the boot token. */
export async function openWorkspace(page: Page, url: string, workspace: string): Promise<void> {
  await page.goto(url);
  await showWorkspace(page, new URL(url).origin, workspace);
}

/** For a page that was let in before. */
export async function showWorkspace(page: Page, origin: string, workspace: string): Promise<void> {
  await page.goto(`${origin}/#/workspace?${new URLSearchParams({ path: workspace }).toString()}`);
  // the layout is the last session's: any room may be in front
  await expect(page.locator('[data-panel]').first()).toBeAttached();
}

/** Opens a panel through the command palette, in whichever language the page speaks. */
export async function showPanel(page: Page, panel: Panel): Promise<Locator> {
  const texts = (await page.locator('html').getAttribute('lang')) === 'zh-CN' ? zh : en;
  await page.keyboard.press('Control+Shift+P');
  // the row also names its key
  const title = page.getByText(texts.palette.showPanel.replace('{{panel}}', texts.panels[panel]), { exact: true });
  await page.getByRole('option').filter({ has: title }).click();
  const shown = page.locator(`[data-panel=${panel}]`);
  await expect(shown).toBeVisible();
  return shown;
}

/** By its name in the palette, in either language; waits for nothing that it shows. */
export async function chooseFile(page: Page, file: string): Promise<void> {
  await page.keyboard.press('Control+P');
  await page
    .getByPlaceholder(/Search commands|搜索命令/)
    .last()
    .fill(file);
  await page.getByRole('dialog').getByRole('option', { name: file }).first().click();
}

/** The status bar's switch; waits until the page speaks the other language. */
export async function switchLanguage(page: Page, to: 'en' | 'zh-CN'): Promise<void> {
  await page
    .locator('.status-bar')
    .getByRole('button', { name: /English|简体中文/ })
    .click();
  await expect(page.locator('html')).toHaveAttribute('lang', to);
}

/** Serious and critical findings of axe; Monaco's own markup is not ours to judge. */
export async function seriousFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude('.monaco-editor').analyze();
  return violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .flatMap((violation) =>
      violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`),
    );
}

/** Pictures for people: with GENRTL_SCREENSHOTS set to a folder, the room at both sizes in both themes. */
export async function screenshots(page: Page, name: string): Promise<void> {
  const folder = process.env['GENRTL_SCREENSHOTS'];
  if (folder === undefined) return;
  for (const theme of ['dark', 'light']) {
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(350);
      await page.screenshot({ path: path.join(folder, `${name}-${theme}-${width}.png`) });
    }
    await page
      .getByRole('button', { name: /^(Theme|主题)$/ })
      .first()
      .click();
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}
