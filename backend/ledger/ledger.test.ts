// The ledger's rules on the real PostgreSQL: what the database itself refuses, and what holds under concurrency.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUsd } from '@genrtl/contracts';
import { testTransaction } from '../test/database.ts';
import { budget, codeOf, hold, newAccount, pool, settle, usd, useLedger } from '../test/ledger-world.ts';
import { budgetView, openHolds, setBucketLimit, setCap, usageSummary } from './index.ts';

useLedger();

describe('what the database refuses whoever writes', () => {
  const entry = (id: string): [string, unknown[]] => [
    `INSERT INTO journal_entries (entry_id, account_id, kind, idempotency_key, request_hash, item, version) VALUES ($1, 'local', 'cbb', $1, 'h', 'i', 'v')`,
    [id],
  ];
  const post = (id: string, code: string, amount: number, account = 'platform'): [string, unknown[]] => [
    `INSERT INTO postings SELECT $1, ledger_account_id, $3 FROM ledger_accounts WHERE account_id = $4 AND code = $2`,
    [id, code, amount, account],
  ];

  it('an entry whose postings do not sum to zero', async () => {
    expect(
      await codeOf(
        testTransaction(pool, async (tx) => {
          await tx.query(...entry('unbalanced'));
          await tx.query(...post('unbalanced', 'models', 5));
          await tx.query(...post('unbalanced', 'cbb', -4));
        }),
      ),
    ).toBe('sqlstate 23514');
  });

  it('an entry without postings', async () => {
    expect(await codeOf(testTransaction(pool, (tx) => tx.query(...entry('empty'))))).toBe('sqlstate 23514');
  });

  it('a posting added to a finished entry, even a pair that sums to zero', async () => {
    await testTransaction(pool, async (tx) => {
      await tx.query(...entry('closed'));
      await tx.query(...post('closed', 'models', 5));
      await tx.query(...post('closed', 'cbb', -5));
    });
    expect(
      await codeOf(
        testTransaction(pool, async (tx) => {
          await tx.query(...post('closed', 'loss', 1));
          await tx.query(...post('closed', 'grants', -1));
        }),
      ),
    ).toBe('sqlstate 23001');
  });

  it('changing or deleting what is booked', async () => {
    for (const sql of [
      'UPDATE journal_entries SET item = $1',
      'DELETE FROM journal_entries WHERE entry_id = $1',
      'DELETE FROM postings WHERE entry_id = $1',
    ]) {
      expect(await codeOf(pool.query(sql, ['closed']))).toBe('sqlstate 23001');
    }
    for (const sql of [
      'UPDATE postings SET amount_micro = 0',
      'TRUNCATE postings',
      'TRUNCATE journal_entries CASCADE',
    ]) {
      expect(await codeOf(pool.query(sql))).toBe('sqlstate 23001');
    }
  });

  it('a second reversal, and one that does not mirror its entry', async () => {
    const reverse = (id: string, amount: number): Promise<unknown> =>
      testTransaction(pool, async (tx) => {
        await tx.query(
          `INSERT INTO journal_entries (entry_id, account_id, kind, idempotency_key, request_hash, item, version, reverses)
         VALUES ($1, 'local', 'reversal', $1, 'h', 'i', 'v', 'closed')`,
          [id],
        );
        await tx.query(...post(id, 'models', -amount));
        await tx.query(...post(id, 'cbb', amount));
      });
    expect(await codeOf(reverse('crooked', 4))).toBe('sqlstate 23514');
    expect(await codeOf(reverse('mirror', 5))).toBe('ok');
    expect(await codeOf(reverse('again', 5))).toBe('sqlstate 23505');
  });

  it('a hold that resolves twice, is captured beyond its amount, or vanishes', async () => {
    const account = await newAccount();
    await budget(account, 'job', usd(1));
    const held = await hold(account, 'job', 1000);
    expect(
      await codeOf(
        pool.query(
          `UPDATE holds SET state = 'captured', captured_micro = 1001, resolved_at = now() WHERE hold_id = $1`,
          [held],
        ),
      ),
    ).toBe('sqlstate 23514');
    await settle(held, 400);
    expect(await codeOf(settle(held, 400))).toBe('INTERNAL');
    expect(await codeOf(pool.query(`UPDATE holds SET state = 'released' WHERE hold_id = $1`, [held]))).toBe(
      'sqlstate 23001',
    );
    expect(await codeOf(pool.query('DELETE FROM holds WHERE hold_id = $1', [held]))).toBe('sqlstate 23001');
  });

  it('a job above its cap and a bucket below its floor', async () => {
    const account = await newAccount({ included: 1, onDemand: 0 });
    await budget(account, 'job', 1000);
    expect(await codeOf(pool.query('UPDATE job_budgets SET spent_micro = 1001 WHERE account_id = $1', [account]))).toBe(
      'sqlstate 23514',
    );
    expect(
      await codeOf(pool.query('UPDATE ledger_accounts SET posted_micro = -1000001 WHERE account_id = $1', [account])),
    ).toBe('sqlstate 23514');
  });
});

