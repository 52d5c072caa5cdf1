// The portal of a hosted backend in a real browser, in both languages: signing up, confirming, letting a device in, and
// every page of an account with long names, as its person, its organisation and its operator see it. A browser at work
// reports every refusal of its content security policy.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { representatives } from '../representatives.ts';
import { REFERENCE_TEXTS } from '../../backend/http/reference-page.ts';
import { AiClient } from '../../backend/test/ai-client.ts';
import { fakeFlows, fakeRouter } from '../../backend/test/fake-models.ts';
import { openHosted, PASSWORD, type Hosted } from '../../backend/test/hosted.ts';
import { StripeServer } from '../../backend/test/stripe-server.ts';
import en from '../../portal/i18n/en.json' with { type: 'json' };
import zh from '../../portal/i18n/zh-CN.json' with { type: 'json' };
import { accessible, button, opened, unexpected } from './support/portal.ts';
import { signIn } from './support/portal-people.ts';

let hosted: Hosted;
let stripe: StripeServer;
let folder: string;
const OPERATOR = 'olga@example.com';
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'genrtl-pages-'));
  stripe = await StripeServer.open(new Date(), {
    genrtl_pro_monthly: 2000,
    genrtl_team_monthly: 9900,
    genrtl_on_demand: null,
  });
  hosted = await openHosted({
    router: fakeRouter(join(folder, 'upstream.txt')),
    flows: fakeFlows,
    env: {
      GENRTL_OPERATORS: OPERATOR,
      GENRTL_JOBS_PER_ACCOUNT: '1',
      GENRTL_STRIPE_KEY: 'sk_test',
      GENRTL_STRIPE_WEBHOOK_SECRETS: stripe.secret,
      GENRTL_STRIPE_API: stripe.url,
    },
  });
});
test.afterAll(async () => {
  await hosted.close();
  await stripe.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The page scrolls down, never sideways. */
const fits = async (page: Page): Promise<void> => {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
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
  ['en-US', en],
  ['zh-CN', zh],
] as const;
for (const [locale, texts] of representatives(LANGUAGES, ['zh-CN'], ([name]) => name)) {
  test(`sign up, confirm, sign in, let a device in and refuse one, reset, one's data: ${locale}`, async ({
    browser,
  }) => {
    const { page, problems } = await opened(browser, locale);
    const email = `grace-${locale.toLowerCase()}@example.com`;
    const first = await askDevice();
    await page.goto(`${hosted.url}/device?user_code=${first.user_code}`);
    await expect(button(page, texts.sign.in)).toBeVisible();
    await accessible(page);
    await signIn(page, texts, email, 'not the password');
    await expect(page.getByRole('alert')).toContainText(texts.identity.INVALID_EMAIL_OR_PASSWORD);
    await button(page, texts.sign.up).click();
    await page.getByLabel(texts.sign.name).fill('Grace');
    await page.getByLabel(texts.sign.email).fill(email);
    await page.getByLabel(texts.sign.password).fill(PASSWORD);
    await accessible(page);
    await button(page, texts.sign.up).click();
    await expect(page.getByRole('status')).toHaveText(texts.sign.mailed);
    const [link] = await hosted.mail.waitFor(email, /http:\/\/\S+verify-email\S+/);
    // the link leads back to the page where it began
    await page.goto(link);
    await expect(page).toHaveURL(/\/device\?user_code=/);
    await signIn(page, texts, email);
    await button(page, texts.device.next).click();
    await expect(page.getByText('lab server')).toBeVisible();
    await accessible(page);
    await button(page, texts.device.approve).click();
    await expect(page.getByRole('status')).toHaveText(texts.device.approved);
    expect((await poll(first.device_code)).status).toBe(200);
    const second = await askDevice();
    await page.goto(`${hosted.url}/device`);
    await page.getByLabel(texts.device.code).fill('WRONG-CODE');
    await button(page, texts.device.next).click();
    await expect(page.getByRole('alert')).toContainText(texts.device.noCode);
    await page.getByLabel(texts.device.code).fill(second.user_code);
    await button(page, texts.device.next).click();
    await button(page, texts.device.deny).click();
    await expect(page.getByRole('status')).toHaveText(texts.device.denied);
    expect((await poll(second.device_code)).body).toMatchObject({ error: 'access_denied' });

    // one's data: all of it downloaded, a deletion asked for and called off
    await page.goto(`${hosted.url}/account`);
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, texts.data.export).click()]);
    expect(readFileSync(await download.path(), 'utf8')).toContain(email);
    await button(page, texts.data.deleteAccount).click();
    const question = page.getByRole('dialog');
    await expect(question).toContainText(texts.data.confirmAccount);
    await accessible(page);
    await question.getByLabel(texts.data.confirm).fill(email);
    await question.getByRole('button', { name: texts.data.deleteAccount }).click();
    await expect(page.getByText(texts.data.planned.replace('{{day}}', ''))).toBeVisible();
    await button(page, texts.data.callOff).click();
    await expect(button(page, texts.data.deleteAccount)).toBeVisible();

    // another password by mail: signed out, and in again with it
    const mails = hosted.mail.mails.length;
    await button(page, texts.profile.changePassword).click();
    const [reset] = await hosted.mail.waitFor(email, /http:\/\/\S+reset-password\S+/, mails);
    await page.goto(reset);
    await page.getByLabel(texts.sign.newPassword).fill(`another ${PASSWORD}`);
    await button(page, texts.sign.setPassword).click();
    await expect(page.getByText(texts.sign.saved)).toBeVisible();
    await signIn(page, texts, email, `another ${PASSWORD}`);
    await expect(page.getByRole('heading', { name: texts.pages.profile })).toBeVisible();
    await page.goto(`${hosted.url}/reset?error=INVALID_TOKEN`);
    await expect(page.getByRole('status')).toHaveText(texts.sign.linkOver);

    // the API's reference, drawn from the description alone
    const shown = REFERENCE_TEXTS[locale === 'zh-CN' ? 'zh' : 'en'];
    await page.goto(`${hosted.url}/reference`);
    await page.getByLabel(shown.filter).fill('/v1/jobs post');
    await expect(page.getByRole('status')).toHaveText(`2 ${shown.count}`);
    await page.getByText('/v1/jobs', { exact: true }).click();
    await expect(page.getByText(shown.body)).toBeVisible();
    await accessible(page);
    expect(unexpected(problems)).toEqual([]);
    await page.context().close();
  });
}

