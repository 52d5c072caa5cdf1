// Holds that are placed before anybody knows what for, so that a call that begins waits for no bucket: some of one
// amount for an account, by a process that expects calls. One that a call takes becomes the hold of its attempt, like
// any other; one that nobody takes is given back.
import { GenrtlError, type MicroUsd } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';
import type { Draw } from './buckets.ts';
import { planDraw } from './locked-buckets.ts';
import { movePending } from './repository/buckets.ts';
import * as holds from './repository/holds.ts';

export const { LEASE } = holds;

/**
 * An account that has less than so many times of what is placed ahead is left alone: its next call may need all of it.
 */
const HEADROOM = 20;

export interface Leases {
  readonly accountId: string;
  /** names the process: its leases are given back when it is gone */
  readonly owner: string;
  /** of each */
  readonly amount: MicroUsd;
  /** given by the caller, so that a repeat finds its own */
  readonly holdIds: readonly string[];
  readonly now?: Date;
}

/** False where the account has too little, or would be billed beyond what it has; then nothing was changed. */
export async function placeLeases(tx: Queryable, leases: Leases): Promise<boolean> {
  const { accountId, owner, amount, holdIds } = leases;
  const [first] = holdIds;
  if (first === undefined) return false;
  if (await holds.lockHold(tx, first)) return true;
  const draws = await headroom(tx, leases);
  const dealtOut = draws === null ? null : dealt(draws, amount, holdIds);
  if (dealtOut === null) return false;
  const sums = new Map<number, number>();
  for (const { ledgerAccountId, amountMicro } of dealtOut.flatMap(({ parts }) => parts))
    sums.set(ledgerAccountId, (sums.get(ledgerAccountId) ?? 0) + amountMicro);
  await movePending(tx, sums);
  const workflowId = `${LEASE}${owner}`;
  await holds.insertHolds(
    tx,
    dealtOut.map((hold) => ({ ...hold, accountId, jobId: null, workflowId, amountMicro: amount })),
  );
  return true;
}

async function headroom(tx: Queryable, { accountId, amount, holdIds, now }: Leases): Promise<Draw[] | null> {
  try {
    const draws = await planDraw(tx, accountId, amount * holdIds.length * HEADROOM, {
      keepsLeases: true,
      ...(now === undefined ? {} : { now }),
    });
    return draws.some(({ bucket, amountMicro }) => bucket === 'on_demand' && amountMicro > 0) ? null : draws;
  } catch (error) {
    if (error instanceof GenrtlError) return null;
    throw error;
  }
}

/** The parts of each hold, in drawing order; null where they do not suffice. */
function dealt(
  draws: readonly Draw[],
  amount: number,
  holdIds: readonly string[],
): Pick<holds.NewHold, 'holdId' | 'parts'>[] | null {
  const left = draws.map((draw) => ({ ...draw }));
  const made: Pick<holds.NewHold, 'holdId' | 'parts'>[] = [];
  for (const holdId of holdIds) {
    let needed = amount;
    const parts: holds.HoldPart[] = [];
    for (const draw of left) {
      const taken = Math.min(needed, draw.amountMicro);
      if (taken === 0 && !(amount === 0 && parts.length === 0)) continue;
      draw.amountMicro -= taken;
      needed -= taken;
      parts.push({ ledgerAccountId: draw.ledgerAccountId, amountMicro: taken });
    }
    if (needed > 0) return null;
    made.push({ holdId, parts });
  }
  return made;
}

/** Gives back those that nobody took. */
export const releaseLeases = (tx: Queryable, holdIds: readonly string[]): Promise<void> =>
  holds.releaseUntaken(tx, holdIds);

export { leasesOfNobody } from './repository/holds.ts';
