// Small things that each spoil a day: a tab out of sight, a second scrollbar, a squashed button, a message that follows
// into the next workspace, a wrong reason.
import type { Page } from '@playwright/test';
import { expect, test } from './support/app-fixture.ts';
import { makeWorkspace, showPanel, showWorkspace } from './support/room.ts';

const agent = (page: Page): ReturnType<Page['locator']> => page.locator('[data-panel=agent]');

test('with many rooms open the front tab is in sight, tabs are narrow, and a panel has one scrollbar', async ({
  app,
  appPage: page,
}) => {
  const workspace = await makeWorkspace({ 'src/a.sv': 'module a;\nendmodule\n' });
  await showWorkspace(page, app.host.origin, workspace);
  for (const room of ['plan', 'changes', 'waves', 'schematic', 'skills', 'cbb'] as const) await showPanel(page, room);
  const front = page.locator('.tab', { has: page.locator('.tab-title', { hasText: 'Packages' }) });
  await expect(front).toBeInViewport({ ratio: 1 });
  await expect(front.locator('svg').first()).toBeVisible();
  const widths = await page
    .locator('.tab')
    .evaluateAll((tabs) => tabs.map((tab) => tab.getBoundingClientRect().width).filter((width) => width > 0));
  expect(Math.max(...widths)).toBeLessThan(150);
  // the frame around the panel does not scroll; what is inside may
  const around = await page.locator('[data-panel=cbb]').evaluate((panel) => {
    const frames: string[] = [];
    for (let frame = panel.parentElement; frame !== null; frame = frame.parentElement) {
      const { overflowY } = getComputedStyle(frame);
      if (/auto|scroll/.test(overflowY) && frame.scrollHeight > frame.clientHeight) frames.push(frame.className);
    }
    return frames;
  });
  expect(around).toEqual([]);
  // the buttons of the top bar stay in one row
  const tops = await page
    .locator('.top-bar button')
    .evaluateAll((buttons) => buttons.map((button) => Math.round(button.getBoundingClientRect().top)));
  expect(Math.max(...tops) - Math.min(...tops)).toBeLessThan(12);
});

test('a message covers neither Run nor the next workspace; Run keeps its height in a low window', async ({
  appPage: page,
}) => {
  await page.getByRole('button', { name: /UART bridge/ }).click();
  const button = agent(page).getByRole('button', { name: 'Run', exact: true });
  await expect(button).toBeVisible();
  await page.keyboard.press('Control+F7');
  // two tops: one is chosen, and no tool is there to run it
  await page.getByRole('dialog').getByRole('button', { name: 'Lint' }).click();
  const notice = page.locator('.notice-error');
  await expect(notice).toContainText('No tools here for tb_a.');
  const [said, run] = [await notice.boundingBox(), await button.boundingBox()];
  const apart =
    said !== null &&
    run !== null &&
    (said.y + said.height <= run.y ||
      run.y + run.height <= said.y ||
      said.x + said.width <= run.x ||
      run.x + run.width <= said.x);
  expect(apart).toBe(true);
  await page.setViewportSize({ width: 1280, height: 480 });
  expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(26);
  await page.getByRole('link', { name: 'genRTL' }).click();
  await expect(page.getByRole('heading', { name: 'Recent' })).toBeVisible();
  await expect(notice).toHaveCount(0);

  // what was opened stands in the list with its path, and can be taken out of it
  const row = page.locator('.start-recent', { hasText: 'uart_bridge' });
  await expect(row).toHaveCount(1);
  await row.getByRole('button', { name: 'Remove uart_bridge from the list' }).click();
  await expect(row).toHaveCount(0);
});

test('a finding without a place says that it has none, not that its file is out of reach', async ({
  app,
  appPage: page,
}) => {
  await page.getByRole('button', { name: /UART bridge/ }).click();
  await agent(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(agent(page).locator('.job-head')).toBeVisible();
  app.jobs.step({
    step_id: 'sim_1',
    step: 'sim',
    status: 'failed',
    outcome: null,
    summary: '',
    duration_ms: 10,
    cost_usd: '0.00',
  });
  app.jobs.set({
    status: 'failed',
    facts: {
      plan_step: 'plan_1',
      diagnostics: [{ tool: 'icarus', severity: 'error', message: 'FAIL signal=q time=105' }],
    },
  });
  const room = page.locator('[data-panel=problems]');
  await room.getByRole('button', { name: 'Explain' }).first().click();
  await expect(page.getByRole('dialog')).toContainText('The finding names no line of your sources.');
  await expect(page.getByRole('dialog')).not.toContainText('outside of what the agent may change');
});
