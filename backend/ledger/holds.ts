// Holds: money set aside before an upstream call, then captured or released exactly once, with the one journal entry
// of that call. A capture never exceeds its hold; what the call cost beyond it is the platform's loss. Many at once are
// as cheap as one, and each is judged by itself.
import { GenrtlError, type MicroUsd, type ModelUsage } from '@genrtl/contracts';
import type { Verdict } from '../db/group-commit.ts';
import { answeredWithCommit, type Queryable } from '../db/index.ts';
import { LockedBudgets } from './budgets.ts';
import { LockedBuckets } from './locked-buckets.ts';
import { platformAccounts } from './repository/buckets.ts';
import * as holds from './repository/holds.ts';
import { entriesThere, insertEntries, type NewEntry, type Posting } from './repository/journal.ts';

export interface HoldRequest {
  /** given by the caller, so that a repeat finds its own hold */
  readonly holdId: string;
  readonly accountId: string;
  /** null: an interactive run, which no job's cap bounds */
  readonly jobId: string | null;
  /** the workflow that the hold lives with */
  readonly workflowId: string;
  readonly amount: MicroUsd;
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

export interface Settled {
  /** what the user paid */
  readonly capturedMicro: number;
  /** the same settlement had resolved the hold before */
  readonly repeated: boolean;
}

export interface Movements {
  readonly settlements: readonly Settlement[];
  readonly holds: readonly HoldRequest[];
}

/** In the order of what was asked. */
export interface Moved {
  readonly settled: readonly Verdict<Settled>[];
  /** false: the hold is there already, placed by the same request before */
  readonly placed: readonly Verdict<boolean>[];
}

/**
 * Settlements, then new holds, which find what those gave back. One that is refused changes nothing. A hold:
 * ON_DEMAND_CONSENT, and BUDGET_EXCEEDED when the job's cap or the account's limits do not allow it (BUDGET_RESERVED
 * when other calls of the account hold what an interactive run needs). A settlement: INTERNAL when another one resolved
 * the hold.
 */
export async function moveMoney(
  tx: Queryable,
  { settlements, holds: requests }: Movements,
  now = new Date(),
): Promise<Moved> {
  const settling = settlements.map(({ holdId }) => holdId);
  // Sent together, and locked in this order by everybody: holds, caps, buckets.
  const [known, budgets, buckets, platform] = await Promise.all([
    holds.lockHolds(tx, [...settling, ...requests.map(({ holdId }) => holdId)]),
    LockedBudgets.lock(tx, { jobs: requests, holds: settling }),
    LockedBuckets.lock(
      tx,
      { accounts: [...new Set(requests.map(({ accountId }) => accountId))], holds: settling },
      now,
    ),
    settlements.length === 0 ? new Map<string, number>() : platformAccounts(tx),
  ]);
  const entries = await entriesOfResolved(tx, settlements, known);
  const made = new Booking(platform);
  const settled = await Promise.all(
    settlements.map((settlement) => verdictOf(() => made.settle(settlement, { known, entries, budgets, buckets }))),
  );
  const placed: Verdict<boolean>[] = [];
  for (const request of requests)
    placed.push(await verdictOf(async () => made.place(request, { known, budgets, buckets })));
  await answeredWithCommit(
    tx,
    budgets.write(),
    holds.resolveHolds(tx, made.resolved, buckets.held),
    holds.insertHolds(tx, made.placed),
    insertEntries(tx, made.entries),
  );
  return { settled, placed };
}

interface Locked {
  readonly known: ReadonlyMap<string, holds.HoldWithParts>;
  readonly budgets: LockedBudgets;
  readonly buckets: LockedBuckets;
}

/** What is to be written, gathered over all that is moved. */
class Booking {
  readonly resolved: holds.ResolvedHold[] = [];
  readonly placed: holds.NewHold[] = [];
  readonly entries: NewEntry[] = [];
  readonly #platform: ReadonlyMap<string, number>;
  readonly #entryOf = new Map<string, { readonly entryId: string; readonly capturedMicro: number }>();

  constructor(platform: ReadonlyMap<string, number>) {
    this.#platform = platform;
  }

