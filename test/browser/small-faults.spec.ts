// Small things that each spoil a day: a tab out of sight, a second scrollbar, a squashed button, a message that follows
// into the next workspace, a wrong reason.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { allowed, expect, test } from './support/app-fixture.ts';
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
  // the work alone, and back; a tab goes by the middle button
  await page.keyboard.press('Control+Alt+Enter');
  for (const side of ['explorer', 'agent', 'problems']) await expect(page.locator(`[data-panel=${side}]`)).toBeHidden();
  await page.keyboard.press('Control+Alt+Enter');
  for (const side of ['explorer', 'agent', 'problems'])
    await expect(page.locator(`[data-panel=${side}]`)).toBeVisible();
  const skills = page.locator('.tab', { has: page.locator('.tab-title', { hasText: 'Skills' }) });
  await skills.click({ button: 'middle' });
  await expect(skills).toHaveCount(0);
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
  await page.keyboard.press('Escape');

  // the start page tells how the last job of a workspace ended, and when
  await app.jobs.writeState();
  await page.locator('.brand').click();
  const recent = page.locator('.start-recent', { hasText: 'uart_bridge' });
  await expect(recent.locator('.chip')).toHaveText('Failed');
  await expect(recent.locator('.start-row-end')).toContainText(String(new Date().getFullYear()));
});

test('the agent’s panel keeps a least width, and a lost connection covers neither top bar nor status bar', async ({
  app,
  appPage: page,
}) => {
  await page.getByRole('button', { name: /UART bridge/ }).click();
  await expect(agent(page)).toBeVisible();
  const left = (await agent(page).boundingBox())?.x ?? 0;
  await page.mouse.move(left - 1, 300);
  await page.mouse.down();
  await page.mouse.move(1250, 300, { steps: 4 });
  await page.mouse.up();
  const box = await agent(page).boundingBox();
  expect(box?.x).toBeGreaterThan(left + 50);
  expect(box?.width).toBeGreaterThanOrEqual(278);

  allowed.push('WebSocket connection', 'ERR_CONNECTION_REFUSED');
  // what is still being loaded would fail with the host
  await page.waitForLoadState('networkidle');
  await app.host.close();
  const lost = page.locator('.link-bar');
  await expect(lost).toContainText('The connection to genRTL is lost');
  const [said, top, status] = await Promise.all(
    [lost, page.locator('.top-bar'), page.locator('.status-bar')].map((part) => part.boundingBox()),
  );
  expect(said?.y).toBeGreaterThan((top?.y ?? 0) + (top?.height ?? 0));
  expect((said?.y ?? 0) + (said?.height ?? 0)).toBeLessThanOrEqual(status?.y ?? 0);
  allowed.length = 0;
});

test('where no Chinese font is installed the page says so, in words that can be read', async ({ app }) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'genrtl-fonts-'));
  const conf = path.join(folder, 'fonts.conf');
  await writeFile(
    conf,
    `<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>${folder}</cachedir></fontconfig>`,
  );
  const { executablePath, args } = test.info().project.use.launchOptions ?? {};
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    ...(args === undefined ? {} : { args }),
    env: { ...process.env, FONTCONFIG_FILE: conf } as Record<string, string>,
  });
  const page = await browser.newPage();
  await page.goto(app.host.bootUrl());
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.locator('.notice')).toContainText('No Chinese font was found where this page is drawn');
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});
