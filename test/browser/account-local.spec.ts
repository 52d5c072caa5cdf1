// The portal of a backend without accounts, as one on a person's own machine is.
import { expect, test } from '@playwright/test';
import { fakeFlows } from '../../backend/test/fake-models.ts';
import { openHosted, type Hosted } from '../../backend/test/hosted.ts';
import en from '../../portal/i18n/en.json' with { type: 'json' };
import { accessible, button, opened, unexpected } from './support/portal.ts';

let local: Hosted;
test.beforeAll(async () => {
  local = await openHosted({ flows: fakeFlows, env: { GENRTL_PUBLIC_URL: '' } });
});
test.afterAll(() => local.close());

test('its token lets in; usage and packages are shown, nothing is sold', async ({ browser }) => {
  const { page, problems } = await opened(browser, 'en-US');
  await page.goto(local.url);
  await expect(page.getByRole('heading', { name: en.local.title })).toBeVisible();
  await accessible(page);
  await page.getByLabel(en.local.token).fill('not the token');
  await button(page, en.local.open).click();
  await expect(page.getByRole('alert')).toContainText(en.local.refused);
  await page.goto(`${local.url}/account#token=${local.backend.token}`);
  await expect(page).toHaveURL(`${local.url}/account/billing`);
  await expect(page.getByText(en.local.noMoney)).toBeVisible();
  await accessible(page);
  const places = page.getByRole('navigation').getByRole('listitem');
  await expect(places).toHaveText([en.pages.billing, en.pages.usage, en.pages.packages]);
  await page.getByRole('link', { name: en.pages.usage }).click();
  await expect(page.getByText(en.usage.none)).toBeVisible();
  await page.getByRole('link', { name: en.pages.packages }).click();
  await expect(page.getByText('cbb_counter')).toBeVisible();
  await button(page, en.shell.leaveToken).click();
  await expect(page.getByLabel(en.local.token)).toBeVisible();
  expect(unexpected(problems)).toEqual([]);
  await page.context().close();
});
