// Payment through Stripe, as the rest of billing sees it. Loaded where a key is set.
import type { MicroUsd } from '@genrtl/contracts';
import { reading, type Pool } from '../../db/index.ts';
import type { Log } from '../../processes/log.ts';
import type { PlanTerms } from '../plans.ts';
import { customerOfAccount } from '../repository/stripe.ts';
import { overdueSubscriptions } from '../repository/watch.ts';
import { applyObject, type ApplyServices } from './apply.ts';
import {
  buyCredit,
  buyCreditUnattended,
  expireOpenPages,
  portalFor,
  pricesOf,
  subscribe,
  type CheckoutServices,
} from './checkout.ts';
import { openStripe } from './client.ts';
import { handleEvents, receiveEvent } from './events.ts';
import { exportUsage } from './exports.ts';
import type { StripeSettings } from './settings.ts';

export interface PaymentOptions {
  readonly pool: Pool;
  readonly settings: StripeSettings;
  readonly plans: readonly PlanTerms[];
  readonly page: string;
  readonly log: Log;
  readonly now: () => Date;
}

export interface Payment {
  /** Keeps a signed event; FORBIDDEN for any other. */
  receive(raw: string, signature: string): Promise<boolean>;
  handleEvents(): Promise<number>;
  /** Looks at subscriptions whose period is over without news. */
  askOverdue(): Promise<void>;
  exportUsage(): Promise<number>;
  subscribe(account: string, email: string | null, plan: PlanTerms): Promise<string>;
  buyCredit(account: string, email: string | null, amount: MicroUsd, validDays: number): Promise<string>;
  buyCreditUnattended(account: string, amount: MicroUsd, validDays: number, key: string): Promise<void>;
  portal(account: string, email: string | null): Promise<string>;
  /**
   * Ends every subscription of the account at once, with an invoice of what was used until then, and the pages at Stripe
   * that were open; without any nothing happens.
   */
  endSubscription(account: string): Promise<void>;
}

export function openPayment({ pool, settings, plans, page, log, now }: PaymentOptions): Payment {
  const stripe = openStripe(settings);
  let meterPrice: string | null = null;
  const apply: ApplyServices = {
    pool,
    stripe,
    plans,
    log,
    now,
    async meterPriceId() {
      meterPrice ??= (await pricesOf(stripe, [settings.meterPrice])).get(settings.meterPrice) ?? null;
      return meterPrice;
    },
  };
  const checkout: CheckoutServices = { pool, stripe, meterPrice: settings.meterPrice, page };
  return {
    receive: (raw, signature) => receiveEvent(apply, settings.webhookSecrets, raw, signature),
    handleEvents: () => handleEvents(apply),
    async askOverdue() {
      for (const id of await reading(pool, (tx) => overdueSubscriptions(tx, now(), 20)))
        await applyObject(apply, 'subscription', id);
    },
    exportUsage: () => exportUsage({ pool, stripe, meterEvent: settings.meterEvent, log, now }),
    subscribe: (account, email, plan) => subscribe(checkout, account, email, plan),
    buyCredit: (account, email, amount, days) => buyCredit(checkout, account, email, amount, days),
    buyCreditUnattended: (account, amount, days, key) => buyCreditUnattended(checkout, account, amount, days, key),
    portal: (account, email) => portalFor(checkout, account, email),
    async endSubscription(account) {
      const customer = await reading(pool, (tx) => customerOfAccount(tx, account));
      if (customer === null) return;
      await expireOpenPages(stripe, customer);
      for await (const { id } of stripe.subscriptions.list({ customer, limit: 100 })) {
        // What was used until now is billed; ending it again is no fault.
        await stripe.subscriptions.cancel(id, { invoice_now: true, prorate: false }).catch((error: unknown) => {
          if ((error as { code?: unknown }).code !== 'resource_missing') throw error;
        });
        await applyObject(apply, 'subscription', id);
      }
    },
  };
}
