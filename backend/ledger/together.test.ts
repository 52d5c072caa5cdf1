// Calls of many runs on one account, committed together on the real database: each is judged by itself, a fault of one
// is nobody else's, an answer that is lost is nothing lost and nothing doubled.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microUsd, type ModelUsage } from '@genrtl/contracts';
import type { Pool, Queryable } from '../db/index.ts';
import { onSignal } from '../telemetry/signals.ts';
import { openTestDatabase, testTransaction, type TestDatabase } from '../test/database.ts';
import { losingPool } from '../test/losing-pool.ts';
import { checkLedger, committed, ensureBudget, openBuckets, placeHold, settleHold, type Act } from './index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
}, 60_000);
afterAll(async () => {
  await database.close();
});

const USAGE = { model: 'm', rate_card: 'c' } as ModelUsage;

interface Call {
  readonly account: string;
  readonly job: string;
  readonly holdId: string;
  readonly micro: number;
  /** of the entry; made anew for each call unless a test wants a clash */
  readonly attemptId?: string;
}

const none = async (_tx: Queryable, items: readonly unknown[]): Promise<null[]> => items.map(() => null);
const requestOf = ({ account, job, holdId, micro }: Call) => ({
  holdId,
  accountId: account,
  jobId: job,
  workflowId: 'w.1',
  amount: microUsd(micro),
});
const settlementOf = ({ holdId, micro, attemptId = holdId }: Call) => ({
  entryId: `entry_${holdId}`,
  holdId,
  charge: true,
  cost: microUsd(Math.floor(micro / 2)),
  usage: USAGE,
  attemptId,
  requestHash: 'a',
  stepId: 's_1',
});
const HOLD: Act<Call, null> = { name: 'attempt.open', money: (call) => ({ hold: requestOf(call) }), write: none };
const SETTLE: Act<Call, null> = {
  name: 'attempt.settle',
  money: (call) => ({ settlement: settlementOf(call) }),
  write: none,
};

/** An account whose included pool has so much, with jobs of so large a cap. */
async function newAccount(included: number | null, cap: number, jobs: readonly string[] = ['job']): Promise<string> {
  const account = `account-${randomUUID()}`;
  await testTransaction(database.pool, async (tx) => {
    await tx.query(`INSERT INTO accounts (account_id, kind, name) VALUES ($1, 'user', 'test')`, [account]);
    await openBuckets(tx, account, { included: included === null ? null : microUsd(included), onDemand: microUsd(0) });
    for (const job of jobs) await ensureBudget(tx, account, job, microUsd(cap));
  });
  return account;
}

const call = (account: string, micro: number, more: Partial<Call> = {}): Call => ({
  account,
  job: 'job',
  holdId: randomUUID(),
  micro,
  ...more,
});

async function standing(account: string): Promise<unknown> {
  const { rows: buckets } = await database.pool.query(
    'SELECT code, posted_micro, pending_micro FROM ledger_accounts WHERE account_id = $1 ORDER BY code',
    [account],
  );
  const { rows: budgets } = await database.pool.query(
    'SELECT job_id, spent_micro, held_micro FROM job_budgets WHERE account_id = $1 ORDER BY job_id',
    [account],
  );
  const { rows: holds } = await database.pool.query(
    'SELECT state, count(*) AS n, sum(captured_micro) AS micro FROM holds WHERE account_id = $1 GROUP BY 1 ORDER BY 1',
    [account],
  );
  return { buckets, budgets, holds };
}

/** These calls are no attempts of runs, which the books are asked for too. */
const problems = async (): Promise<string[]> =>
  (await checkLedger(database.pool)).filter((line) => !line.includes('open attempt'));

const entriesOf = async (account: string): Promise<number> =>
  (await database.pool.query('SELECT 1 FROM journal_entries WHERE account_id = $1', [account])).rowCount ?? 0;