describe('holds', () => {
  it('a capture never exceeds its hold: the rest is the platform’s loss', async () => {
    const account = await newAccount();
    await budget(account, 'job', usd(1));
    const { capturedMicro, entryId } = await settle(await hold(account, 'job', 1000), 1500);
    expect(capturedMicro).toBe(1000);
    const { rows } = await pool.query<{ code: string; amount_micro: number }>(
      'SELECT code, amount_micro FROM postings JOIN ledger_accounts USING (ledger_account_id) WHERE entry_id = $1 ORDER BY code',
      [entryId],
    );
    expect(rows).toEqual([
      { code: 'included', amount_micro: -1000 },
      { code: 'loss', amount_micro: -500 },
      { code: 'models', amount_micro: 1500 },
    ]);
    expect(await testTransaction(pool, (tx) => budgetView(tx, account, 'job'))).toMatchObject({
      spent_usd: '0.001',
      held_usd: '0.00',
    });
  });

  it('what is not charged costs the user zero and still is an entry', async () => {
    const account = await newAccount();
    await budget(account, 'job', usd(1));
    await settle(await hold(account, 'job', 1000), 700, false);
    const { rows, included } = await testTransaction(pool, (tx) =>
      usageSummary(tx, account, { jobId: null, from: null, to: null, cursor: null, limit: 10 }),
    );
    expect(rows).toMatchObject([{ kind: 'model', amount_usd: '0.00', bucket: 'included', version: 'openai@1' }]);
    expect(included.used_usd).toBe('0.00');
  });

  it('parallel holds against a cap: exactly as many fit as the cap allows', async () => {
    const account = await newAccount();
    await budget(account, 'job', usd(50));
    const outcomes = await Promise.all(Array.from({ length: 60 }, () => codeOf(hold(account, 'job', usd(7)))));
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(7);
    expect(outcomes.filter((outcome) => outcome === 'BUDGET_EXCEEDED')).toHaveLength(53);
  });

  it('parallel charges over two jobs against the account’s limits: included first, then on demand, never beyond', async () => {
    const account = await newAccount({ included: 10, onDemand: 5 });
    await budget(account, 'a', usd(100));
    await budget(account, 'b', usd(100));
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const held = await hold(account, index % 2 === 0 ? 'a' : 'b', usd(1)).catch(() => null);
        return held === null ? 'refused' : codeOf(settle(held, usd(1)));
      }),
    );
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(15);
    const summary = await testTransaction(pool, (tx) =>
      usageSummary(tx, account, { jobId: null, from: null, to: null, cursor: null, limit: 100 }),
    );
    expect(summary.included).toMatchObject({ used_usd: '10.00', limit_usd: '10.00' });
    expect(summary.on_demand).toMatchObject({ used_usd: '5.00', limit_usd: '5.00' });
  });

  it('random sequences keep every sum (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 5000 }),
        fc.array(
          fc.record({
            amount: fc.integer({ min: 0, max: 2000 }),
            cost: fc.integer({ min: 0, max: 2500 }),
            charge: fc.boolean(),
            settled: fc.boolean(),
          }),
          { maxLength: 12 },
        ),
        async (cap, steps) => {
          const account = await newAccount({ included: 0.002, onDemand: 0.003 });
          await budget(account, 'job', cap);
          let spent = 0;
          let held = 0;
          for (const step of steps) {
            const id = await hold(account, 'job', step.amount).catch(() => null);
            const fits = spent + held + step.amount <= Math.min(cap, 5000);
            expect(id !== null).toBe(fits);
            if (id === null) continue;
            if (!step.settled) held += step.amount;
            else spent += (await settle(id, step.cost, step.charge)).capturedMicro;
          }
          expect(await testTransaction(pool, (tx) => budgetView(tx, account, 'job'))).toMatchObject({
            spent_usd: formatUsd(spent),
            held_usd: formatUsd(held),
          });
          const { rows } = await pool.query<{ posted: number; pending: number }>(
            'SELECT sum(posted_micro)::bigint AS posted, sum(pending_micro)::bigint AS pending FROM ledger_accounts WHERE account_id = $1',
            [account],
          );
          expect(rows[0]).toEqual({ posted: 0 - spent, pending: held });
        },
      ),
      { numRuns: 25 },
    );
    const { rows } = await pool.query<{ total: number }>(
      'SELECT coalesce(sum(amount_micro), 0)::bigint AS total FROM postings',
    );
    expect(rows[0]?.total).toBe(0);
  });
});

