// Holds: money set aside before an upstream call, then captured or released exactly once, with the one journal entry
// of that call. A capture never exceeds its hold; what the call cost beyond it is the platform's loss.
import { GenrtlError, type MicroUsd, type ModelUsage } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';
import { moveWithinCap } from './budgets.ts';
import { planDraw } from './buckets.ts';
import { addPending, platformAccount } from './repository/buckets.ts';
import * as holds from './repository/holds.ts';
import { entryExists, insertEntry, type Posting } from './repository/journal.ts';

export interface HoldRequest {
  /** given by the caller, so that a repeat finds its own hold */
  readonly holdId: string;
  readonly accountId: string;
  /** null: an interactive run, which no job's cap bounds */
  readonly jobId: string | null;
  /** the workflow that the hold lives with */
  readonly workflowId: string;
  readonly amount: MicroUsd;
  readonly now?: Date;
}

/**
 * False when the hold is there already: placed by the same request before. ON_DEMAND_CONSENT, and BUDGET_EXCEEDED when
 * the job's cap or the account's limits do not allow it (BUDGET_RESERVED when other calls of the account hold what an
 * interactive run needs); then nothing was changed.
 */
export async function placeHold(tx: Queryable, request: HoldRequest): Promise<boolean> {
  const { holdId } = request;
  if ((await holds.lockHold(tx, holdId)) !== null) return false;
  if (request.jobId !== null)
    await moveWithinCap(tx, request.accountId, request.jobId, { held: request.amount, spent: 0 });
  const draws = await planDraw(tx, request.accountId, request.amount, {
    tellReserved: request.jobId === null,
    ...(request.now === undefined ? {} : { now: request.now }),
  });
  for (const draw of draws) await addPending(tx, draw.ledgerAccountId, draw.amountMicro);
  await holds.insertHold(
    tx,
    {
      holdId,
      accountId: request.accountId,
      jobId: request.jobId,
      workflowId: request.workflowId,
      amountMicro: request.amount,
    },
    draws,
  );
  return true;
}

export interface Settlement {
  /** of the journal entry; given by the caller, so that a repeat finds its own settlement */
  readonly entryId: string;
  readonly holdId: string;
  /** false: the user pays nothing, the cost is the platform's loss */
  readonly charge: boolean;
  /** what the call cost */
  readonly cost: MicroUsd;
  /** not more than this is captured, whatever the hold is; absent: all of it may be */
  readonly most?: MicroUsd;
  readonly usage: ModelUsage;
  /** permanent identity of the upstream attempt */
  readonly attemptId: string;
  readonly requestHash: string;
  readonly stepId: string;
}

/**
 * Resolves a hold and books the upstream attempt. Returns what the user paid, and whether the same settlement had done
 * so before. Throws INTERNAL when another one resolved the hold.
 */
export async function settleHold(
  tx: Queryable,
  settlement: Settlement,
): Promise<{ capturedMicro: number; repeated: boolean }> {
  const hold = await holds.lockHold(tx, settlement.holdId);
  if (hold === null) throw new GenrtlError('INTERNAL', `No hold ${settlement.holdId}`);
  if (hold.state !== 'open') {
    if (await entryExists(tx, settlement.entryId)) return { capturedMicro: hold.captured_micro, repeated: true };
    throw new GenrtlError('INTERNAL', `Hold ${settlement.holdId} is resolved already`);
  }
  const { cost, most = cost } = settlement;
  const captured = settlement.charge ? Math.min(cost, most, hold.amount_micro) : 0;
  if (hold.job_id !== null) {
    await moveWithinCap(tx, hold.account_id, hold.job_id, { held: -hold.amount_micro, spent: captured });
  }
  const postings: Posting[] = [];
  let left = captured;
  for (const part of await holds.partsOf(tx, hold.hold_id)) {
    await addPending(tx, part.ledgerAccountId, -part.amountMicro);
    const paid = Math.min(left, part.amountMicro);
    left -= paid;
    // The first bucket appears also with 0, so that every attempt shows in the account's usage.
    if (paid > 0 || postings.length === 0) postings.push({ ledgerAccountId: part.ledgerAccountId, amountMicro: -paid });
  }
  postings.push({ ledgerAccountId: await platformAccount(tx, 'models'), amountMicro: settlement.cost });
  const loss = settlement.cost - captured;
  if (loss > 0) postings.push({ ledgerAccountId: await platformAccount(tx, 'loss'), amountMicro: -loss });
  await holds.resolveHold(tx, hold.hold_id, settlement.charge ? 'captured' : 'released', captured);
  await insertEntry(
    tx,
    {
      entryId: settlement.entryId,
      accountId: hold.account_id,
      kind: 'model',
      idempotencyKey: `model|${settlement.attemptId}`,
      requestHash: settlement.requestHash,
      jobId: hold.job_id,
      stepId: settlement.stepId,
      item: settlement.usage.model,
      version: settlement.usage.rate_card,
      usage: settlement.usage,
      reverses: null,
    },
    postings,
  );
  return { capturedMicro: captured, repeated: false };
}

export { openHolds } from './repository/holds.ts';
