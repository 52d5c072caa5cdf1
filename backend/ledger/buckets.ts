// Drawing from a user's buckets: what is included, then promotions, then prepaid credit, then pay-as-you-go; split
// where one does not suffice.
import { formatUsd, GenrtlError, microUsd, type Bucket, type MicroUsd } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';
import { consentUntil, openPeriod, type BillingRow } from './grants.ts';
import {
  lockBuckets,
  openBuckets as insertBuckets,
  readBuckets,
  setFloor,
  type BucketCode,
  type BucketRow,
} from './repository/buckets.ts';
import { releaseLeasesOf } from './repository/holds.ts';

export interface Draw {
  readonly ledgerAccountId: number;
  readonly bucket: BucketCode;
  readonly amountMicro: number;
}

/**
 * Splits an amount over buckets in their order; null when they do not hold it. Always at least one part, also for 0.
 */
export function drawFrom(buckets: readonly BucketRow[], amount: number): Draw[] | null {
  const draws: Draw[] = [];
  let left = amount;
  for (const bucket of buckets) {
    const available =
      bucket.floor_micro === null ? left : Math.max(0, bucket.posted_micro - bucket.pending_micro - bucket.floor_micro);
    const taken = Math.min(left, available);
    if (taken > 0 || (amount === 0 && draws.length === 0)) {
      draws.push({ ledgerAccountId: bucket.ledger_account_id, bucket: bucket.code, amountMicro: taken });
    }
    left -= taken;
    if (left === 0) return draws.length > 0 ? draws : null;
  }
  return null;
}

export interface DrawOptions {
  /** tell what running calls hold apart from what is spent */
  readonly tellReserved?: boolean;
  /** holds that were placed ahead stay where they are, also when they are what lacks */
  readonly keepsLeases?: boolean;
  readonly now?: Date;
}

/**
 * Opens the account's period where it is due, locks its buckets and plans a draw. BUDGET_EXCEEDED when the account's
 * limits do not allow it, ON_DEMAND_CONSENT when it would go beyond the grants for the first time in a period.
 */
export async function planDraw(
  tx: Queryable,
  account: string,
  amount: number,
  { tellReserved = false, keepsLeases = false, now = new Date() }: DrawOptions = {},
): Promise<Draw[]> {
  // no plan and no period on this machine
  const billing = account === 'local' ? null : await openPeriod(tx, account, now);
  const buckets = await lockBuckets(tx, account, now);
  const draws = drawFrom(buckets, amount);
  if (draws !== null) {
    const beyond = draws.find((draw) => draw.bucket === 'on_demand' && draw.amountMicro > 0);
    if (beyond !== undefined && billing !== null && (await consentUntil(tx, account, now)) === null)
      throw consentNeeded(buckets, billing, amount, beyond.amountMicro);
    return draws;
  }
  // What was placed ahead for calls that may never come is there for this one.
  if (!keepsLeases && (await releaseLeasesOf(tx, account)))
    return planDraw(tx, account, amount, { tellReserved, keepsLeases: true, now });
  if (
    tellReserved &&
    drawFrom(
      buckets.map((bucket) => ({ ...bucket, pending_micro: 0 })),
      amount,
    ) !== null
  )
    throw new GenrtlError('BUDGET_RESERVED', `Calls that run now hold what is left of the account's limits`, {
      details: { needed_usd: formatUsd(amount) },
    });
  throw new GenrtlError('BUDGET_EXCEEDED', `The account's limits do not leave $${formatUsd(amount)}`, {
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

/** What the next call of an account may hold at most, where it is asked for consent; null: no limit. */
export async function drawable(tx: Queryable, account: string, now: Date): Promise<MicroUsd | null> {
  let total = 0;
  for (const bucket of await readBuckets(tx, account, now)) {
    if (bucket.floor_micro === null) return null;
    total += Math.max(0, bucket.posted_micro - bucket.pending_micro - bucket.floor_micro);
  }
  return microUsd(total);
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

/** Opens the buckets of a new account; a null limit means unlimited. */
export async function openBuckets(
  tx: Queryable,
  account: string,
  limits: { included: MicroUsd | null; onDemand: MicroUsd | null },
): Promise<void> {
  await insertBuckets(tx, account, { included: negated(limits.included), onDemand: negated(limits.onDemand) });
}

/** Throws a constraint violation when the limit lies below what is used and held. */
export async function setBucketLimit(
  tx: Queryable,
  account: string,
  bucket: 'included' | 'on_demand',
  limit: MicroUsd | null,
): Promise<void> {
  if (limit !== null) await releaseLeasesOf(tx, account);
  await setFloor(tx, account, bucket, negated(limit));
}

/** The bucket as people and contracts know it. */
export const bucketName = (code: BucketCode): Bucket => (code === 'period' ? 'included' : code);

function negated(limit: MicroUsd | null): number | null {
  return limit === null ? null : -limit;
}
