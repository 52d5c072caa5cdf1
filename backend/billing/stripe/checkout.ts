// What a person is sent to Stripe for: a plan, credit, and the portal where payment is looked after. Nothing is booked
// here: what they do there comes back as events.
import type Stripe from 'stripe';
import { GenrtlError, formatUsd, type MicroUsd } from '@genrtl/contracts';
import { RETURNED_QUERY } from '@genrtl/contracts/http/routes.ts';
import { inTransaction, reading, type Pool } from '../../db/index.ts';
import type { PlanTerms } from '../plans.ts';
import * as repository from '../repository/stripe.ts';

export interface CheckoutServices {
  readonly pool: Pool;
  readonly stripe: Stripe;
  readonly meterPrice: string;
  /** where Stripe sends the person back to */
  readonly page: string;
}

/** Made once for an account, whoever asks at the same moment. */
export async function customerFor(
  { pool, stripe }: CheckoutServices,
  account: string,
  email: string | null,
): Promise<string> {
  const known = await reading(pool, (tx) => repository.customerOfAccount(tx, account));
  if (known !== null) return known;
  const made = await stripe.customers.create(
    { metadata: { account_id: account }, ...(email === null ? {} : { email }) },
    { idempotencyKey: `customer|${account}` },
  );
  const kept = await inTransaction(pool, 'billing.customer', (tx) => repository.keepCustomer(tx, account, made.id));
  if (kept === null) throw new GenrtlError('NOT_FOUND', 'This account has no plan');
  return kept;
}

/** The address to send the person to. REQUEST_INVALID for an account that has a subscription: the portal changes it. */
export async function subscribe(
  services: CheckoutServices,
  account: string,
  email: string | null,
  plan: PlanTerms,
): Promise<string> {
  const { pool, stripe, meterPrice, page } = services;
  if (plan.stripe_lookup_key === null)
    throw new GenrtlError('REQUEST_INVALID', `The plan ${plan.plan} is not for sale`);
  const prices = await pricesOf(stripe, [plan.stripe_lookup_key, meterPrice]);
  const price = prices.get(plan.stripe_lookup_key);
  const metered = prices.get(meterPrice);
  if (price === undefined || (plan.on_demand && metered === undefined))
    throw new GenrtlError(
      'INTERNAL',
      `Stripe has no price ${price === undefined ? plan.stripe_lookup_key : meterPrice}`,
    );
  const customer = await customerFor(services, account, email);
  const items = [{ price, quantity: 1 }, ...(plan.on_demand && metered !== undefined ? [{ price: metered }] : [])];
  return inTransaction(pool, 'billing.subscribe', async (tx) => {
    await repository.lockSubscribing(tx, account);
    if (await repository.isSubscribed(tx, account)) throw subscribed();
    // Two pages open, each of them paid: two plans would be charged every month.
    await expireOpenPages(stripe, customer, 'subscription');
    if (await hasSubscription(stripe, customer)) throw subscribed();
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      customer,
      line_items: items,
      subscription_data: { metadata: { account_id: account } },
      success_url: returned(page),
      cancel_url: page,
    });
    return addressOf(session.url);
  });
}

const subscribed = (): GenrtlError =>
  new GenrtlError('REQUEST_INVALID', 'The account has a subscription already', {
    hint: 'Change it under Payment on the account page.',
  });

/** What Stripe knows and has not told yet; a first payment that is still tried counts too. */
async function hasSubscription(stripe: Stripe, customer: string): Promise<boolean> {
  for await (const { status } of stripe.subscriptions.list({ customer, limit: 100 }))
    if (status !== 'incomplete_expired' && status !== 'canceled') return true;
  return false;
}

/** Pages at Stripe that the person has not paid on lead nowhere any more; of one mode, or all. */
export async function expireOpenPages(stripe: Stripe, customer: string, mode?: 'subscription'): Promise<void> {
  for await (const session of stripe.checkout.sessions.list({ customer, status: 'open', limit: 100 }))
    if (mode === undefined || session.mode === mode)
      // paid on in this moment: what came of it is found afterwards
      await stripe.checkout.sessions.expire(session.id).catch((error: unknown) => {
        if ((error as { type?: unknown }).type !== 'StripeInvalidRequestError') throw error;
      });
}

/** The address to send the person to for prepaid credit. */
export async function buyCredit(
  services: CheckoutServices,
  account: string,
  email: string | null,
  amount: MicroUsd,
  validDays: number,
): Promise<string> {
  const { stripe, page } = services;
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    customer: await customerFor(services, account, email),
    line_items: [
      {
        quantity: 1,
        price_data: { currency: 'usd', unit_amount: centsOf(amount), product_data: { name: 'genRTL prepaid credit' } },
      },
    ],
    payment_intent_data: { metadata: topUpMetadata(account, validDays) },
    success_url: returned(page),
    cancel_url: page,
  });
  return addressOf(session.url);
}

/** Buys credit with the payment method on file; the same key buys once. */
export async function buyCreditUnattended(
  services: CheckoutServices,
  account: string,
  amount: MicroUsd,
  validDays: number,
  key: string,
): Promise<void> {
  await services.stripe.paymentIntents.create(
    {
      amount: centsOf(amount),
      currency: 'usd',
      customer: await customerFor(services, account, null),
      off_session: true,
      confirm: true,
      metadata: topUpMetadata(account, validDays),
    },
    { idempotencyKey: key },
  );
}

export async function portalFor(services: CheckoutServices, account: string, email: string | null): Promise<string> {
  const customer = await customerFor(services, account, email);
  const session = await services.stripe.billingPortal.sessions.create({
    customer,
    return_url: returned(services.page),
  });
  return session.url;
}

export async function pricesOf(stripe: Stripe, keys: readonly string[]): Promise<Map<string, string>> {
  const { data } = await stripe.prices.list({ lookup_keys: [...keys], active: true });
  return new Map(data.flatMap(({ lookup_key: key, id }) => (key === null ? [] : [[key, id] as const])));
}

/** Where something was done: the page then looks for what came of it. */
const returned = (page: string): string => `${page}?${RETURNED_QUERY}`;

const topUpMetadata = (account: string, validDays: number): Record<string, string> => ({
  genrtl: 'top_up',
  account_id: account,
  valid_days: String(validDays),
});

/** The least that Stripe takes, and the most that one payment buys. */
const LEAST_CENTS = 500;
const MOST_CENTS = 1_000_000;

function centsOf(amount: MicroUsd): number {
  const cents = amount / 10_000;
  if (!Number.isInteger(cents) || cents < LEAST_CENTS || cents > MOST_CENTS)
    throw new GenrtlError(
      'REQUEST_INVALID',
      `amount_usd: whole cents from $${formatUsd(LEAST_CENTS * 10_000)} to $${formatUsd(MOST_CENTS * 10_000)}`,
    );
  return cents;
}

function addressOf(url: string | null): string {
  if (url === null) throw new GenrtlError('INTERNAL', 'Stripe gave no address');
  return url;
}
