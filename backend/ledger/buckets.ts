// A user's buckets: what is included, then promotions, then prepaid credit, then pay-as-you-go; an amount is split where
// one does not suffice.
import { microUsd, type Bucket, type MicroUsd } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';
import {
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

/** What the next call of an account may hold at most, where it is asked for consent; null: no limit. */
export async function drawable(tx: Queryable, account: string, now: Date): Promise<MicroUsd | null> {
  let total = 0;
  for (const bucket of await readBuckets(tx, account, now)) {
    if (bucket.floor_micro === null) return null;
    total += Math.max(0, bucket.posted_micro - bucket.pending_micro - bucket.floor_micro);
  }
  return microUsd(total);
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
