// The checker finds each fault that a damaged, restored or hand-edited database may hold. The faults are planted with
// the database's own rules switched off, in a transaction that is rolled back.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { microUsd } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';
import { checkBooks } from '../check-books.ts';
import { openTestDatabase, testTransaction, type TestDatabase } from '../test/database.ts';
import { buy } from '../test/ledger-world.ts';
import { checkLedger, ensureBudget, give, openBuckets, placeHold, purchase } from './index.ts';

const ACCOUNT = 'acct_checked';
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await testTransaction(database.pool, async (tx) => {
    await tx.query(`INSERT INTO accounts (account_id, kind, name) VALUES ($1, 'user', 'test')`, [ACCOUNT]);
    await openBuckets(tx, ACCOUNT, { included: microUsd(5_000_000), onDemand: microUsd(0) });
    await ensureBudget(tx, ACCOUNT, 'job', microUsd(2_000_000));
    await give(tx, {
      grantId: 'promotion',
      accountId: ACCOUNT,
      kind: 'promotion',
      amount: microUsd(1_000),
      startsAt: new Date(),
      expiresAt: null,
      source: 'test',
    });
    await purchase(tx, buy(ACCOUNT, { key: 'key' }));
  });
}, 60_000);
afterAll(() => database.close());

const ENTRY = `(SELECT entry_id FROM journal_entries WHERE account_id = '${ACCOUNT}' AND kind = 'cbb')`;
const BUCKET = `account_id = '${ACCOUNT}' AND code = 'included'`;
const PROMOTION = `account_id = '${ACCOUNT}' AND code = 'promotion'`;
const HOLD = `INSERT INTO holds (hold_id, account_id, workflow_id, amount_micro) VALUES ('late', '${ACCOUNT}', 'w', 1)`;
const EXPORT = (state: string): string =>
  `INSERT INTO usage_exports (entry_id, account_id, value_micro, occurred_at, state, first_tried_at)
   VALUES (${ENTRY}, '${ACCOUNT}', 9, now(), '${state}', now())`;
const PAYMENT = (kind: string, paid: number, usage: number | null): string =>
  `INSERT INTO payments (payment_id, account_id, kind, paid_micro, usage_micro, usage_from, usage_to)
   VALUES ('paid', '${ACCOUNT}', ${kind}, ${paid}, ${String(usage)}, now() - interval '1 day', now())`;
const run =
  (...statements: string[]) =>
  async (tx: Queryable): Promise<void> => {
    for (const statement of statements) await tx.query(statement);
  };

