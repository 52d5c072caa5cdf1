// Paying in the portal of a hosted backend, in a real browser, against a server that speaks Stripe's API: credit bought,
// a plan taken, pay-as-you-go opened and agreed to, mails and automatic top-up set, and what the page says when a
// payment fails or is disputed.
import { expect, test, type Page } from '@playwright/test';
import type { BillingView } from '@genrtl/contracts/http/billing.ts';
import { openHosted, type Hosted } from '../../backend/test/hosted.ts';
import { StripeServer } from '../../backend/test/stripe-server.ts';
import en from '../../portal/i18n/en.json' with { type: 'json' };
import zh from '../../portal/i18n/zh-CN.json' with { type: 'json' };
import { representatives } from '../representatives.ts';
import { accessible, button, opened, unexpected } from './support/portal.ts';
import { signIn } from './support/portal-people.ts';

const DAY_MS = 86_400_000;
let hosted: Hosted;
let stripe: StripeServer;
test.beforeAll(async () => {
  stripe = await StripeServer.open(new Date(), {
    genrtl_pro_monthly: 4000,
    genrtl_team_monthly: 20_000,
    genrtl_on_demand: null,
  });
  hosted = await openHosted({
    env: {
      GENRTL_STRIPE_KEY: 'sk_test',
      GENRTL_STRIPE_WEBHOOK_SECRETS: stripe.secret,
      GENRTL_STRIPE_API: stripe.url,
    },
  });
});
test.afterAll(async () => {
  await hosted.close();
  await stripe.close();
});

/** Stripe tells what happened since it last did. */
let told = 0;
async function deliver(): Promise<void> {
  const events = stripe.events.slice(told);
  told = stripe.events.length;
  for (const { body } of events) {
    const answer = await fetch(`${hosted.url}/v1/billing/stripe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': stripe.sign(body) },
      body,
    });
    expect(answer.status).toBe(200);
  }
  // taken in at once, handled a moment later
  const open = 'SELECT 1 FROM stripe_events WHERE handled_at IS NULL';
  await expect.poll(async () => (await hosted.database.pool.query(open)).rowCount).toBe(0);
}

/**
 * Presses what leads to Stripe's own page, pays there, and comes back before Stripe has told of it: the page says that
 * it waits, and shows the payment by itself.
 */
async function pay(page: Page, awaited: string, press: () => Promise<void>): Promise<void> {
  await press();
  await expect(page).toHaveURL(/^https:\/\/checkout\.example\//);
  await page.goto(stripe.complete(page.url()));
  await expect(page.getByText(awaited)).toBeVisible();
  await deliver();
  await expect(page.getByText(awaited)).toHaveCount(0);
}

const LANGUAGES = [
  ['en-US', en],
  ['zh-CN', zh],
] as const;
for (const [locale, texts] of representatives(LANGUAGES, ['zh-CN'], ([name]) => name)) {
  test(`credit, a plan, pay-as-you-go, mails, and payments that fail: ${locale}`, async ({ browser }) => {
    const t = texts.billing;
    const pro = locale === 'zh-CN' ? '专业版' : 'Pro';
    stripe.card = 'pays';
    const { page, problems } = await opened(browser, locale);
    const ada = await hosted.person('Ada');
    const billing = async (): Promise<BillingView> => (await ada.call<BillingView>('GET', '/v1/billing')).body;
    await page.route(/^https:/, (route) => route.fulfill({ contentType: 'text/html', body: 'paid here' }));
    await page.goto(`${hosted.url}/account/billing`);
    await signIn(page, texts, ada.email);

    // credit: what is no amount does not leave the page
    const amount = page.getByLabel(t.amount, { exact: true });
    await amount.fill('25.001');
    await button(page, t.buy).click();
    await expect(amount).toHaveJSProperty('validity.valid', false);
    await amount.fill('25');
    await pay(page, t.awaited, () => button(page, t.buy).click());
    const grants = page.getByRole('group', { name: t.grants });
    await expect(grants.getByRole('row', { name: t.kinds.prepaid })).toContainText('$25.00');
    const payments = page.getByRole('group', { name: t.invoices });
    await expect(payments.getByRole('row', { name: t.payments.top_up })).toContainText('$25.00');
    await accessible(page);

    // a plan: its price, and what it includes for this period, once
    await pay(page, t.awaited, () => button(page, t.take.replace('{{plan}}', pro)).click());
    await expect(page.getByRole('heading', { name: pro })).toContainText(t.current);
    await expect(grants.getByRole('row', { name: t.kinds.period }).filter({ hasText: '$40.00' })).toBeVisible();
    await expect(payments.getByRole('row', { name: t.payments.invoice })).toContainText('$40.00');
    await expect(button(page, t.take.replace('{{plan}}', pro))).toHaveCount(0);
    await button(page, t.manage).click();
    await expect(page).toHaveURL(/^https:\/\/portal\.example\//);
    await page.goto(`${hosted.url}/account/billing`);

    // pay-as-you-go: closed, opened up to a limit, agreed to, closed again
    const limit = page.getByLabel(t.limit, { exact: true });
    await expect(button(page, t.consent)).toHaveCount(0);
    await limit.fill('12.5');
    await button(page, t.setLimit).click();
    await button(page, t.consent).click();
    await expect(page.getByText(t.consented.replace('{{day}}', ''))).toBeVisible();
    expect((await billing()).on_demand).toMatchObject({ limit_usd: '12.50', used_usd: '0.00' });
    await limit.fill('0');
    await button(page, t.setLimit).click();
    await expect(page.getByText(t.closed, { exact: true })).toBeVisible();

    // mails, and credit that is bought by itself only when that was switched on
    expect((await billing()).alerts.top_up).toBeNull();
    await page.getByLabel(t.percent, { exact: true }).fill('90');
    await page.getByLabel(t.topUp, { exact: true }).check();
    await page.getByLabel(t.below, { exact: true }).fill('3');
    await page.getByLabel(t.topUpAmount, { exact: true }).fill('15');
    await button(page, t.save).click();
    await expect(page.getByText(t.saved, { exact: true })).toBeVisible();
    expect((await billing()).alerts).toMatchObject({
      percent: 90,
      top_up: { below_usd: '3.00', amount_usd: '15.00' },
    });
    await accessible(page);

    // the card of the renewal fails: the plan stays, the page says what is due
    stripe.card = 'fails';
    stripe.advance(new Date(Date.now() + 32 * DAY_MS));
    await deliver();
    await expect.poll(async () => (await billing()).standing).toBe('past_due');
    await page.reload();
    await expect(page.getByText(t.standing.past_due)).toBeVisible();
    // the credit is disputed: frozen as long as that is open
    const [intent] = stripe.all('payment_intent').filter((one) => one['customer'] === customerOf(ada.email));
    stripe.dispute(String(intent?.['id']));
    await deliver();
    await expect.poll(async () => (await billing()).grants.some(({ frozen }) => frozen)).toBe(true);
    await page.reload();
    await expect(grants.getByRole('row', { name: t.kinds.prepaid })).toContainText(t.frozen);
    await accessible(page);
    expect(unexpected(problems)).toEqual([]);
    await page.context().close();
  });
}

function customerOf(email: string): unknown {
  return stripe.all('customer').find((one) => one['email'] === email)?.['id'];
}
