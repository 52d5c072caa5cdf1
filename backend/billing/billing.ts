// Billing of a hosted backend: its plans, the periods of its accounts, and what changes them.
import { GenrtlError, type BillingView, type MicroUsd, type OnDemandConsent } from '@genrtl/contracts';
import { inTransaction, reading, type Pool } from '../db/index.ts';
import { closeExpired, consentToOnDemand, openPeriod, readBilling, setOnDemandLimit } from '../ledger/index.ts';
import type { Log } from '../processes/log.ts';
import { planOf } from './plan-of.ts';
import { keepPlans, type PlanTerms } from './plans.ts';
import { billingView } from './view.ts';

export interface BillingOptions {
  readonly pool: Pool;
  readonly plans: readonly PlanTerms[];
  readonly publicUrl: string;
  readonly log: Log;
  /** for tests */
  readonly now?: () => Date;
}

export class Billing {
  readonly #pool: Pool;
  readonly #options: BillingOptions;
  readonly #now: () => Date;

  private constructor(options: BillingOptions) {
    this.#pool = options.pool;
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  static async open(options: BillingOptions): Promise<Billing> {
    await inTransaction(options.pool, 'billing.plans', (tx) => keepPlans(tx, options.plans));
    return new Billing(options);
  }

  /** Opens the account's period where it is due, so that what is shown is what the next call would find. */
  async refresh(account: string): Promise<void> {
    const now = this.#now();
    const row = await reading(this.#pool, (tx) => readBilling(tx, account));
    if (row === null || (row.period_end !== null && row.period_end > now)) return;
    await inTransaction(this.#pool, 'billing.period', (tx) => openPeriod(tx, account, now));
  }

  async view(account: string): Promise<BillingView> {
    await this.refresh(account);
    const { plans, publicUrl } = this.#options;
    return reading(this.#pool, (tx) =>
      billingView(tx, account, { plans, selling: false, page: `${publicUrl}/account` }, this.#now()),
    );
  }

  /** PLAN_EXCLUDES for a plan without pay-as-you-go. */
  async setOnDemandLimit(account: string, limit: MicroUsd): Promise<void> {
    await inTransaction(this.#pool, 'billing.limit', async (tx) => {
      if (limit > 0 && (await planOf(tx, account))?.on_demand === false)
        throw new GenrtlError('PLAN_EXCLUDES', 'The plan of this account has no pay-as-you-go');
      await setOnDemandLimit(tx, account, limit);
    });
  }

  async consent(account: string, givenBy: string): Promise<OnDemandConsent> {
    const until = await inTransaction(this.#pool, 'billing.consent', (tx) =>
      consentToOnDemand(tx, account, givenBy, this.#now()),
    );
    return { consented_until: until.toISOString() };
  }

  async sweep(): Promise<void> {
    while ((await inTransaction(this.#pool, 'billing.close', (tx) => closeExpired(tx, this.#now()))) >= 200);
  }
}
