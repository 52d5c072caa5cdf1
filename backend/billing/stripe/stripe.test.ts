// Billing against a server that speaks Stripe's API: the same story told in order, shuffled and doubled, and three days
// late ends alike; usage is reported once whatever dies; invoice, ledger and CSV are equal.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatUsd, microUsd, parseUsd } from '@genrtl/contracts';
import { consentToOnDemand, purchase, reversePurchase, setOnDemandLimit, usageSummary } from '../../ledger/index.ts';
import { representatives } from '../../../test/representatives.ts';
import type { TestDatabase } from '../../test/database.ts';
import type { StripeEvent } from '../../test/stripe-server.ts';
import { backlog } from '../repository/backlog.ts';
import { invoicesOf } from '../view.ts';
import { DAY_MS, later, StripeWorlds, subscribe, type World } from './stripe-worlds-fixture.ts';

const MINUTE_MS = 60_000;
let worlds: StripeWorlds;
let database: TestDatabase;
beforeAll(async () => {
  worlds = await StripeWorlds.open();
  database = worlds.database;
}, 60_000);
afterAll(() => worlds.close());

const tx: StripeWorlds['tx'] = (body) => worlds.tx(body);

/** 45.123456 of which 40 are included, and a package that comes back. */
async function overspend(world: World): Promise<void> {
  const { account, server } = world;
  await tx((client) => setOnDemandLimit(client, account, microUsd(20_000_000)));
  await tx((client) => consentToOnDemand(client, account, 'ada', server.now));
  await worlds.spend(account, 45_123_456);
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
      price: microUsd(2_000_000),
      agreed: microUsd(2_000_000),
      cap: null,
    }),
  );
  await tx((client) => reversePurchase(client, account, receipt.receipt_id, 'gone'));
}

/** Everything that billing keeps of an account, without ids and times that differ between two tellings. */
async function ending({ account }: World): Promise<unknown> {
  const queries = {
    account: `SELECT plan_id, standing, subscription_status, period_end - period_start AS days FROM billing_accounts WHERE account_id = $1`,
    grants: `SELECT g.kind, g.amount_micro, a.posted_micro, a.pending_micro, g.frozen_at IS NOT NULL AS frozen, g.expires_at - g.starts_at AS days
             FROM grants g JOIN ledger_accounts a USING (grant_id) WHERE g.account_id = $1
             ORDER BY g.kind, g.starts_at, g.amount_micro`,
    buckets: `SELECT code, posted_micro FROM ledger_accounts WHERE account_id = $1 AND grant_id IS NULL ORDER BY code`,
    entries: `SELECT e.kind, a.code, p.amount_micro FROM journal_entries e JOIN postings p USING (entry_id)
              JOIN ledger_accounts a USING (ledger_account_id) WHERE e.account_id = $1 ORDER BY 1, 2, 3`,
    payments: `SELECT kind, paid_micro, refunded_micro, usage_micro FROM payments WHERE account_id = $1 ORDER BY 1, 2, 4`,
    exports: `SELECT state, value_micro FROM usage_exports WHERE account_id = $1 ORDER BY 2`,
  };
  const found: Record<string, unknown> = {};
  for (const [name, sql] of Object.entries(queries)) found[name] = (await database.pool.query(sql, [account])).rows;
  return found;
}

/**
 * A month with usage, a card that fails and pays after all, credit that is refunded and disputed, and the plan's end.
 */
async function story(world: World, telling: (events: StripeEvent[]) => Promise<void>): Promise<unknown> {
  const { server, payment, account } = world;
  await subscribe(world);
  await telling(world.news());
  await overspend(world);
  await payment.exportUsage();
  server.count();
  server.card = 'fails';
  server.advance(new Date(server.now.getTime() + 32 * DAY_MS));
  const open = server.all('invoice').at(-1);
  server.card = 'pays';
  server.retry(String(open?.['id']));
  const bought: string[] = [];
  for (const amount of [20_000_000, 10_000_000, 30_000_000]) {
    server.complete(await payment.buyCredit(account, null, microUsd(amount), 365));
    bought.push(String(server.all('payment_intent').at(-1)?.['id']));
  }
  server.refund(bought[0] ?? '', 500);
  server.refund(bought[0] ?? '', 700);
  server.closeDispute(server.dispute(bought[1] ?? ''), 'lost');
  server.closeDispute(server.dispute(bought[2] ?? ''), 'won');
  server.cancel(String(server.all('subscription').at(-1)?.['id']));
  await telling(world.news());
  return ending(world);
}

