// The account of the app at a hosted backend, driven whole: signed in by a code, with person, organisation and plan;
// the way by the browser; out again; in both languages.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { fakeFlows, fakeRouter } from '../../backend/test/fake-models.ts';
import { openHosted, type Hosted } from '../../backend/test/hosted.ts';
import { seriousFaults, watchConsole } from './support/app-fixture.ts';
import { serveApp } from './support/served-app.ts';

let hosted: Hosted;
let folder: string;
test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'genrtl-account-'));
  hosted = await openHosted({ router: fakeRouter(path.join(folder, 'upstream.txt')), flows: fakeFlows });
});
test.afterAll(async () => {
  await hosted.close();
  await rm(folder, { recursive: true, force: true });
});

test('signing in by browser or code, who and what is signed in, and out again; in both languages', async ({ page }) => {
  const ada = await hosted.person('Ada');
  const app = await serveApp(path.join(folder, 'home'), 0, { GENRTL_BACKEND_URL: hosted.url });
  const problems = watchConsole(page);
  try {
    await page.goto(app.url);
    await page.getByRole('button', { name: 'Account' }).click();
    const dialog = page.getByRole('dialog', { name: 'Account' });
    await expect(dialog).toContainText(hosted.url);
    await expect(dialog).toContainText('Not signed in');
    await dialog.getByRole('button', { name: 'Sign in with the browser' }).click();
    await expect(dialog.getByRole('link')).toHaveAttribute('href', new RegExp(`^${hosted.url}/authorize\\?`));
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('button', { name: 'Sign in with a code' }).click();
    const code = await dialog.locator('.account-code strong').innerText();
    expect(await seriousFaults(page)).toEqual([]);
    // closed and opened again it still waits
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Account' }).click();
    await expect(dialog.locator('.account-code strong')).toHaveText(code);
    const decided = await ada.call('POST', '/v1/oauth/device/decision', { user_code: code, approve: true });
    expect(decided.status).toBe(200);
    await expect(dialog).toContainText(ada.email);
    await expect(dialog).toContainText('Connected');
    expect(await seriousFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByRole('button', { name: '账户' }).click();
    const chinese = page.getByRole('dialog', { name: '账户' });
    await expect(chinese).toContainText('已连接');
    await chinese.getByRole('button', { name: '退出登录' }).click();
    await expect(chinese).toContainText('未登录');
    expect(problems).toEqual([]);
  } finally {
    await app.stop();
  }
});
