// Drawing from a user's buckets: included before on-demand, split when the first does not suffice.
import { formatUsd, GenrtlError, type MicroUsd } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';
import {
  lockBuckets,
  openBuckets as insertBuckets,
  setFloor,
  type BucketCode,
  type BucketRow,
} from './repository/buckets.ts';

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

/** Locks the account's buckets and plans a draw. BUDGET_EXCEEDED when the account's limits do not allow it. */
export async function planDraw(
  tx: Queryable,
  account: string,
  amount: number,
  /** tell what running calls hold apart from what is spent */
  tellReserved = false,
): Promise<Draw[]> {
  const buckets = await lockBuckets(tx, account);
  const draws = drawFrom(buckets, amount);
  if (draws !== null) return draws;
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
    hint: 'Raise the limit of the account, or wait until the included amount renews.',
    details: { needed_usd: formatUsd(amount) },
  });
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
  bucket: BucketCode,
  limit: MicroUsd | null,
): Promise<void> {
  await setFloor(tx, account, bucket, negated(limit));
}

function negated(limit: MicroUsd | null): number | null {
  return limit === null ? null : -limit;
}
