// Signing in to the portal through the organisation's own OpenID Connect provider, by click, at the provider's own
// pages: a new person, the same one again, one whose address the provider has not confirmed, and a provider that is
// away.
import { expect, test, type Page } from '@playwright/test';
import { openHosted, type Hosted } from '../../backend/test/hosted.ts';
import { OidcProvider } from '../../backend/test/oidc-provider.ts';
import en from '../../portal/i18n/en.json' with { type: 'json' };
import zh from '../../portal/i18n/zh-CN.json' with { type: 'json' };
import { accessible, button, opened, unexpected } from './support/portal.ts';

let hosted: Hosted;
let provider: OidcProvider;
test.beforeAll(async () => {
  provider = await OidcProvider.open({ byHand: true });
  hosted = await openHosted({ env: provider.env });
});
test.afterAll(async () => {
  await provider.stop();
  await hosted.close();
});

const choose = (page: Page, texts: typeof en) =>
  button(page, texts.sign.with.replace('{{name}}', 'Example Works')).click();
async function agree(page: Page): Promise<void> {
  await button(page, 'Sign in as Emmy').click();
  await button(page, 'Share name and address').click();
}

test('signing in with the organisation’s own provider, in both languages', async ({ browser }) => {
  const { page, problems } = await opened(browser, 'en-US');
  // the provider is away: said, and the other ways still work
  await page.goto(`${hosted.url}/account/keys`);
  await choose(page, en);
  await expect(page.getByRole('alert')).toBeVisible();
  await accessible(page);
  await provider.start(hosted.url);
  provider.next = { sub: 'emmy', email: 'emmy@example.com', verified: true };
  await choose(page, en);
  await agree(page);
  // back at the page where it began
  await expect(page).toHaveURL(`${hosted.url}/account/keys`);
  await expect(page.getByRole('heading', { level: 1, name: en.pages.keys })).toBeVisible();
  await page.goto(`${hosted.url}/account`);
  await expect(page.getByTitle('emmy@example.com')).toBeVisible();
  await button(page, en.shell.signOut).click();
  await expect(button(page, en.sign.in)).toBeVisible();
  expect(unexpected(problems)).toEqual([]);
  await page.context().close();

  const chinese = await opened(browser, 'zh-CN');
  await chinese.page.goto(`${hosted.url}/account`);
  await choose(chinese.page, zh);
  await agree(chinese.page);
  await expect(chinese.page.getByTitle('emmy@example.com')).toBeVisible();
  await accessible(chinese.page);
  const { rows } = await hosted.database.pool.query('SELECT 1 FROM auth."user"');
  expect(rows).toHaveLength(1);
  expect(unexpected(chinese.problems)).toEqual([]);
  await chinese.page.context().close();

  // an address that the provider has not confirmed opens nothing until the link of a mail did, and the page says so
  provider.next = { sub: 'mallory', email: 'mallory@example.com', verified: false };
  const other = await opened(browser, 'zh-CN');
  await other.page.goto(`${hosted.url}/account`);
  await choose(other.page, zh);
  await agree(other.page);
  await expect(other.page.getByRole('status')).toHaveText(zh.sign.confirm);
  await accessible(other.page);
  const [link] = await hosted.mail.waitFor('mallory@example.com', /http:\/\/\S+verify-email\S+/);
  await other.page.goto(link);
  await choose(other.page, zh);
  await expect(other.page.getByTitle('mallory@example.com')).toBeVisible();
  expect(unexpected(other.problems)).toEqual([]);
  await other.page.context().close();
});
