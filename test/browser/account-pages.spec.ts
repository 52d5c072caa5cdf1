// The account pages of a hosted backend in a real browser, in both languages: sign up, confirm, sign in, let a device and a
// program in. A browser at work reports every refusal of its content security policy.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { representatives } from '../representatives.ts';
import { PAGE_TEXTS } from '../../backend/http/account-page.ts';
import { REFERENCE_TEXTS } from '../../backend/http/reference-page.ts';
import { fakeFlows, fakeRouter } from '../../backend/test/fake-models.ts';
import { openHosted, PASSWORD, type Hosted } from '../../backend/test/hosted.ts';

let hosted: Hosted;
let folder: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'genrtl-pages-'));
  hosted = await openHosted({ router: fakeRouter(join(folder, 'upstream.txt')), flows: fakeFlows });
});
test.afterAll(async () => {
  await hosted.close();
  rmSync(folder, { recursive: true, force: true });
});

async function opened(browser: Browser, locale: string): Promise<Page> {
  const context = await browser.newContext({
    locale,
    extraHTTPHeaders: { 'x-forwarded-for': `10.1.1.${locale.length}` },
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) throw new Error(message.text());
  });
  return page;
}
const accessible = async (page: Page): Promise<void> => {
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
};
const askDevice = async (): Promise<{ user_code: string; device_code: string }> => {
  const fields = new URLSearchParams({ client_id: 'genrtl', device: 'lab server' });
  return (await hosted.ask<{ user_code: string; device_code: string }>('POST', '/v1/oauth/device', fields)).body;
};
const poll = async (deviceCode: string) =>
  hosted.ask(
    'POST',
    '/v1/oauth/token',
    new URLSearchParams({
      client_id: 'genrtl',
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: deviceCode,
    }),
  );

const LANGUAGES = [
  ['en-US', PAGE_TEXTS.en],
  ['zh-CN', PAGE_TEXTS.zh],
] as const;
for (const [locale, texts] of representatives(LANGUAGES, ['zh-CN'], ([name]) => name)) {
  test(`sign up, confirm, sign in, let a device in and refuse one: ${locale}`, async ({ browser }) => {
    const page = await opened(browser, locale);
    const email = `grace-${locale.toLowerCase()}@example.com`;
    const first = await askDevice();
    await page.goto(`${hosted.url}/device?user_code=${first.user_code}`);
    await expect(page.getByRole('button', { name: texts.signIn, exact: true })).toBeVisible();
    await accessible(page);
    await page.getByRole('button', { name: texts.signUp }).click();
    await page.getByLabel(texts.name).fill('Grace');
    await page.getByLabel(texts.email).fill(email);
    await page.getByLabel(texts.password).fill(PASSWORD);
    await page.getByRole('button', { name: texts.signUp }).click();
    await expect(page.getByRole('status')).toHaveText(texts.mailed);
    const [link] = await hosted.mail.waitFor(email, /http:\/\/\S+verify-email\S+/);
    // the link leads back to the page where it began
    await page.goto(link);
    await expect(page).toHaveURL(/\/device\?user_code=/);
    await page.getByLabel(texts.email).fill(email);
    await page.getByLabel(texts.password).fill(PASSWORD);
    await page.getByRole('button', { name: texts.signIn, exact: true }).click();
    await page.getByRole('button', { name: texts.next }).click();
    await expect(page.getByText('lab server')).toBeVisible();
    await accessible(page);
    await page.getByRole('button', { name: texts.approve }).click();
    await expect(page.getByRole('status')).toHaveText(texts.approved);
    expect((await poll(first.device_code)).status).toBe(200);
    const second = await askDevice();
    await page.goto(`${hosted.url}/device?user_code=${second.user_code}`);
    await page.getByRole('button', { name: texts.next }).click();
    await page.getByRole('button', { name: texts.deny }).click();
    await expect(page.getByRole('status')).toHaveText(texts.denied);
    expect((await poll(second.device_code)).body).toMatchObject({ error: 'access_denied' });

    // one's data: all of it downloaded, a deletion asked for and called off
    await page.goto(`${hosted.url}/account`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: texts.exportData }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toContain(email);
    await page.getByRole('button', { name: texts.deleteAccount }).click();
    await expect(page.getByRole('status')).toHaveText(texts.confirmAccount);
    await accessible(page);
    await page.getByLabel(texts.confirm).fill(email);
    await page.getByRole('button', { name: texts.deleteAccount }).click();
    await expect(page.getByText(texts.deletionPlanned)).toBeVisible();
    await page.getByRole('button', { name: texts.callOff }).click();
    await expect(page.getByRole('button', { name: texts.deleteAccount })).toBeVisible();

    // the API's reference, drawn from the description alone
    const shown = REFERENCE_TEXTS[locale === 'zh-CN' ? 'zh' : 'en'];
    await page.goto(`${hosted.url}/reference`);
    await page.getByLabel(shown.filter).fill('/v1/jobs post');
    await expect(page.getByRole('status')).toHaveText(`2 ${shown.count}`);
    await page.getByText('/v1/jobs', { exact: true }).click();
    await expect(page.getByText(shown.body)).toBeVisible();
    await accessible(page);
    await page.context().close();
  });
}
