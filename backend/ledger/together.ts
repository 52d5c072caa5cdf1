// What calls of many runs move and record, committed together: one transaction of a process for all that has come, so
// that an account's balance is locked once for many of its calls, and not to the end of a commit for each.
import { GroupCommit, type Verdict } from '../db/group-commit.ts';
import { inTransactions, type Pool, type Queryable, type TransactionName } from '../db/index.ts';
import { moveMoney, type HoldRequest, type Settled, type Settlement } from './holds.ts';

/** What one item moves; nothing, for what only records. */
export interface Movement {
  readonly hold?: HoldRequest;
  readonly settlement?: Settlement;
}

/** What became of it. */
export interface Outcome {
  /** false: the hold was there already, placed by a first try whose commit was not heard of */
  readonly placed?: boolean;
  readonly settled?: Settled;
}

/** A kind of writing that callers share. Its items are written together with those of all other kinds. */
export interface Act<T, R> {
  readonly name: TransactionName;
  money?(item: T): Movement;
  /**
   * What is written beside the money, for all items that were not refused; results in their order. Safe to repeat: an
   * item finds what a first try of it wrote. A throw ends the transaction, and faults are then looked for one by one.
   */
  write(tx: Queryable, items: readonly { readonly item: T; readonly outcome: Outcome }[]): Promise<readonly R[]>;
}

interface Given {
  readonly act: Act<unknown, unknown>;
  readonly item: unknown;
}

const groups = new WeakMap<Pool, GroupCommit<Given, unknown>>();

/**
 * Resolves when it is committed, in one transaction with what else has come. `account`: whose balance it concerns.
 * Throws what refuses this item alone.
 */
export function committed<T, R>(pool: Pool, act: Act<T, R>, account: string, item: T): Promise<R> {
  let group = groups.get(pool);
  if (group === undefined) {
    group = new GroupCommit((given) => writeAll(pool, given));
    groups.set(pool, group);
  }
  return group.add(account, { act: act as Act<unknown, unknown>, item }) as Promise<R>;
}

function writeAll(pool: Pool, given: readonly Given[]): Promise<Verdict<unknown>[]> {
  const names = [...new Set(given.map(({ act }) => act.name))];
  return inTransactions(pool, names, async (tx) => {
    const outcomes = await moveAll(tx, given);
    const verdicts: Verdict<unknown>[] = outcomes.map((outcome) => (outcome.ok ? { ok: true, value: null } : outcome));
    const written = given.flatMap(({ act, item }, at) => {
      const outcome = outcomes[at];
      return outcome?.ok === true ? [{ act, at, item, outcome: outcome.value }] : [];
    });
    for (const [act, items] of Map.groupBy(written, (one) => one.act)) {
      const results = await act.write(tx, items);
      for (const [n, { at }] of items.entries()) verdicts[at] = { ok: true, value: results[n] };
    }
    return verdicts;
  });
}

async function moveAll(tx: Queryable, given: readonly Given[]): Promise<Verdict<Outcome>[]> {
  const movements = given.map(({ act, item }) => act.money?.(item) ?? {});
  const settlements = movements.flatMap(({ settlement }) => settlement ?? []);
  const holds = movements.flatMap(({ hold }) => hold ?? []);
  if (settlements.length + holds.length === 0) return movements.map(() => ({ ok: true, value: {} }));
  const { settled, placed } = await moveMoney(tx, { settlements, holds });
  const nextSettled = settled.values();
  const nextPlaced = placed.values();
  return movements.map(({ hold, settlement }) => {
    if (settlement !== undefined) return named('settled', nextSettled.next().value);
    if (hold !== undefined) return named('placed', nextPlaced.next().value);
    return { ok: true, value: {} };
  });
}

function named<K extends keyof Outcome>(key: K, verdict: Verdict<Outcome[K]> | undefined): Verdict<Outcome> {
  if (verdict === undefined) throw new Error('a movement has no verdict');
  return verdict.ok ? { ok: true, value: { [key]: verdict.value } } : verdict;
}
