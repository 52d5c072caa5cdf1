// Billing of a hosted backend: its plans, the periods of its accounts, and what changes them.
import { GenrtlError, microUsd, parseUsd, type MicroUsd } from '@genrtl/contracts';
import type { Alerts, BillingView, OnDemandConsent } from '@genrtl/contracts/http/billing.ts';
import { inTransaction, reading, type Pool } from '../db/index.ts';
import { closeExpired, consentToOnDemand, openPeriod, readBilling, setOnDemandLimit } from '../ledger/index.ts';
import type { Log } from '../processes/log.ts';
import { planOf } from './plan-of.ts';
import { keepPlans, type PlanTerms } from './plans.ts';
import { textOf } from './mails.ts';
import { takeMails } from './repository/mails.ts';
import { setAlerts } from './repository/watch.ts';
import type { Payment } from './stripe/index.ts';
import { billingView } from './view.ts';
import { watchAccounts } from './watch.ts';

export interface BillingOptions {
  readonly pool: Pool;
  readonly plans: readonly PlanTerms[];
  readonly publicUrl: string;
  readonly log: Log;
  /** null: nothing is for sale here */
  readonly payment: Payment | null;
  /** null: this process sends no mail */
  readonly mail: {
    send: (to: string, subject: string, text: string) => void;
    addressesOf: (account: string) => Promise<string[]>;
  } | null;
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
    const { plans, publicUrl, payment } = this.#options;
    return reading(this.#pool, (tx) =>
      billingView(tx, account, { plans, selling: payment !== null, page: pageOf(publicUrl) }, this.#now()),
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

  /** No pay-as-you-go and no subscription from now on; for an account that is to be deleted. */
  async end(account: string): Promise<void> {
    await inTransaction(this.#pool, 'billing.limit', (tx) => setOnDemandLimit(tx, account, microUsd(0)));
    await this.#options.payment?.endSubscription(account);
  }

  async consent(account: string, givenBy: string): Promise<OnDemandConsent> {
    const until = await inTransaction(this.#pool, 'billing.consent', (tx) =>
      consentToOnDemand(tx, account, givenBy, this.#now()),
    );
    return { consented_until: until.toISOString() };
  }

  async setAlerts(account: string, to: Alerts): Promise<void> {
    await inTransaction(this.#pool, 'billing.limit', (tx) =>
      setAlerts(tx, account, {
        percent: to.percent,
        lowMicro: parseUsd(to.low_usd),
        topUpBelowMicro: to.top_up === null ? null : parseUsd(to.top_up.below_usd),
        topUpMicro: to.top_up === null ? null : parseUsd(to.top_up.amount_usd),
      }),
    );
  }

  /** Keeps a signed event and looks at what it is about; the sender is answered before that. */
  async receiveEvent(raw: string, signature: string): Promise<void> {
    const payment = this.#payment();
    await payment.receive(raw, signature);
    payment.handleEvents().catch((error: unknown) => {
      this.#options.log.warn('events of Stripe wait', { error: String(error) });
    });
  }

  subscribe(account: string, email: string | null, planId: string): Promise<string> {
    const plan = this.#options.plans.find((one) => one.plan === planId);
    if (plan === undefined) throw new GenrtlError('REQUEST_INVALID', `plan: there is no plan ${planId}`);
    return this.#payment().subscribe(account, email, plan);
  }

  async buyCredit(account: string, email: string | null, amount: MicroUsd): Promise<string> {
    const plan = await reading(this.#pool, (tx) => planOf(tx, account));
    return this.#payment().buyCredit(account, email, amount, plan?.prepaid_valid_days ?? 365);
  }

  portal(account: string, email: string | null): Promise<string> {
    return this.#payment().portal(account, email);
  }

  #payment(): Payment {
    const { payment } = this.#options;
    if (payment === null) throw new GenrtlError('NOT_FOUND', 'Nothing is for sale on this backend');
    return payment;
  }

  /** Housekeeping; each part goes on where another process or an earlier round stopped. */
  async sweep(): Promise<void> {
    const { payment, plans, log } = this.#options;
    while ((await inTransaction(this.#pool, 'billing.close', (tx) => closeExpired(tx, this.#now()))) >= CLOSE_BATCH);
    await watchAccounts({ pool: this.#pool, payment, plans, log, now: this.#now });
    await this.#sendMails();
    if (payment === null) return;
    await payment.askOverdue();
    await payment.handleEvents();
    await payment.exportUsage();
  }

  async #sendMails(): Promise<void> {
    const { mail, publicUrl } = this.#options;
    if (mail === null) return;
    for (const row of await inTransaction(this.#pool, 'billing.mail', (tx) => takeMails(tx, MAIL_BATCH))) {
      const shown = textOf(row.kind, row.facts, pageOf(publicUrl));
      if (shown === null) continue;
      for (const address of await mail.addressesOf(row.account_id)) mail.send(address, shown.subject, shown.text);
    }
  }
}

/** Where people look after plan and payment. */
export const pageOf = (publicUrl: string): string => `${publicUrl}/account/billing`;
const CLOSE_BATCH = 200;
const MAIL_BATCH = 100;
