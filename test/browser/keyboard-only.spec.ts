// A whole job without a mouse: sample, run, plan, gates, result, changes, undo. The scripted one is in the tests; with
// the real composer and tools it runs in the soak.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app-fixture.ts';
import { serveApp } from './support/served-app.ts';
import { soakOnly } from './support/soak-only.ts';

/** Further is no keyboard's way. */
const MAX_TABS = 60;
const MAX_BACK = 4;

async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const isThere = (): Promise<boolean> => target.evaluate((element) => element === document.activeElement);
  // what stands just before comes by going back
  for (const [key, most] of [
    ['Shift+Tab', MAX_BACK],
    ['Tab', MAX_BACK + MAX_TABS],
  ] as const)
    for (let tabs = 0; tabs < most; tabs++) {
      if (await isThere()) return;
      await page.keyboard.press(key);
    }
  throw new Error(`no way by Tab to ${String(target)}`);
}

/** Shows the agent with its key and takes what has the focus then: the gate's answer or the form's Run. */
async function answer(page: Page, name: string | RegExp): Promise<void> {
  const button = page.locator('[data-panel=agent]').getByRole('button', { name }).first();
  await expect(button).toBeEnabled({ timeout: 60_000 });
  await page.keyboard.press('Control+Shift+A');
  await tabTo(page, button);
  await page.keyboard.press('Enter');
}

/** Through the palette, by its name. */
async function command(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+Shift+P');
  await page.keyboard.type(name);
  await expect(page.getByRole('option', { name, selected: true })).toBeVisible();
  await page.keyboard.press('Enter');
}

async function startSample(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, page.getByRole('button', { name }));
  await page.keyboard.press('Enter');
  await answer(page, 'Run');
}

/** The focus is somewhere that a person sees, once what was pressed has gone from the page. */
async function focusIsSeen(page: Page): Promise<void> {
  const where = (): Promise<string> =>
    page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return 'nowhere';
      const { width, height } = element.getBoundingClientRect();
      return width > 0 && height > 0 ? 'seen' : element.outerHTML.slice(0, 120);
    });
  await expect.poll(where, { timeout: 2_000 }).toBe('seen');
}

test('a job from the sample to the approved plan by keys alone; the focus is never lost', async ({
  app,
  appPage: page,
}) => {
  await startSample(page, /UART bridge/);
  const agent = page.locator('[data-panel=agent]');
  await expect(agent.locator('.job-head')).toBeVisible();
  app.jobs.step({
    step_id: 'approve_plan_1',
    step: 'approve_plan',
    status: 'waiting',
    outcome: null,
    summary: '',
    duration_ms: null,
    cost_usd: '0.00',
  });
  app.jobs.set({ status: 'needs_input', error: { code: 'APPROVAL_NEEDED', message: 'waits', retryable: false } });
  await answer(page, 'Look at the plan');
  await expect(page.locator('[data-panel=plan]')).toBeVisible();
  await answer(page, 'Approve the plan');
  await expect.poll(() => app.jobs.approvals).toEqual(['gate']);
  await focusIsSeen(page);
  // round the groups and back
  for (let groups = 0; groups < 4; groups++) {
    await page.keyboard.press('F6');
    await focusIsSeen(page);
  }
});

soakOnly('a real job by keys alone: composed, checked, looked at, undone', async ({ page }) => {
  const home = await mkdtemp(path.join(tmpdir(), 'genrtl-keys-home-'));
  const app = await serveApp(home, 0, { GENRTL_STRENGTH_SECONDS: '1' });
  try {
    await page.goto(app.url);
    await startSample(page, /Modulo counter/);
    await answer(page, 'Approve the plan');
    const agent = page.locator('[data-panel=agent]');
    await expect(agent.locator('.job-head')).toContainText('Done', { timeout: 100_000 });
    await focusIsSeen(page);
    await command(page, 'Show Changes');
    await expect(page.locator('[data-panel=changes]')).toContainText('src/');
    await focusIsSeen(page);
    await command(page, 'Undo the job');
    const dialog = page.getByRole('dialog');
    await tabTo(page, dialog.getByRole('button', { name: 'Undo the job' }));
    await page.keyboard.press('Enter');
    await expect(agent.locator('.job-head')).toContainText('Undone', { timeout: 30_000 });
    await focusIsSeen(page);
  } finally {
    await app.stop();
    await rm(home, { recursive: true, force: true });
  }
});
