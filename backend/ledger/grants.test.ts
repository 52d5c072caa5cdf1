// Grants and periods: in which order money is drawn, what happens when a period ends under a run, and when a person is
// asked.
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GenrtlError, microUsd, type ModelUsage } from '@genrtl/contracts';
import { keepPlans, PlanTerms, SHIPPED_PLANS } from '../billing/plans.ts';
import { openTestDatabase, testTransaction, type TestDatabase } from '../test/database.ts';
import { drawFrom } from './buckets.ts';
import {
  checkLedger,
  closeExpired,
  closeGrant,
  consentToOnDemand,
  ensureBudget,
  give,
  grantsInForce,
  openPeriod,
  placeHold,
  purchase,
  reversePurchase,
  setOnDemandLimit,
  settleHold,
  usageSummary,
} from './index.ts';
import { monthsAfter, periodAt } from './periods.ts';
import type { BucketRow } from './repository/buckets.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await testTransaction(database.pool, (tx) => keepPlans(tx, SHIPPED_PLANS));
}, 60_000);
afterAll(() => database.close());

const DAY = 86_400_000;
const tx = <T>(body: Parameters<typeof testTransaction<T>>[1]): Promise<T> => testTransaction(database.pool, body);

/** Signs up as a person does: the trigger opens account, buckets and plan. */
async function newAccount(anchor = new Date()): Promise<string> {
  const id = randomUUID();
  await tx(async (client) => {
    await client.query(
      `INSERT INTO auth."user" ("id", "name", "email", "emailVerified") VALUES ($1, 'Ada', $1 || '@example.com', true)`,
      [id],
    );
    await client.query('UPDATE billing_accounts SET anchor = $2 WHERE account_id = $1', [`user_${id}`, anchor]);
    await ensureBudget(client, `user_${id}`, 'job', microUsd(100_000_000));
  });
  return `user_${id}`;
}

const grant = (
  account: string,
  kind: 'promotion' | 'prepaid',
  amount: number,
  expiresAt: Date | null,
): Promise<string> => {
  const grantId = randomUUID();
  return tx(async (client) => {
    await give(client, {
      grantId,
      accountId: account,
      kind,
      amount: microUsd(amount),
      startsAt: new Date(Date.now() - DAY),
      expiresAt,
      source: 'test',
    });
    return grantId;
  });
};

const hold = (account: string, amount: number, now?: Date): Promise<string> => {
  const holdId = randomUUID();
  return tx(async (client) => {
    await placeHold(client, {
      holdId,
      accountId: account,
      jobId: 'job',
      workflowId: 'w.1',
      amount: microUsd(amount),
      ...(now === undefined ? {} : { now }),
    });
    return holdId;
  });
};

const capture = (holdId: string, cost: number): Promise<unknown> =>
  tx((client) =>
    settleHold(client, {
      entryId: randomUUID(),
      holdId,
      charge: true,
      cost: microUsd(cost),
      usage: { model: 'm', rate_card: 'c' } as ModelUsage,
      attemptId: randomUUID(),
      requestHash: 'a',
      stepId: 'plan_1',
    }),
  );

const usage = (account: string, now?: Date): ReturnType<typeof usageSummary> =>
  tx((client) =>
    usageSummary(client, account, {
      jobId: null,
      from: null,
      to: null,
      cursor: null,
      limit: 100,
      ...(now === undefined ? {} : { now }),
    }),
  );

/** Holds of these tests have no run. */
const problems = async (): Promise<string[]> =>
  (await checkLedger(database.pool)).filter((line) => !line.includes('belongs to an open attempt'));

const refusal = async (work: Promise<unknown>): Promise<GenrtlError | null> => {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof GenrtlError) return error;
    throw error;
  }
};

