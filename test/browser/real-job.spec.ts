// A sample from click to verified RTL with the real backend, packages and tools; then the host dies in mid-job and
// comes back.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { JobState } from '@genrtl/contracts';
import { allowed, watchConsole } from './support/app-fixture.ts';
import { soakOnly } from './support/soak-only.ts';
import { serveApp } from './support/served-app.ts';
import type { ServedApp } from './support/served-app.ts';

test.describe.configure({ mode: 'serial', timeout: 180_000 });

let home: string;
let app: ServedApp;
test.beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'genrtl-real-'));
  app = await serveApp(home);
});
test.afterAll(async () => {
  await app.stop();
  await rm(home, { recursive: true, force: true });
});

const agent = (page: Page): ReturnType<Page['locator']> => page.locator('[data-panel=agent]');
const stateOf = async (sample: string): Promise<JobState> =>
  JSON.parse(await readFile(path.join(home, 'samples', sample, '.genRTL/state.json'), 'utf8')) as JobState;

soakOnly(
  'a sample with packages becomes verified RTL: plan and purchase approved, entries in the ledger, undo restores',
  async ({ page }) => {
    const problems = watchConsole(page);
    await page.goto(app.url);
    await page.getByRole('button', { name: /event logger/i }).click();
    await agent(page).getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Approve the plan' }).click({ timeout: 60_000 });
    await expect(page.getByRole('heading', { name: 'Buy these packages?' })).toBeVisible({ timeout: 60_000 });
    const total = await agent(page).locator('tfoot .number').innerText();
    await page.getByRole('button', { name: 'Buy', exact: true }).click();
    await expect(agent(page).locator('.job-line .chip')).toHaveText('Done', { timeout: 120_000 });
    await expect(
      agent(page)
        .locator('.strength')
        .getByText(/of \d+ mutants killed/),
    ).toBeVisible();
    await expect(agent(page).locator('.spend-text')).toContainText(total);

    const workspace = path.join(home, 'samples/event-logger');
    const state = await stateOf('event-logger');
    expect(state.status).toBe('done');
    const sources = await readdir(path.join(workspace, 'src'));
    expect(sources.length).toBeGreaterThan(0);
    const lock = JSON.parse(await readFile(path.join(workspace, '.genRTL/genRTL.lock.json'), 'utf8')) as {
      installed: { cbb_id: string }[];
    };

    await page.getByRole('button', { name: 'Changes', exact: true }).click();
    await expect(
      page
        .locator('[data-panel=changes]')
        .getByText(`src/${sources[0] ?? ''}`)
        .first(),
    ).toBeVisible();
    await page.goto(`http://127.0.0.1:${app.port}/#/usage`);
    for (const { cbb_id } of lock.installed)
      await expect(page.getByRole('cell', { name: cbb_id, exact: true }).first()).toBeVisible();
    await page.goBack();

    await agent(page).getByRole('button', { name: 'Undo the job' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Undo the job' }).click();
    await expect(page.getByText(/files? restored/)).toBeVisible();
    expect(existsSync(path.join(workspace, 'src', sources[0] ?? ''))).toBe(false);
    expect(problems).toEqual([]);
  },
);

test('the host is killed while a job waits: the page reconnects by itself, shows the truth, and the job goes on', async ({
  page,
}) => {
  allowed.push('WebSocket connection', 'ERR_CONNECTION_REFUSED');
  const problems = watchConsole(page);
  // a browser of its own needs an address of its own
  await app.stop();
  app = await serveApp(home, app.port);
  await page.goto(app.url);
  await page.getByRole('button', { name: /uart echo/i }).click();
  await agent(page).getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Approve the plan' })).toBeVisible({ timeout: 60_000 });
  await app.kill();
  await expect(page.getByText('The connection to genRTL is lost').first()).toBeVisible();
  app = await serveApp(home, app.port);
  await expect(page.getByText('The connection to genRTL is lost')).toHaveCount(0, { timeout: 20_000 });
  await expect(page.locator('[data-panel=explorer]').getByText('spec.md', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Approve the plan' }).click();
  await page.getByRole('button', { name: 'Buy', exact: true }).click({ timeout: 60_000 });
  await expect(agent(page).locator('.job-line .chip')).toHaveText('Done', { timeout: 120_000 });
  expect((await stateOf('uart-echo')).status).toBe('done');
  expect(problems).toEqual([]);
});
