// The buckets of some accounts under their locks, and what one transaction draws from them: each draw sees what those
// before it took, and all of it is written at once.
import { formatUsd, GenrtlError } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';
import { drawFrom, type Draw } from './buckets.ts';
import { consentUntil, openPeriods, type BillingRow } from './grants.ts';
import { lockBuckets, type BucketRow, type LockedBucket } from './repository/buckets.ts';
import { releaseLeasesOf } from './repository/holds.ts';

export interface DrawOptions {
  /** tell what running calls hold apart from what is spent */
  readonly tellReserved?: boolean;
  /** holds that were placed ahead stay where they are, also when they are what lacks */
  readonly keepsLeases?: boolean;
  readonly now?: Date;
}

export class LockedBuckets {
  readonly #tx: Queryable;
  readonly #now: Date;
  readonly #billing: ReadonlyMap<string, BillingRow>;
  readonly #rows = new Map<string, readonly LockedBucket[]>();
  readonly #consents = new Map<string, Promise<Date | null>>();
  /** what is held more since the rows were read, by ledger account */
  readonly #held = new Map<number, number>();
  readonly #posted = new Map<number, number>();

  private constructor(tx: Queryable, now: Date, billing: ReadonlyMap<string, BillingRow>) {
    this.#tx = tx;
    this.#now = now;
    this.#billing = billing;
  }

  /** Opens the periods of the accounts where they are due, then locks what they may draw and what holds drew from. */
  static async lock(
    tx: Queryable,
    of: { readonly accounts: readonly string[]; readonly holds?: readonly string[] },
    now: Date,
  ): Promise<LockedBuckets> {
    const { accounts, holds = [] } = of;
    // no plan and no period on this machine
    const planned = accounts.filter((account) => account !== 'local');
    const all = new LockedBuckets(tx, now, await openPeriods(tx, planned, now));
    const rows = await lockBuckets(tx, { accounts, holds }, now);
    for (const [account, own] of Map.groupBy(rows, ({ account_id: id }) => id)) all.#rows.set(account, own);
    return all;
  }

  /**
   * Plans a draw, which later ones see. BUDGET_EXCEEDED when the account's limits do not allow it, ON_DEMAND_CONSENT
   * when it would go beyond the grants for the first time in a period; then nothing was drawn.
   */
  async draw(account: string, amount: number, options: Omit<DrawOptions, 'now'> = {}): Promise<Draw[]> {
    const { tellReserved = false, keepsLeases = false } = options;
    const buckets = this.#drawable(account);
    const billing = this.#billing.get(account) ?? null;
    const draws = drawFrom(buckets, amount);
    if (draws !== null) {
      const beyond = draws.find((draw) => draw.bucket === 'on_demand' && draw.amountMicro > 0);
      if (beyond !== undefined && billing !== null && (await this.#consentOf(account)) === null)
        throw consentNeeded(buckets, billing, amount, beyond.amountMicro);
      for (const { ledgerAccountId, amountMicro } of draws) this.#hold(ledgerAccountId, amountMicro);
      return draws;
    }
    // What was placed ahead for calls that may never come is there for this one.
    if (!keepsLeases && (await releaseLeasesOf(this.#tx, account))) {
      this.#rows.set(account, await lockBuckets(this.#tx, { accounts: [account] }, this.#now));
      return this.draw(account, amount, { tellReserved, keepsLeases: true });
    }
    const unheld = buckets.map((bucket) => ({ ...bucket, pending_micro: 0 }));
    if (tellReserved && drawFrom(unheld, amount) !== null)
      throw new GenrtlError('BUDGET_RESERVED', `Calls that run now hold what is left of the account's limits`, {
        details: { needed_usd: formatUsd(amount) },
      });
    throw exceeded(billing, amount);
  }

  /** What a hold had of a bucket is free, but for what is paid of it. */
  settle(ledgerAccountId: number, heldMicro: number, paidMicro: number): void {
    this.#hold(ledgerAccountId, -heldMicro);
    this.#posted.set(ledgerAccountId, (this.#posted.get(ledgerAccountId) ?? 0) - paidMicro);
  }

  /** What is held more and less, by ledger account, to be written; what is paid is written by its postings. */
  get held(): ReadonlyMap<number, number> {
    return this.#held;
  }

  #hold(ledgerAccountId: number, amountMicro: number): void {
    this.#held.set(ledgerAccountId, (this.#held.get(ledgerAccountId) ?? 0) + amountMicro);
  }

  #drawable(account: string): BucketRow[] {
    return (this.#rows.get(account) ?? [])
      .filter(({ drawable }) => drawable)
      .map((row) => ({
        ...row,
        posted_micro: row.posted_micro + (this.#posted.get(row.ledger_account_id) ?? 0),
        pending_micro: row.pending_micro + (this.#held.get(row.ledger_account_id) ?? 0),
      }));
  }

  #consentOf(account: string): Promise<Date | null> {
    const known = this.#consents.get(account) ?? consentUntil(this.#tx, account, this.#now);
    this.#consents.set(account, known);
    return known;
  }
}

/** One draw of one account, for what is paid or held by itself. */
export async function planDraw(
  tx: Queryable,
  account: string,
  amount: number,
  { now = new Date(), ...options }: DrawOptions = {},
): Promise<Draw[]> {
  const buckets = await LockedBuckets.lock(tx, { accounts: [account] }, now);
  return buckets.draw(account, amount, options);
}

function exceeded(billing: BillingRow | null, amount: number): GenrtlError {
  return new GenrtlError('BUDGET_EXCEEDED', `The account's limits do not leave $${formatUsd(amount)}`, {
    hint:
      billing === null
        ? 'Raise the limit of the account, or wait until the included amount renews.'
        : 'Buy credit, open pay-as-you-go with a limit, or choose a larger plan on the account page; or wait until the included amount renews.',
    details: {
      needed_usd: formatUsd(amount),
      // of the account, not of the job: raising the cap of the job does not help
      limit_of: 'account',
      ...(billing === null
        ? {}
        : { plan: billing.plan_id, standing: billing.standing, renews_at: billing.period_end?.toISOString() ?? null }),
    },
  });
}

function consentNeeded(
  buckets: readonly BucketRow[],
  billing: BillingRow,
  amount: number,
  beyondMicro: number,
): GenrtlError {
  const onDemand = buckets.find((bucket) => bucket.code === 'on_demand');
  return new GenrtlError(
    'ON_DEMAND_CONSENT',
    `Up to $${formatUsd(beyondMicro)} of the next call would be billed in addition, as pay-as-you-go`,
    {
      details: {
        needed_usd: formatUsd(amount),
        beyond_usd: formatUsd(beyondMicro),
        used_usd: formatUsd(-(onDemand?.posted_micro ?? 0)),
        limit_usd: onDemand?.floor_micro == null ? null : formatUsd(-onDemand.floor_micro),
        period_end: billing.period_end?.toISOString() ?? null,
      },
    },
  );
}
