// Purchases on the real PostgreSQL: charged once, whatever is repeated; reversed once, and bought anew.
import { describe, expect, it } from 'vitest';
import { testTransaction } from '../test/database.ts';
import { buy, checkout, codeOf, newAccount, pool, usd, useLedger } from '../test/ledger-world.ts';
import { budgetView, reversePurchase, setCap, usageSummary } from './index.ts';

useLedger();

describe('purchases', () => {
  it('repeated key: the first receipt, charged once', async () => {
    const account = await newAccount();
    const request = buy(account);
    const answers = await Promise.all(Array.from({ length: 12 }, () => checkout(request)));
    expect(new Set(answers.map((receipt) => receipt.receipt_id)).size).toBe(1);
    expect(new Set(answers.map((receipt) => receipt.charged_usd))).toEqual(new Set(['0.50']));
    expect(await testTransaction(pool, (tx) => budgetView(tx, account, 'job'))).toMatchObject({ spent_usd: '0.50' });
  });

  it('same package in the same workspace under other keys and jobs: the old receipt at 0', async () => {
    const account = await newAccount();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => checkout(buy(account, { jobId: `job${index}` }))),
    );
    expect(new Set(answers.map((receipt) => receipt.receipt_id)).size).toBe(1);
    expect(answers.filter((receipt) => receipt.charged_usd === '0.50')).toHaveLength(1);
    expect(answers.filter((receipt) => receipt.charged_usd === '0.00')).toHaveLength(11);
    expect((await checkout(buy(account, { workspaceId: 'other' }))).charged_usd).toBe('0.50');
  });

  it('same key, other request: IDEMPOTENCY_MISMATCH', async () => {
    const account = await newAccount();
    const request = buy(account);
    await checkout(request);
    expect(await codeOf(checkout({ ...request, requestHash: 'd'.repeat(64) }))).toBe('IDEMPOTENCY_MISMATCH');
    expect(await codeOf(checkout({ ...request, cbbId: 'cbb_counter' }))).toBe('IDEMPOTENCY_MISMATCH');
  });

  it('refused before execution: nothing charged, and the key stays free', async () => {
    const account = await newAccount();
    const changed = buy(account, { agreed: usd(0.4) });
    expect(await codeOf(checkout(changed))).toBe('CBB_PRICE_CHANGED');
    expect((await checkout({ ...changed, requestHash: 'e'.repeat(64), agreed: usd(0.5) })).charged_usd).toBe('0.50');
    const poor = buy(account, { jobId: 'poor', cap: usd(0.2), workspaceId: 'w2' });
    expect(await codeOf(checkout(poor))).toBe('BUDGET_EXCEEDED');
    await testTransaction(pool, (tx) => setCap(tx, account, 'poor', usd(1)));
    expect((await checkout(poor)).charged_usd).toBe('0.50');
  });

  it('undeliverable: reversed once however often, and bought anew under the same key', async () => {
    const account = await newAccount();
    const request = buy(account);
    const first = await checkout(request);
    await Promise.all(
      Array.from({ length: 6 }, () =>
        testTransaction(pool, (tx) => reversePurchase(tx, account, first.receipt_id, 'gone')),
      ),
    );
    expect(await testTransaction(pool, (tx) => budgetView(tx, account, 'job'))).toMatchObject({ spent_usd: '0.00' });
    const second = await checkout(request);
    expect(second.receipt_id).not.toBe(first.receipt_id);
    const { rows } = await testTransaction(pool, (tx) =>
      usageSummary(tx, account, { jobId: 'job', from: null, to: null, cursor: null, limit: 10 }),
    );
    expect(rows.map((row) => [row.kind, row.amount_usd, row.receipt_id])).toEqual([
      ['cbb', '0.50', first.receipt_id],
      ['reversal', '-0.50', first.receipt_id],
      ['cbb', '0.50', second.receipt_id],
    ]);
  });

  it('reversed, then the price changed: the same key buys anew at the new price, and is spent again', async () => {
    const account = await newAccount();
    const request = buy(account);
    const first = await checkout(request);
    await testTransaction(pool, (tx) => reversePurchase(tx, account, first.receipt_id, 'gone'));
    const dearer = {
      ...request,
      requestHash: 'f'.repeat(64),
      stepId: 'cbb_checkout_2',
      price: usd(0.6),
      agreed: usd(0.6),
    };
    expect((await checkout(dearer)).charged_usd).toBe('0.60');
    expect((await checkout(dearer)).charged_usd).toBe('0.60');
    expect(await codeOf(checkout(request))).toBe('IDEMPOTENCY_MISMATCH');
    expect(await testTransaction(pool, (tx) => budgetView(tx, account, 'job'))).toMatchObject({ spent_usd: '0.60' });
  });

  it('a purchase split over both buckets shows what each paid', async () => {
    const account = await newAccount({ included: 0.3, onDemand: 1 });
    expect((await checkout(buy(account))).bucket).toBe('on_demand');
    const { rows } = await testTransaction(pool, (tx) =>
      usageSummary(tx, account, { jobId: null, from: null, to: null, cursor: null, limit: 10 }),
    );
    expect(rows.map((row) => [row.bucket, row.amount_usd])).toEqual([
      ['included', '0.30'],
      ['on_demand', '0.20'],
    ]);
  });
});