describe('many calls of one account', () => {
  it('share transactions, and exactly as many fit as cap and limit allow', async () => {
    const account = await newAccount(5_000, 1_000_000);
    const sizes: number[] = [];
    const close = onSignal('group_commit', ({ items }) => sizes.push(items));
    const calls = Array.from({ length: 80 }, () => call(account, 100));
    const ends = await Promise.allSettled(calls.map((one) => committed(database.pool, HOLD, account, one)));
    close();
    expect(ends.filter(({ status }) => status === 'fulfilled').length).toBe(50);
    const refused = ends
      .filter((end) => end.status === 'rejected')
      .map(({ reason }) => (reason as { code: string }).code);
    expect([...new Set(refused)]).toEqual(['BUDGET_EXCEEDED']);
    expect(sizes.length).toBeLessThan(6);
    // what these give back is there for the next, in the same round
    const held = calls.filter((_, n) => ends[n]?.status === 'fulfilled');
    const more = Array.from({ length: 30 }, () => call(account, 100));
    const both = await Promise.allSettled([
      ...held.map((one) => committed(database.pool, SETTLE, account, one)),
      ...more.map((one) => committed(database.pool, HOLD, account, one)),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled').length).toBe(50 + 25);
    expect(await problems()).toEqual([]);
  });

  it('a call that the database refuses fails alone', async () => {
    const account = await newAccount(null, 1_000_000);
    const calls = Array.from({ length: 20 }, () => call(account, 100));
    for (const one of calls) await committed(database.pool, HOLD, account, one);
    // the same attempt booked a second time: the key of its entry is taken
    const clash = { ...(calls[7] as Call), attemptId: (calls[3] as Call).holdId };
    const ends = await Promise.allSettled(
      calls.map((one, n) => committed(database.pool, SETTLE, account, n === 7 ? clash : one)),
    );
    expect(ends.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([7]);
    expect(ends[7]).toMatchObject({ reason: { code: '23505' } });
    expect(await entriesOf(account)).toBe(19);
    await committed(database.pool, SETTLE, account, calls[7] as Call);
    expect(await problems()).toEqual([]);
  });

  it('a hold that another settled is refused alone, and the same settlement again is the first one', async () => {
    const account = await newAccount(null, 1_000_000);
    const [one, two] = [call(account, 100), call(account, 100)];
    for (const each of [one, two]) await committed(database.pool, HOLD, account, each);
    const other: Act<Call, null> = {
      ...SETTLE,
      money: (each) => ({ settlement: { ...settlementOf(each), entryId: randomUUID(), attemptId: randomUUID() } }),
    };
    const ends = await Promise.allSettled([
      committed(database.pool, SETTLE, account, one),
      committed(database.pool, other, account, one),
      committed(database.pool, SETTLE, account, one),
      committed(database.pool, SETTLE, account, two),
    ]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(await entriesOf(account)).toBe(2);
    expect(await problems()).toEqual([]);
  });

  it.each(['after', 'before'] as const)(
    'the answer of a commit of many is lost (%s): nothing lost, nothing doubled',
    async (how) => {
      const account = await newAccount(null, 1_000_000);
      const losing = losingPool(database.pool, 'attempt.settle', how, 2);
      const through = async (pool: Pool): Promise<void> => {
        const calls = Array.from({ length: 30 }, () => call(account, 100));
        await Promise.all(
          calls.map(async (one) => {
            await committed(pool, HOLD, account, one);
            await committed(pool, SETTLE, account, one);
          }),
        );
      };
      await through(losing.pool);
      expect(losing.lost.length).toBe(2);
      expect(await entriesOf(account)).toBe(30);
      expect(await standing(account)).toMatchObject({ budgets: [{ spent_micro: 1_500, held_micro: 0 }] });
      expect(await problems()).toEqual([]);
    },
  );

  it('end as they would one by one (property)', async () => {
    const step = fc.record({
      account: fc.constantFrom(0, 1),
      job: fc.constantFrom('one', 'two'),
      micro: fc.integer({ min: 0, max: 60 }),
      settles: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const stand = async (together: boolean): Promise<unknown> => {
          const accounts = [await newAccount(150, 120, ['one', 'two']), await newAccount(100, 90, ['one', 'two'])];
          const calls = steps.map((one) => call(accounts[one.account] as string, one.micro, { job: one.job }));
          const settling = (n: number): boolean => steps[n]?.settles === true;
          if (together) {
            const ends = await Promise.allSettled(calls.map((one) => committed(database.pool, HOLD, one.account, one)));
            const settled = calls.filter((_, n) => settling(n) && ends[n]?.status === 'fulfilled');
            await Promise.all(settled.map((one) => committed(database.pool, SETTLE, one.account, one)));
          } else {
            const placed: Call[] = [];
            for (const [n, one] of calls.entries())
              await testTransaction(database.pool, (tx) => placeHold(tx, requestOf(one))).then(
                () => settling(n) && placed.push(one),
                () => undefined,
              );
            for (const one of placed) await testTransaction(database.pool, (tx) => settleHold(tx, settlementOf(one)));
          }
          return Promise.all(accounts.map(standing));
        };
        expect(await stand(true)).toEqual(await stand(false));
      }),
      { numRuns: 15 },
    );
    expect(await problems()).toEqual([]);
  }, 60_000);
});