const FAULTS: Record<string, readonly [(tx: Queryable) => Promise<unknown>, rule: string]> = {
  'a posting changed by hand': [
    run(`UPDATE postings SET amount_micro = amount_micro - 1 WHERE entry_id = ${ENTRY} AND amount_micro < 0`),
    'sum to zero',
  ],
  'an entry that lost its postings': [run(`DELETE FROM postings WHERE entry_id = ${ENTRY}`), 'sum to zero'],
  'a balance changed by hand': [
    run(`UPDATE ledger_accounts SET posted_micro = posted_micro + 1 WHERE ${BUCKET}`),
    'stands where its postings put it',
  ],
  'an orphan hold': [
    (tx) =>
      placeHold(tx, {
        holdId: 'hold_orphan',
        accountId: ACCOUNT,
        jobId: 'job',
        workflowId: 'run_gone.1',
        amount: microUsd(1),
      }),
    'belongs to an open attempt',
  ],
  'a pending amount without a hold': [
    run(`UPDATE ledger_accounts SET pending_micro = 7 WHERE ${BUCKET}`),
    'pending amount is that of its open holds',
  ],
  'a job whose spending was forgotten': [
    run(`UPDATE job_budgets SET spent_micro = 0 WHERE account_id = '${ACCOUNT}'`),
    'has spent what its entries took',
  ],
  'a key charged twice': [
    run(
      'ALTER TABLE journal_entries DROP CONSTRAINT journal_entries_idempotency_key_key',
      `INSERT INTO journal_entries (entry_id, account_id, kind, idempotency_key, request_hash, item, version)
       SELECT 'entry_twice', account_id, kind, idempotency_key, request_hash, item, version FROM journal_entries WHERE kind = 'cbb'`,
      `INSERT INTO postings SELECT 'entry_twice', ledger_account_id, amount_micro FROM postings WHERE entry_id = ${ENTRY.replace(
        'WHERE',
        "WHERE entry_id <> 'entry_twice' AND",
      )}`,
    ),
    'a key is charged once',
  ],
  'a receipt with another price': [
    run(`UPDATE receipts SET price_micro = 1 WHERE account_id = '${ACCOUNT}'`),
    'receipt’s price',
  ],
  'an entitlement revoked without a reversal': [
    run(`UPDATE entitlements SET revoked_at = now() WHERE account_id = '${ACCOUNT}'`),
    'revoked exactly when',
  ],
  'a grant that nobody gave': [
    run(
      `INSERT INTO grants (grant_id, account_id, kind, priority, amount_micro, starts_at, source)
       VALUES ('ghost', '${ACCOUNT}', 'promotion', 20, 5, now(), 'x')`,
    ),
    'given once, by an entry of its amount',
  ],
  'a grant that holds more than was given': [
    run(`UPDATE ledger_accounts SET posted_micro = posted_micro + 1000000 WHERE ${PROMOTION}`),
    'at most what was given',
  ],
  'a hold on a grant after its end': [
    run(
      HOLD,
      `INSERT INTO hold_parts SELECT 'late', 0, ledger_account_id, 1 FROM ledger_accounts WHERE ${PROMOTION}`,
      `UPDATE grants SET closed_at = now() - interval '1 hour' WHERE account_id = '${ACCOUNT}'`,
    ),
    'drawn within its time',
  ],
  'a closed grant that keeps something': [
    run(`UPDATE grants SET closed_at = now() - interval '1 hour' WHERE account_id = '${ACCOUNT}'`),
    'a closed grant keeps nothing',
  ],
  'pay-as-you-go without consent': [
    run(
      HOLD,
      `INSERT INTO billing_accounts (account_id) VALUES ('${ACCOUNT}')`,
      `INSERT INTO hold_parts SELECT 'late', 0, ledger_account_id, 1 FROM ledger_accounts
       WHERE account_id = '${ACCOUNT}' AND code = 'on_demand'`,
    ),
    'without consent for that time',
  ],
  'a charge that was not exported': [
    run(
      `INSERT INTO billing_accounts (account_id) VALUES ('${ACCOUNT}')`,
      `INSERT INTO postings SELECT ${ENTRY}, ledger_account_id, -7 FROM ledger_accounts
       WHERE account_id = '${ACCOUNT}' AND code = 'on_demand'`,
    ),
    'exported under its entry',
  ],
  'an export of something else': [run(EXPORT('sent')), 'exported under its entry'],
  'an export that nobody knows of': [run(EXPORT('unclear')), 'may still be sent'],
  'an invoice that bills too much': [run(PAYMENT(`'invoice'`, 0, 5)), 'bills what was exported for its time'],
  'a payment that was not booked': [run(PAYMENT(`'top_up'`, 5, null)), 'a payment is booked'],
};

const books = async (): Promise<{ code: number; text: string }> => {
  let text = '';
  const code = await checkBooks({ DATABASE_URL: database.url }, { write: (part) => (text += part) });
  return { code, text };
};

it('books that are right', async () => {
  expect(await books()).toEqual({ code: 0, text: 'the books are right: 2 entries\n' });
});

it.each(Object.entries(FAULTS))('%s is found', async (_, [plant, rule]) => {
  const client = await database.pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL session_replication_role = replica');
    await plant(client);
    const problems = await checkLedger(client);
    expect(problems.join('\n')).toContain(rule);
    expect(problems.join('\n')).not.toContain('undefined');
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});

it('the command tells every fault and says so with its exit code', async () => {
  await database.pool.query(`UPDATE ledger_accounts SET posted_micro = posted_micro + 1000000 WHERE ${BUCKET}`);
  const { code, text } = await books();
  expect(code).toBe(1);
  expect(text).toContain(`${ACCOUNT} included: not so that a bucket stands where its postings put it (off by 1`);
  expect(text).toContain('the books are wrong: 1 problems');
});
