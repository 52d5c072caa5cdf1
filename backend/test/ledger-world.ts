// Accounts with holds, charges and purchases on the real PostgreSQL, for tests of the ledger.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { formatUsd, GenrtlError, microUsd, type ModelUsage } from '@genrtl/contracts';
import type { Pool } from '../db/index.ts';
import { ensureBudget, openBuckets, placeHold, purchase, settleHold, type Purchase } from '../ledger/index.ts';
import { openTestDatabase, testTransaction, type TestDatabase } from './database.ts';

let database: TestDatabase;
/** of the database that `useLedger` opens for the tests of a file */
export let pool: Pool;

export function useLedger(): void {
  beforeAll(async () => {
    database = await openTestDatabase();
    pool = database.pool;
  }, 60_000);
  afterAll(async () => {
    await database.close();
  });
}

export const usd = (dollars: number): ReturnType<typeof microUsd> => microUsd(Math.round(dollars * 1_000_000));

export async function newAccount(
  limits: { included: number | null; onDemand: number | null } = { included: null, onDemand: 0 },
): Promise<string> {
  const account = `acct_${randomUUID()}`;
  await testTransaction(pool, async (tx) => {
    await tx.query(`INSERT INTO accounts (account_id, kind, name) VALUES ($1, 'user', 'test')`, [account]);
    await openBuckets(tx, account, {
      included: limits.included === null ? null : usd(limits.included),
      onDemand: limits.onDemand === null ? null : usd(limits.onDemand),
    });
  });
  return account;
}

export function usageOf(cost: number): ModelUsage {
  return {
    model: 'openai/m',
    rate_card: 'openai@1',
    input_tokens: 10,
    output_tokens: 5,
    cached_tokens: 0,
    cost_usd: formatUsd(cost),
    estimated: false,
  };
}

export const hold = async (account: string, job: string, amount: number): Promise<string> => {
  const holdId = `hold_${randomUUID()}`;
  await testTransaction(pool, (tx) =>
    placeHold(tx, { holdId, accountId: account, jobId: job, workflowId: 'w.1', amount: microUsd(amount) }),
  );
  return holdId;
};

export const settle = async (
  holdId: string,
  cost: number,
  charge = true,
): Promise<{ entryId: string; capturedMicro: number }> => {
  const entryId = `entry_${randomUUID()}`;
  const { capturedMicro } = await testTransaction(pool, (tx) =>
    settleHold(tx, {
      entryId,
      holdId,
      charge,
      cost: microUsd(cost),
      usage: usageOf(cost),
      attemptId: randomUUID(),
      requestHash: 'a'.repeat(64),
      stepId: 'plan_1',
    }),
  );
  return { entryId, capturedMicro };
};

export const budget = (account: string, job: string, cap: number): Promise<void> =>
  testTransaction(pool, (tx) => ensureBudget(tx, account, job, microUsd(cap)));

export function buy(account: string, change: Partial<Purchase> = {}): Purchase {
  return {
    accountId: account,
    key: randomUUID(),
    requestHash: 'b'.repeat(64),
    jobId: 'job',
    stepId: 'cbb_checkout_1',
    workspaceId: 'ws',
    cbbId: 'cbb_fifo_sync',
    version: '1.0.0',
    sha256: 'c'.repeat(64),
    price: usd(0.5),
    agreed: usd(0.5),
    cap: usd(20),
    ...change,
  };
}
export const checkout = (request: Purchase): ReturnType<typeof purchase> =>
  testTransaction(pool, (tx) => purchase(tx, request));

export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    return error instanceof GenrtlError ? error.code : `sqlstate ${(error as { code?: string }).code ?? String(error)}`;
  }
}