describe('caps', () => {
  it('the first request of a job sets its cap; only setCap changes it, and not below what is used', async () => {
    const account = await newAccount();
    await budget(account, 'job', usd(1));
    await budget(account, 'job', usd(9));
    await hold(account, 'job', usd(0.6));
    expect(await codeOf(testTransaction(pool, (tx) => setCap(tx, account, 'job', usd(0.5))))).toBe('REQUEST_INVALID');
    expect(await testTransaction(pool, (tx) => setCap(tx, account, 'job', usd(2)))).toMatchObject({
      cap_usd: '2.00',
      held_usd: '0.60',
    });
    expect(await testTransaction(pool, (tx) => setCap(tx, account, 'job', usd(2)))).toMatchObject({ cap_usd: '2.00' });
  });

  it('a limit of the account holds like a cap', async () => {
    const account = await newAccount();
    await testTransaction(pool, (tx) => setBucketLimit(tx, account, 'included', usd(0.3)));
    await budget(account, 'job', usd(20));
    expect(await codeOf(hold(account, 'job', usd(0.31)))).toBe('BUDGET_EXCEEDED');
    expect(await codeOf(hold(account, 'job', usd(0.3)))).toBe('ok');
  });
});

describe('usage', () => {
  it('pages by entry without gap or repeat', async () => {
    const account = await newAccount();
    await budget(account, 'job', usd(5));
    for (let index = 0; index < 7; index++) await settle(await hold(account, 'job', 100), index);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof usageSummary>> = await testTransaction(pool, (tx) =>
        usageSummary(tx, account, { jobId: 'job', from: null, to: null, cursor, limit: 3 }),
      );
      seen.push(...page.rows.map((row) => row.amount_usd));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6].map((micro) => formatUsd(micro)));
  });

  it('open holds are listed with their workflow', async () => {
    const account = await newAccount();
    await budget(account, 'job', usd(5));
    const id = await hold(account, 'job', 100);
    expect((await openHolds(pool)).find((held) => held.hold_id === id)).toMatchObject({
      workflow_id: 'w.1',
      state: 'open',
    });
  });
});