const LONG = 'Laboratory for Extraordinarily Long Names of Integrated Circuits and Their Verification '
  .repeat(2)
  .trim();

/**
 * An operator with an organisation of long names, a member, an invitation, a key, and work: done, under way, waiting.
 */
async function peopled(): Promise<{ organisation: string }> {
  const olga = await hosted.person('Olga');
  await hosted.database.pool.query(`UPDATE auth."user" SET "email" = $2, "name" = $3 WHERE "id" = $1`, [
    olga.id,
    OPERATOR,
    `Olga ${LONG}`.slice(0, 190),
  ]);
  const { body } = await olga.identity<{ id: string }>('/organization/create', { name: LONG, slug: 'long-names' });
  const invite = (email: string) =>
    olga.identity<{ id: string }>('/organization/invite-member', { organizationId: body.id, email, role: 'member' });
  const max = await hosted.person('Max');
  const { body: invitation } = await invite(max.email);
  await max.identity('/organization/accept-invitation', { invitationId: invitation.id });
  await invite(`${'very-long-address-'.repeat(3)}@example.com`);
  const { body: made } = await olga.call<{ key: string }>(
    'POST',
    '/v1/account/keys',
    { name: LONG.slice(0, 100), scopes: ['work', 'usage', 'publish', 'account'], expires_in_days: 7 },
    body.id,
  );
  const client = new AiClient({ url: hosted.url, token: made.key });
  const { body: run } = await client.submit(await client.planRequest('ok'));
  await client.finished(run.run_id);
  // one works on for ever, the next one waits for its end
  for (const script of ['silent', 'ok']) await client.submit(await client.planRequest(script));
  return { organisation: body.id };
}

test('every page of person, organisation and operator: both languages, both themes, long names', async ({
  browser,
}) => {
  const { organisation } = await peopled();
  for (const [locale, texts] of LANGUAGES) {
    const { page, problems } = await opened(browser, locale);
    const visited = new Set<string>();
    const visit = async (path: string, name: keyof typeof texts.pages): Promise<void> => {
      visited.add(name);
      await page.getByRole('link', { name: texts.pages[name], exact: true }).click();
      await expect(page).toHaveURL(`${hosted.url}/account${path}`);
      await expect(page.getByRole('heading', { level: 1, name: texts.pages[name] })).toBeVisible();
      await expect(page.locator('.spinner')).toHaveCount(0);
      await expect(page.locator('.error-note')).toHaveCount(0);
      await fits(page);
      await accessible(page);
    };
    await page.goto(`${hosted.url}/account`);
    await signIn(page, texts, OPERATOR);
    await expect(button(page, texts.shell.signOut)).toBeVisible();
    await visit('', 'profile');
    await visit('/sessions', 'sessions');
    await page.getByLabel(texts.shell.actingFor).selectOption(organisation);
    await visit('/organisation', 'organisation');
    await expect(page.getByText(`very-long-address-very-long`)).toBeVisible();
    await visit('/billing', 'billing');
    await expect(page.getByText(texts.billing.current)).toBeVisible();
    await visit('/usage', 'usage');
    await expect(page.getByText('fake/first').first()).toBeVisible();
    await visit('/keys', 'keys');
    await visit('/packages', 'packages');
    await expect(page.getByText(texts.packages.none)).toBeVisible();
    await page.getByLabel(texts.shell.actingFor).selectOption('');
    await visit('/packages', 'packages');
    const counter = (text: string): string => text.replace('{{name}}', 'cbb_counter 1.0.0');
    await button(page, counter(texts.packages.yankOne)).click();
    await page.getByLabel(texts.packages.reason).fill('counts backwards');
    await page.getByRole('dialog').getByRole('button', { name: texts.packages.yank, exact: true }).click();
    await expect(page.getByText('counts backwards')).toBeVisible();
    await button(page, texts.packages.unyank).click();
    await expect(page.getByText('counts backwards')).toHaveCount(0);
    await visit('/operator/accounts', 'operatorAccounts');
    await page.getByLabel(texts.operator.search).fill('long-names');
    await expect(page.getByRole('status')).toContainText(/1/);
    await visit('/operator/runs', 'operatorRuns');
    await expect(page.getByText(texts.operator.reasons.account_limit)).toBeVisible();
    await visit('/operator/packages', 'operatorPackages');
    await visit('/operator/ledger', 'operatorLedger');
    await expect(page.getByText(texts.operator.booksRight)).toBeVisible();
    await visit('/operator/costs', 'operatorCosts');
    await expect(page.getByText('fake/first').first()).toBeVisible();
    expect([...visited].sort(), 'a page of portal/nav.ts is not visited').toEqual(Object.keys(texts.pages).sort());
    expect(unexpected(problems)).toEqual([]);
    await page.context().close();
  }
});