  settle(
    settlement: Settlement,
    { known, entries, budgets, buckets }: Locked & { readonly entries: ReadonlySet<string> },
  ): Settled {
    const { holdId, entryId, cost, most = cost, charge } = settlement;
    const hold = known.get(holdId);
    if (hold === undefined) throw new GenrtlError('INTERNAL', `No hold ${holdId}`);
    const now = this.#entryOf.get(holdId);
    if (now?.entryId === entryId) return { capturedMicro: now.capturedMicro, repeated: true };
    if (hold.state !== 'open' && entries.has(entryId)) return { capturedMicro: hold.captured_micro, repeated: true };
    if (hold.state !== 'open' || now !== undefined)
      throw new GenrtlError('INTERNAL', `Hold ${holdId} is resolved already`);
    const captured = charge ? Math.min(cost, most, hold.amount_micro) : 0;
    budgets.move(hold.account_id, hold.job_id, { held: -hold.amount_micro, spent: captured });
    const postings: Posting[] = [];
    let left = captured;
    for (const part of hold.parts) {
      const paid = Math.min(left, part.amountMicro);
      left -= paid;
      buckets.settle(part.ledgerAccountId, part.amountMicro, paid);
      // The first bucket appears also with 0, so that every attempt shows in the account's usage.
      if (paid > 0 || postings.length === 0)
        postings.push({ ledgerAccountId: part.ledgerAccountId, amountMicro: -paid });
    }
    postings.push({ ledgerAccountId: this.#platformAccount('models'), amountMicro: cost });
    const loss = cost - captured;
    if (loss > 0) postings.push({ ledgerAccountId: this.#platformAccount('loss'), amountMicro: -loss });
    this.#entryOf.set(holdId, { entryId, capturedMicro: captured });
    this.resolved.push({ holdId, state: charge ? 'captured' : 'released', capturedMicro: captured });
    this.entries.push({ entry: entryOf(settlement, hold), postings });
    return { capturedMicro: captured, repeated: false };
  }

  async place(request: HoldRequest, { known, budgets, buckets }: Locked): Promise<boolean> {
    const { holdId, accountId, jobId, workflowId, amount } = request;
    if (known.has(holdId) || this.placed.some((hold) => hold.holdId === holdId)) return false;
    budgets.require(accountId, jobId, { held: amount, spent: 0 });
    const parts = await buckets.draw(accountId, amount, { tellReserved: jobId === null });
    budgets.move(accountId, jobId, { held: amount, spent: 0 });
    this.placed.push({ holdId, accountId, jobId, workflowId, amountMicro: amount, parts });
    return true;
  }

  #platformAccount(code: 'models' | 'loss'): number {
    const id = this.#platform.get(code);
    if (id === undefined) throw new Error(`no platform account ${code}`);
    return id;
  }
}

function entryOf(settlement: Settlement, hold: holds.HoldRow): NewEntry['entry'] {
  const { entryId, attemptId, requestHash, stepId, usage } = settlement;
  return {
    entryId,
    accountId: hold.account_id,
    kind: 'model',
    idempotencyKey: `model|${attemptId}`,
    requestHash,
    jobId: hold.job_id,
    stepId,
    item: usage.model,
    version: usage.rate_card,
    usage,
    reverses: null,
  };
}

/** Which settlements of resolved holds were made before. */
function entriesOfResolved(
  tx: Queryable,
  settlements: readonly Settlement[],
  known: ReadonlyMap<string, holds.HoldRow>,
): Promise<Set<string>> {
  const resolved = settlements.filter(({ holdId }) => (known.get(holdId)?.state ?? 'open') !== 'open');
  return entriesThere(
    tx,
    resolved.map(({ entryId }) => entryId),
  );
}

/** Only what is a refusal is one: a fault of the database or of ours ends them all. */
async function verdictOf<T>(judge: () => T | Promise<T>): Promise<Verdict<T>> {
  try {
    return { ok: true, value: await judge() };
  } catch (error) {
    if (error instanceof GenrtlError) return { ok: false, error };
    throw error;
  }
}

/** One hold by itself; throws where it is refused. */
export async function placeHold(
  tx: Queryable,
  { now, ...request }: HoldRequest & { readonly now?: Date },
): Promise<boolean> {
  const { placed } = await moveMoney(tx, { settlements: [], holds: [request] }, now);
  return theOnly(placed);
}

/** One settlement by itself; throws where it is refused. */
export async function settleHold(tx: Queryable, settlement: Settlement): Promise<Settled> {
  const { settled } = await moveMoney(tx, { settlements: [settlement], holds: [] });
  return theOnly(settled);
}

function theOnly<T>([verdict]: readonly Verdict<T>[]): T {
  if (verdict === undefined) throw new Error('nothing was asked');
  if (!verdict.ok) throw verdict.error;
  return verdict.value;
}

export { openHolds } from './repository/holds.ts';