/** Fixed, so that a failure repeats. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const mixed = [...items];
  let state = seed;
  for (let index = mixed.length - 1; index > 0; index--) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const other = state % (index + 1);
    [mixed[index], mixed[other]] = [mixed[other] as T, mixed[index] as T];
  }
  return mixed;
}

it('shuffled, doubled and three-day-late events end as the ordered ones', async () => {
  const ordered = await worlds.newWorld();
  const expected = await story(ordered, ordered.deliver);
  expect(expected).toMatchObject({
    account: [{ plan_id: 'free', standing: 'good', subscription_status: 'canceled' }],
    payments: [
      { kind: 'invoice', paid_micro: 40_000_000, usage_micro: null },
      { kind: 'invoice', paid_micro: 45_120_000, usage_micro: 5_123_456 },
      { kind: 'top_up', paid_micro: 10_000_000, refunded_micro: 10_000_000 },
      { kind: 'top_up', paid_micro: 20_000_000, refunded_micro: 12_000_000 },
      { kind: 'top_up', paid_micro: 30_000_000, refunded_micro: 0 },
    ],
    exports: [
      { state: 'sent', value_micro: -2_000_000 },
      { state: 'sent', value_micro: 2_000_000 },
      { state: 'sent', value_micro: 5_123_456 },
    ],
  });
  for (const seed of representatives([1, 2, 3, 4, 5, 6], ['2'])) {
    const world = await worlds.newWorld();
    expect(await story(world, (events) => world.deliver(shuffled([...events, ...events], seed)))).toEqual(expected);
  }
  const late = await worlds.newWorld();
  const tellLate = async (events: StripeEvent[]): Promise<void> => {
    later(late.server, 3 * DAY_MS);
    await late.deliver(events.toReversed());
  };
  // usage is booked by the real clock: only the second telling moves the first period's end
  expect(await story(late, tellLate)).toEqual(expected);
  expect(await worlds.problems()).toEqual([]);
}, 180_000);

it('invoice = ledger = CSV', async () => {
  const world = await worlds.newWorld();
  const { account, server, payment } = world;
  await subscribe(world);
  await world.deliver(world.news());
  await overspend(world);
  await payment.exportUsage();
  server.count();
  server.advance(new Date(server.now.getTime() + 32 * DAY_MS));
  await world.deliver(world.news());
  const invoice = server.all('invoice').at(-1) as { lines: { data: { quantity: number; amount: number }[] } };
  const [fee, usage] = invoice.lines.data;
  const { rows } = await tx((client) =>
    usageSummary(client, account, { jobId: null, from: null, to: null, cursor: null, limit: 100 }),
  );
  const beyond = rows
    .filter((row) => row.bucket === 'on_demand')
    .reduce((sum, row) => sum + parseUsd(row.amount_usd), 0);
  expect([usage?.quantity, usage?.amount, fee?.amount]).toEqual([beyond, Math.round(beyond / 10_000), 4000]);
  // as the account's people see it, the newest first
  const shown = await tx((client) => invoicesOf(client, account));
  expect(shown.map((one) => [one.kind, one.usage_usd, one.url])).toEqual([
    ['invoice', formatUsd(beyond), 'https://invoice.example/1'],
    ['invoice', null, 'https://invoice.example/1'],
  ]);
  expect(parseUsd(shown[0]?.paid_usd ?? '0')).toBe(40_000_000 + Math.round(beyond / 10_000) * 10_000);
  const { rows: owed } = await database.pool.query(
    `SELECT posted_micro FROM ledger_accounts WHERE account_id = $1 AND code = 'owed'`,
    [account],
  );
  expect([formatUsd(beyond), owed]).toEqual(['5.123456', [{ posted_micro: 0 }]]);
  expect(await worlds.problems()).toEqual([]);
});

describe('usage is reported', () => {
  async function withUsage(): Promise<World> {
    const world = await worlds.newWorld();
    await subscribe(world);
    await world.deliver(world.news());
    await overspend(world);
    return world;
  }
  const values = ({ server }: World): number[] => server.meterEvents.map(({ value }) => value).sort((a, b) => a - b);

  it('what still waits is told to operators: events, usage, deletions', async () => {
    const waiting = async (): Promise<Record<string, number>> =>
      Object.fromEntries((await tx(backlog)).map(({ what, items }) => [what, items]));
    const before = await waiting();
    expect(Object.keys(before).sort()).toEqual(['deletion', 'stripe_event', 'usage_export']);
    const world = await worlds.newWorld();
    await subscribe(world);
    const [event] = world.news();
    await world.payment.receive(event?.body ?? '', world.server.sign(event?.body ?? ''));
    await database.pool.query(
      `INSERT INTO account_deletions (account_id, asked_by, due_at) VALUES ($1, $1, now() - interval '1 hour')`,
      [world.account],
    );
    const after = await waiting();
    expect(after['stripe_event']).toBe((before['stripe_event'] ?? 0) + 1);
    expect(after['deletion']).toBe((before['deletion'] ?? 0) + 1);
    const oldest = (await tx(backlog)).find(({ what }) => what === 'deletion')?.oldestSeconds ?? 0;
    expect(oldest).toBeGreaterThanOrEqual(3600);
    await world.payment.handleEvents();
    expect((await waiting())['stripe_event']).toBe(before['stripe_event']);
    await database.pool.query('DELETE FROM account_deletions WHERE account_id = $1', [world.account]);
  });

  it('once, although the process dies in mid-export', async () => {
    const world = await withUsage();
    const { server, payment } = world;
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../test/export-child.ts')], {
      env: {
        ...process.env,
        TEST_DATABASE: database.url,
        TEST_STRIPE: server.url,
        GENRTL_TEST_DIE_AT: 'after_export_sent:2',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
      child.once('exit', (...ended) => {
        resolve(ended);
      });
    });
    expect(code === 0 && signal === null).toBe(false);
    expect(server.meterEvents).toHaveLength(2);
    // another process waits until the claim of the dead one ends, then repeats it under the same id
    await payment.exportUsage();
    expect(server.meterEvents).toHaveLength(2);
    later(server, 2 * MINUTE_MS);
    await payment.exportUsage();
    expect(values(world)).toEqual([-2_000_000, 2_000_000, 5_123_456]);
    expect(server.requests.filter((request) => request.endsWith('meter_events'))).toHaveLength(4);
    expect(await worlds.problems()).toEqual([]);
  }, 30_000);

  it('slower when Stripe asks for it, and by several processes each once', async () => {
    const world = await withUsage();
    world.server.refuseNext = 1;
    expect(await world.payment.exportUsage()).toBe(0);
    later(world.server, MINUTE_MS);
    await Promise.all([1, 2, 3].map(() => world.payment.exportUsage()));
    expect(values(world)).toEqual([-2_000_000, 2_000_000, 5_123_456]);
  });

  it('never a second time when nobody can tell whether the first arrived: the checker tells', async () => {
    const world = await withUsage();
    world.server.refuseNext = 99;
    await world.payment.exportUsage();
    world.server.refuseNext = 0;
    later(world.server, DAY_MS);
    await world.payment.exportUsage();
    // those that were claimed and not sent either are told apart from none that was tried
    expect(world.server.meterEvents).toEqual([]);
    expect((await worlds.problems()).filter((line) => line.includes('may still be sent'))).toHaveLength(3);
    await database.pool.query('ALTER TABLE usage_exports DISABLE TRIGGER usage_exports_stay');
    await database.pool.query(`UPDATE usage_exports SET state = 'sent' WHERE account_id = $1`, [world.account]);
    await database.pool.query('ALTER TABLE usage_exports ENABLE TRIGGER usage_exports_stay');
  });
});