test('a person does what the pages offer: keys, limits, plans, members, sessions', async ({ browser }) => {
  const { page, problems } = await opened(browser, 'en-US');
  const ada = await hosted.person('Ada');
  await page.goto(`${hosted.url}/account/keys`);
  await signIn(page, en, ada.email);
  // by the keyboard alone
  await page.getByLabel(en.keys.name).focus();
  await page.keyboard.type('ci');
  await page.keyboard.press('Enter');
  const secret = await page.locator('.portal-secret').innerText();
  expect((await hosted.ask('GET', '/v1/account', undefined, { authorization: `Bearer ${secret}` })).status).toBe(200);
  await button(page, en.keys.revokeOne.replace('{{name}}', 'ci')).click();
  await page.getByRole('dialog').getByRole('button', { name: en.keys.revoke, exact: true }).click();
  await expect(page.getByText(en.keys.none)).toBeVisible();
  await expect(page.locator('.portal-secret')).toHaveCount(0);

  // on a phone the page comes first, the others behind a button
  const size = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  const billing = page.getByRole('link', { name: en.pages.billing, exact: true });
  await expect(billing).toBeHidden();
  await button(page, en.shell.menu).click();
  await billing.click();
  await expect(page.getByRole('heading', { level: 1, name: en.pages.billing })).toBeVisible();
  await expect(billing).toBeHidden();
  await fits(page);
  await accessible(page);
  if (size !== null) await page.setViewportSize(size);

  await page.goto(`${hosted.url}/account/billing`);
  // where the payment provider's page would be
  await page.route(/^https:/, (route) => route.fulfill({ contentType: 'text/html', body: 'paid here' }));
  await button(page, en.billing.take.replace('{{plan}}', 'Pro')).click();
  await expect(page).toHaveURL(/^https:/);
  await hosted.database.pool.query(`UPDATE billing_accounts SET plan_id = 'pro' WHERE account_id = $1`, [
    `user_${ada.id}`,
  ]);
  await page.goto(`${hosted.url}/account/billing`);
  await page.getByLabel(en.billing.limit).fill('12.5');
  await button(page, en.billing.setLimit).click();
  await button(page, en.billing.consent).click();
  await expect(page.getByText(/^Agreed until/)).toBeVisible();
  await expect(page.getByText('$12.50')).toBeVisible();

  await page.goto(`${hosted.url}/account`);
  await page.getByLabel(en.profile.organisationName).fill('Chips');
  await page.getByLabel(en.profile.slug).fill('chips');
  await button(page, en.profile.found).click();
  await button(page, en.profile.open).click();
  await page.getByLabel(en.organisation.email).fill('guest@example.com');
  await button(page, en.organisation.invite).click();
  await expect(page.getByText(en.organisation.invited.replace('{{email}}', 'guest@example.com'))).toBeVisible();
  await button(page, en.organisation.cancelOne.replace('{{email}}', 'guest@example.com')).click();
  await page.getByRole('dialog').getByRole('button', { name: en.organisation.cancel, exact: true }).click();
  await expect(page.getByText(en.organisation.noInvitations)).toBeVisible();

  // the next person at this browser sees nothing of the one before
  await page.goto(`${hosted.url}/account/sessions`);
  await button(page, en.sessions.everywhere).click();
  await page.getByRole('dialog').getByRole('button', { name: en.sessions.everywhere }).click();
  await expect(button(page, en.sign.in)).toBeVisible();
  expect((await page.context().cookies()).filter(({ name }) => name.includes('session'))).toEqual([]);
  await expect.poll(async () => (await ada.call('GET', '/v1/account')).status).toBe(401);
  expect(unexpected(problems)).toEqual([]);
  await page.context().close();
});