describe('periods', () => {
  it('the 31st becomes the last day of shorter months, and the 31st again after them', () => {
    const anchor = new Date('2024-01-31T12:30:00Z');
    expect([0, 1, 2, 3, 4, 13].map((n) => monthsAfter(anchor, n).toISOString().slice(0, 16))).toEqual([
      '2024-01-31T12:30',
      '2024-02-29T12:30',
      '2024-03-31T12:30',
      '2024-04-30T12:30',
      '2024-05-31T12:30',
      '2025-02-28T12:30',
    ]);
  });

  it('every instant lies in one period, and periods follow without gap, whatever clocks do (property)', () => {
    const instant = fc.date({
      min: new Date('2020-01-01T00:00:00Z'),
      max: new Date('2035-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, instant, (anchor, at) => {
        const { start, end } = periodAt(anchor, at);
        expect(start <= at && at < end).toBe(true);
        expect(periodAt(anchor, end).start).toEqual(end);
        expect(periodAt(anchor, new Date(end.getTime() - 1)).start).toEqual(start);
        const days = (end.getTime() - start.getTime()) / DAY;
        // whole days between 28 and 31: no hour is lost or won where clocks are put forward or back
        expect(Number.isInteger(days) && days >= 28 && days <= 31).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('draw-down', () => {
  const bucket = (id: number, code: BucketRow['code'], free: number): BucketRow => ({
    ledger_account_id: id,
    code,
    posted_micro: code === 'on_demand' ? 0 : free,
    pending_micro: 0,
    floor_micro: code === 'on_demand' ? -free : 0,
  });

  it('takes all of a bucket before the next, all of the amount or nothing, and never more than is there (property)', () => {
    const codes = ['included', 'period', 'promotion', 'prepaid', 'on_demand'] as const;
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 5, maxLength: 5 }), fc.nat(6000), (free, amount) => {
        const buckets = codes.map((code, index) => bucket(index, code, free[index] ?? 0));
        const draws = drawFrom(buckets, amount);
        const total = free.reduce((sum, one) => sum + one, 0);
        if (amount > total) {
          expect(draws).toBeNull();
          return;
        }
        expect(draws?.reduce((sum, draw) => sum + draw.amountMicro, 0)).toBe(amount);
        const last = draws?.at(-1)?.ledgerAccountId ?? 0;
        for (const draw of draws ?? []) {
          const of = free[draw.ledgerAccountId] ?? 0;
          expect(draw.amountMicro).toBeLessThanOrEqual(of);
          if (draw.ledgerAccountId < last) expect(draw.amountMicro).toBe(of);
        }
      }),
    );
  });

  it('included, promotion, prepaid, pay-as-you-go; the next to expire first within one', async () => {
    const account = await newAccount();
    await grant(account, 'prepaid', 1_000_000, null);
    await grant(account, 'promotion', 300_000, null);
    await grant(account, 'promotion', 200_000, new Date(Date.now() + 9 * DAY));
    await tx((client) => setOnDemandLimit(client, account, microUsd(2_000_000)));
    await tx((client) => openPeriod(client, account, new Date()));
    await tx((client) => consentToOnDemand(client, account, 'ada', new Date()));
    await capture(await hold(account, 7_000_000), 7_000_000);
    const { rows, included, promotion, prepaid, on_demand } = await usage(account);
    expect(rows.map((row) => [row.bucket, row.amount_usd])).toEqual([
      ['included', '5.00'],
      ['promotion', '0.50'],
      ['prepaid', '1.00'],
      ['on_demand', '0.50'],
    ]);
    expect([included.used_usd, included.limit_usd]).toEqual(['5.00', '5.00']);
    expect([promotion?.left_usd, prepaid?.left_usd]).toEqual(['0.00', '0.00']);
    expect(on_demand).toEqual({ used_usd: '0.50', limit_usd: '2.00' });
    // half of a hold: what is given back goes back to the last bucket, so the first ones are used up first
    const other = await newAccount();
    const soon = await grant(other, 'promotion', 200_000, new Date(Date.now() + 9 * DAY));
    const late = await grant(other, 'promotion', 300_000, null);
    await capture(await hold(other, 5_400_000), 5_100_000);
    const left = await tx((client) => grantsInForce(client, other, new Date()));
    expect(left.map((one) => [one.grant_id === soon, one.grant_id === late, one.posted_micro])).toEqual([
      [false, false, 0],
      [true, false, 100_000],
      [false, true, 300_000],
    ]);
    expect(await problems()).toEqual([]);
  });

  it('parallel holds never take more than the grants hold', async () => {
    const account = await newAccount();
    await grant(account, 'prepaid', 2_000_000, null);
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => refusal(hold(account, 1_000_000))));
    expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(7);
    expect(new Set(outcomes.map((outcome) => outcome?.code))).toEqual(new Set([undefined, 'BUDGET_EXCEEDED']));
  });

  it('a purchase is paid and given back in the same grants, also after one was closed', async () => {
    const account = await newAccount();
    const promotion = await grant(account, 'promotion', 400_000, null);
    const receipt = await tx((client) =>
      purchase(client, {
        accountId: account,
        key: randomUUID(),
        requestHash: 'b'.repeat(64),
        jobId: null,
        stepId: null,
        workspaceId: 'ws',
        cbbId: 'cbb_fifo_sync',
        version: '1.0.0',
        sha256: 'c'.repeat(64),
        price: microUsd(5_300_000),
        agreed: microUsd(5_300_000),
        cap: null,
      }),
    );
    expect(receipt.bucket).toBe('promotion');
    await tx((client) => closeGrant(client, promotion, new Date(), 'ended'));
    await tx((client) => reversePurchase(client, account, receipt.receipt_id, 'gone'));
    expect((await usage(account)).included.used_usd).toBe('0.00');
    // what came back to the closed grant is withdrawn as well
    await tx((client) => closeExpired(client, new Date()));
    expect(await problems()).toEqual([]);
    const { rows } = await database.pool.query('SELECT posted_micro FROM ledger_accounts WHERE grant_id = $1', [
      promotion,
    ]);
    expect(rows).toEqual([{ posted_micro: 0 }]);
  });
});

describe('a period ends', () => {
  it('what was drawn beyond becomes owed, the limit begins anew, and consent is asked for again', async () => {
    const start = new Date();
    const account = await newAccount(start);
    await tx((client) => setOnDemandLimit(client, account, microUsd(1_000_000)));
    await tx((client) => openPeriod(client, account, start));
    const asked = await refusal(hold(account, 5_600_000));
    expect([asked?.code, asked?.details]).toMatchObject([
      'ON_DEMAND_CONSENT',
      { needed_usd: '5.60', beyond_usd: '0.60', used_usd: '0.00', limit_usd: '1.00' },
    ]);
    await tx((client) => consentToOnDemand(client, account, 'ada', start));
    await capture(await hold(account, 5_600_000), 5_600_000);
    expect(await refusal(hold(account, 400_001))).toMatchObject({ code: 'BUDGET_EXCEEDED' });
    await capture(await hold(account, 400_000), 300_000);
    expect(await problems()).toEqual([]);
    const next = monthsAfter(start, 1);
    await Promise.all([1, 2, 3].map(() => tx((client) => openPeriod(client, account, next))));
    expect((await usage(account, next)).on_demand).toEqual({ used_usd: '0.00', limit_usd: '1.00' });
    const { rows } = await database.pool.query(
      `SELECT posted_micro FROM ledger_accounts WHERE account_id = $1 AND code = 'owed'`,
      [account],
    );
    expect(rows).toEqual([{ posted_micro: -900_000 }]);
    expect((await refusal(hold(account, 5_600_000, next)))?.code).toBe('ON_DEMAND_CONSENT');
  });

  it('while a run holds money: captured in the old period, the rest withdrawn, the new one whole', async () => {
    const anchor = new Date('2026-01-31T08:00:00Z');
    const account = await newAccount(anchor);
    const before = new Date('2026-02-28T07:59:59Z');
    const after = new Date('2026-02-28T08:00:00Z');
    const running = await hold(account, 2_000_000, before);
    await tx((client) => closeExpired(client, after));
    await hold(account, 5_000_000, after);
    expect((await refusal(hold(account, 1, after)))?.details).toMatchObject({
      plan: 'free',
      renews_at: '2026-03-31T08:00:00.000Z',
    });
    await capture(running, 1_200_000);
    await tx((client) => closeExpired(client, after));
    const { rows } = await database.pool.query<{ posted_micro: number; closed: boolean }>(
      `SELECT a.posted_micro, g.closed_at IS NOT NULL AS closed FROM grants g JOIN ledger_accounts a USING (grant_id)
       WHERE g.account_id = $1 ORDER BY g.starts_at`,
      [account],
    );
    expect(rows).toEqual([
      { posted_micro: 0, closed: true },
      { posted_micro: 5_000_000, closed: false },
    ]);
    expect((await usage(account, after)).included).toEqual({
      used_usd: '0.00',
      limit_usd: '5.00',
      renews_at: '2026-03-31T08:00:00.000Z',
    });
  });

  it('closed or in bad standing it is refused, and what runs keeps its hold', async () => {
    const account = await newAccount();
    await tx((client) => setOnDemandLimit(client, account, microUsd(1_000_000)));
    await tx((client) => openPeriod(client, account, new Date()));
    await tx((client) => consentToOnDemand(client, account, 'ada', new Date()));
    const running = await hold(account, 5_500_000);
    await database.pool.query(`UPDATE billing_accounts SET standing = 'past_due' WHERE account_id = $1`, [account]);
    expect((await refusal(hold(account, 1)))?.code).toBe('BUDGET_EXCEEDED');
    await database.pool.query(`UPDATE billing_accounts SET standing = 'good' WHERE account_id = $1`, [account]);
    await tx((client) => setOnDemandLimit(client, account, microUsd(0)));
    expect((await refusal(hold(account, 1)))?.code).toBe('BUDGET_EXCEEDED');
    await capture(running, 5_500_000);
    expect((await usage(account)).on_demand.used_usd).toBe('0.50');
    expect((await refusal(tx((client) => setOnDemandLimit(client, account, microUsd(1)))))?.code).toBe(
      'REQUEST_INVALID',
    );
  });

  it('a paid plan includes nothing until its period is paid', async () => {
    const account = await newAccount();
    await database.pool.query(`UPDATE billing_accounts SET plan_id = 'pro' WHERE account_id = $1`, [account]);
    expect((await refusal(hold(account, 1)))?.code).toBe('BUDGET_EXCEEDED');
  });
});

it('the database refuses a grant without its entry, an overdrawn one and a changed one', async () => {
  const account = await newAccount();
  const state = async (sql: string, values: unknown[]): Promise<string> =>
    database.pool.query(sql, values).then(
      () => 'ok',
      (error: unknown) => String((error as { code?: unknown }).code),
    );
  expect(
    await state(
      `INSERT INTO grants (grant_id, account_id, kind, priority, amount_micro, starts_at, source)
       VALUES ('ghost', $1, 'promotion', 20, 5, now(), 'x')`,
      [account],
    ),
  ).toBe('23514');
  const real = await grant(account, 'promotion', 5, null);
  expect(await state('UPDATE ledger_accounts SET posted_micro = -1 WHERE grant_id = $1', [real])).toBe('23514');
  expect(await state('UPDATE grants SET amount_micro = 6 WHERE grant_id = $1', [real])).toBe('23001');
  expect(await state('DELETE FROM grants WHERE grant_id = $1', [real])).toBe('23001');
});

it('a plan does not change its terms under the same version', async () => {
  const [free] = SHIPPED_PLANS;
  const changed = [PlanTerms.parse({ ...free, included_usd: '1.00' })];
  expect((await refusal(tx((client) => keepPlans(client, changed))))?.code).toBe('BACKEND_START_FAILED');
});
