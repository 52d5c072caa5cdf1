// What goes wrong around an app that stays open all day: a second window, a disk that cannot be written, a file that
// disappears.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test, watchConsole } from './support/app-fixture.ts';
import type { App } from './support/app-fixture.ts';

const TEXT = 'module top;\nendmodule\n';
const agent = (page: Page): Locator => page.locator('[data-panel=agent]');
const editor = (page: Page): Locator => page.locator('[data-panel=editor] .monaco-editor').last();

/** A folder of the person's own with one source, opened through its address. */
async function openFolder(app: App, page: Page, folder = path.join(app.home, 'chip')): Promise<string> {
  await mkdir(path.join(folder, 'src'), { recursive: true });
  await writeFile(path.join(folder, 'src/top.sv'), TEXT);
  await visit(app, page, folder);
  return folder;
}

async function visit(app: App, page: Page, folder: string): Promise<void> {
  await page.goto(`${app.host.origin}/#/workspace?path=${encodeURIComponent(folder)}`);
  await page.reload();
  await expect(agent(page)).toBeVisible();
}

async function openSource(page: Page): Promise<void> {
  const explorer = page.locator('[data-panel=explorer]');
  await explorer.getByText('src', { exact: true }).click();
  await explorer.getByText('top.sv', { exact: true }).click();
  await expect(editor(page).getByText('endmodule')).toBeVisible();
}

async function typeAtTop(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type(text);
}

test('two windows on one workspace see the same job, and only one job runs', async ({
  app,
  appPage: first,
  context,
}) => {
  await first.getByRole('button', { name: /UART bridge/ }).click();
  await expect(agent(first)).toBeVisible();
  const second = await context.newPage();
  const problems = watchConsole(second);
  await second.goto(first.url());
  const run = (page: Page): Locator => agent(page).getByRole('button', { name: 'Run', exact: true });
  await expect(run(second)).toBeVisible();

  await run(first).click();
  app.jobs.step({
    step_id: 'import_1',
    step: 'import',
    status: 'ok',
    outcome: 'ok',
    summary: 'spec.md',
    duration_ms: 12,
    cost_usd: '0.00',
  });
  app.jobs.step({
    step_id: 'plan_1',
    step: 'plan',
    status: 'running',
    outcome: null,
    summary: '',
    duration_ms: null,
    cost_usd: '0.00',
  });
  for (const page of [first, second]) {
    await expect(page.locator('[data-step=plan_1]')).toBeVisible();
    await expect(run(page)).toHaveCount(0);
  }
  app.jobs.end('done');
  for (const page of [first, second]) await expect(agent(page).locator('.job-line .chip')).toHaveText('Done');
  expect(problems).toEqual([]);
  await second.close();
});

test('two windows on one file: what one saves the other shows, and unsaved work is never overwritten', async ({
  app,
  appPage: first,
  context,
}) => {
  const folder = await openFolder(app, first);
  const second = await context.newPage();
  await visit(app, second, folder);
  await openSource(first);
  await openSource(second);

  await typeAtTop(first, '// from the first\n');
  await first.keyboard.press('Control+s');
  await expect(editor(second).getByText('// from the first')).toBeVisible();

  await typeAtTop(second, '// unsaved in the second\n');
  await typeAtTop(first, '// first again\n');
  await first.keyboard.press('Control+s');
  const conflict = second.getByRole('alert').filter({ hasText: 'changed on disk' });
  await expect(conflict).toBeVisible();
  await expect(editor(second).getByText('// unsaved in the second')).toBeVisible();
  await second.getByRole('button', { name: 'Keep mine and save' }).click();
  await expect(conflict).toHaveCount(0);
  expect(await readFile(path.join(folder, 'src/top.sv'), 'utf8')).toMatch(/^\/\/ unsaved in the second\n/);
  await expect(editor(first).getByText('// unsaved in the second')).toBeVisible();
  await second.close();
});

test('a file deleted under the editor: said so, the text is kept, and saving writes it again', async ({
  app,
  appPage: page,
}) => {
  const folder = await openFolder(app, page);
  await openSource(page);
  await typeAtTop(page, '// mine\n');
  await rm(path.join(folder, 'src'), { recursive: true });
  await expect(page.getByRole('alert').filter({ hasText: 'deleted on disk' })).toBeVisible();
  await expect(editor(page).getByText('// mine')).toBeVisible();
  await editor(page).click();
  await page.keyboard.press('Control+s');
  await expect(page.getByText('deleted on disk')).toHaveCount(0);
  expect(await readFile(path.join(folder, 'src/top.sv'), 'utf8')).toBe(`// mine\n${TEXT}`);
});

test('a workspace folder that is deleted and made again does not take the page down', async ({
  app,
  appPage: page,
}) => {
  const folder = await openFolder(app, page);
  await openSource(page);
  await rm(folder, { recursive: true });
  await expect(page.getByRole('alert').filter({ hasText: 'deleted on disk' })).toBeVisible();
  await openFolder(app, page);
  await openSource(page);
  await expect(editor(page).getByText('endmodule')).toBeVisible();
});

test.describe('a workspace on a read-only disk', () => {
  /** Root writes past file modes, so the disk itself has to be read-only. Null where this process may not mount. */
  function mountReadOnly(folder: string): (() => void) | null {
    try {
      execFileSync('mount', ['--bind', folder, folder], { stdio: 'ignore' });
    } catch {
      return null;
    }
    execFileSync('mount', ['-o', 'remount,bind,ro', folder], { stdio: 'ignore' });
    return () => void execFileSync('umount', ['-l', folder]);
  }

  test('opens and reads; saving and importing are refused with a hint, nothing is lost', async ({
    app,
    appPage: page,
  }) => {
    const folder = path.join(app.home, 'frozen');
    await mkdir(path.join(folder, 'src'), { recursive: true });
    await writeFile(path.join(folder, 'src/top.sv'), TEXT);
    const unmount = mountReadOnly(folder);
    test.skip(unmount === null, 'this process may not mount; as root, file modes do not make a folder read-only');
    try {
      await visit(app, page, folder);
      await openSource(page);
      await typeAtTop(page, '// mine\n');
      await page.keyboard.press('Control+s');
      const notice = page.getByText(/cannot be written/).first();
      await expect(notice).toBeVisible();
      await expect(page.getByText('Choose a workspace on a disk that you may write to.').first()).toBeVisible();
      await expect(editor(page).getByText('// mine')).toBeVisible();
      await expect(page.getByLabel('Unsaved changes')).toBeVisible();

      const transfer = await page.evaluateHandle(() => {
        const data = new DataTransfer();
        data.items.add(new File(['# Blinker\n\n## Top\nmodule: blinker\n'], 'blinker.md', { type: 'text/markdown' }));
        return data;
      });
      for (const event of ['dragenter', 'dragover', 'drop'])
        await page.locator('.drop-zone').dispatchEvent(event, { dataTransfer: transfer });
      await page.getByRole('dialog').getByRole('button', { name: 'Use this specification' }).click();
      await expect(page.getByText(/spec\/blinker\.md cannot be written/).first()).toBeVisible();
      expect(existsSync(path.join(folder, 'spec'))).toBe(false);
      expect(await readFile(path.join(folder, 'src/top.sv'), 'utf8')).toBe(TEXT);
    } finally {
      unmount?.();
    }
  });
});
