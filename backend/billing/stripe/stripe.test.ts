// Billing against a server that speaks Stripe's API: the same story told in order, shuffled and doubled, and three days
// late ends alike; usage is reported once whatever dies; invoice, ledger and CSV are equal.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatUsd, microUsd, parseUsd, type ModelUsage } from '@genrtl/contracts';
import {
  checkLedger,
  consentToOnDemand,
  ensureBudget,
  placeHold,
  purchase,
  reversePurchase,
  setOnDemandLimit,
  settleHold,
  usageSummary,
} from '../../ledger/index.ts';
import { representatives } from '../../../test/representatives.ts';
import { openTestDatabase, testTransaction, type TestDatabase } from '../../test/database.ts';
import { StripeServer, type StripeEvent } from '../../test/stripe-server.ts';
import { invoicesOf } from '../view.ts';
import { billingAddresses } from '../../accounts/repository/principals.ts';
import { Billing } from '../billing.ts';
import { keepPlans, SHIPPED_PLANS } from '../plans.ts';
import { watchAccounts } from '../watch.ts';
import { backlog } from '../repository/backlog.ts';
import { openPayment, type Payment } from './index.ts';

let database: TestDatabase;
const servers: StripeServer[] = [];
beforeAll(async () => {
  database = await openTestDatabase();
  await testTransaction(database.pool, (tx) => keepPlans(tx, SHIPPED_PLANS));
}, 60_000);
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await database.close();
});

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const PRICES = { genrtl_pro_monthly: 4000, genrtl_team_monthly: 20_000, genrtl_on_demand: null };
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };
const PRO = SHIPPED_PLANS.find(({ plan }) => plan === 'pro') ?? SHIPPED_PLANS[0];
const tx = <T>(body: Parameters<typeof testTransaction<T>>[1]): Promise<T> => testTransaction(database.pool, body);
const problems = async (): Promise<string[]> =>
  (await checkLedger(database.pool)).filter((line) => !line.includes('belongs to an open attempt'));

interface World {
  readonly account: string;
  readonly server: StripeServer;
  readonly payment: Payment;
  /** delivers events, each as often as it is given */
  deliver(events: readonly StripeEvent[]): Promise<void>;
  /** events since the last call */
  news(): StripeEvent[];
}

async function newWorld(): Promise<World> {
  const id = randomUUID();
  const account = `user_${id}`;
  await tx(async (client) => {
    await client.query(
      `INSERT INTO auth."user" ("id", "name", "email", "emailVerified") VALUES ($1, 'Ada', $1 || '@example.com', true)`,
      [id],
    );
    await ensureBudget(client, account, 'job', microUsd(500_000_000));
  });
  const server = await StripeServer.open(new Date(), PRICES, id.slice(0, 8));
  servers.push(server);
  const payment = openPayment({
    pool: database.pool,
    settings: {
      key: 'sk_test',
      webhookSecrets: ['whsec_next', server.secret],
      meterEvent: 'genrtl_on_demand',
      meterPrice: 'genrtl_on_demand',
      api: new URL(server.url),
    },
    plans: SHIPPED_PLANS,
    page: 'https://genrtl.example/account',
    log: LOG,
    now: () => server.now,
  });
  let told = 0;
  return {
    account,
    server,
    payment,
    async deliver(events) {
      for (const { body } of events) {
        await payment.receive(body, server.sign(body));
        await payment.handleEvents();
      }
    },
    news() {
      const fresh = server.events.slice(told);
      told = server.events.length;
      return fresh;
    },
  };
}

async function subscribe({ account, server, payment }: World): Promise<void> {
  if (PRO === undefined) throw new Error('no plan');
  server.complete(await payment.subscribe(account, 'ada@example.com', PRO));
}

async function spend(account: string, micro: number): Promise<void> {
  const holdId = randomUUID();
  await tx(async (client) => {
    await placeHold(client, { holdId, accountId: account, jobId: 'job', workflowId: 'w.1', amount: microUsd(micro) });
    await settleHold(client, {
      entryId: randomUUID(),
      holdId,
      charge: true,
      cost: microUsd(micro),
      usage: { model: 'm', rate_card: 'c' } as ModelUsage,
      attemptId: randomUUID(),
      requestHash: 'a',
      stepId: 'plan_1',
    });
  });
}

/** 45.123456 of which 40 are included, and a package that comes back. */
async function overspend(world: World): Promise<void> {
  const { account, server } = world;
  await tx((client) => setOnDemandLimit(client, account, microUsd(20_000_000)));
  await tx((client) => consentToOnDemand(client, account, 'ada', server.now));
  await spend(account, 45_123_456);
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

const later = (server: StripeServer, ms: number): void => {
  server.advance(new Date(server.now.getTime() + ms));
};

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
  const ordered = await newWorld();
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
    const world = await newWorld();
    expect(await story(world, (events) => world.deliver(shuffled([...events, ...events], seed)))).toEqual(expected);
  }
  const late = await newWorld();
  const tellLate = async (events: StripeEvent[]): Promise<void> => {
    later(late.server, 3 * DAY_MS);
    await late.deliver(events.toReversed());
  };
  // usage is booked by the real clock: only the second telling moves the first period's end
  expect(await story(late, tellLate)).toEqual(expected);
  expect(await problems()).toEqual([]);
}, 180_000);

it('invoice = ledger = CSV', async () => {
  const world = await newWorld();
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
  expect(await problems()).toEqual([]);
});

describe('usage is reported', () => {
  async function withUsage(): Promise<World> {
    const world = await newWorld();
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
    const world = await newWorld();
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
    expect(await problems()).toEqual([]);
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
    expect((await problems()).filter((line) => line.includes('may still be sent'))).toHaveLength(3);
    await database.pool.query('ALTER TABLE usage_exports DISABLE TRIGGER usage_exports_stay');
    await database.pool.query(`UPDATE usage_exports SET state = 'sent' WHERE account_id = $1`, [world.account]);
    await database.pool.query('ALTER TABLE usage_exports ENABLE TRIGGER usage_exports_stay');
  });
});

describe('payments', () => {
  it('the subscription of an account that is to be deleted ends at once, and nothing is charged again', async () => {
    const world = await newWorld();
    await subscribe(world);
    await world.deliver(world.news());
    const status = async (): Promise<unknown> =>
      (
        await database.pool.query('SELECT subscription_status FROM billing_accounts WHERE account_id = $1', [
          world.account,
        ])
      ).rows[0];
    expect(await status()).toEqual({ subscription_status: 'active' });
    await world.payment.endSubscription(world.account);
    expect(await status()).toEqual({ subscription_status: 'canceled' });
    await world.payment.endSubscription(world.account);
    expect(world.server.requests.filter((request) => request.startsWith('DELETE'))).toHaveLength(1);
  });

  it('pages for several plans that are open at once: only the last one can be paid on, and one subscription comes of it', async () => {
    const world = await newWorld();
    const { account, server, payment } = world;
    const [pro, team] = ['pro', 'team'].map((name) => SHIPPED_PLANS.find(({ plan }) => plan === name) ?? PRO!);
    const first = await payment.subscribe(account, null, pro!);
    const pages = await Promise.all([payment.subscribe(account, null, pro!), payment.subscribe(account, null, team!)]);
    const payable = (url: string): boolean => server.get(url.split('/').at(-1) ?? '')['status'] === 'open';
    expect([first, ...pages].filter(payable)).toHaveLength(1);
    expect(() => server.complete(first)).toThrow('expired');
    server.complete([first, ...pages].find(payable) ?? '');
    // Stripe has not told yet: nobody is sent there for a second one all the same
    await expect(payment.subscribe(account, null, team!)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await world.deliver(world.news());
    await expect(payment.subscribe(account, null, team!)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    expect(server.all('subscription')).toHaveLength(1);
  });

  it('an account that ends: every subscription of it, known here or not yet, and pages that are still open', async () => {
    const world = await newWorld();
    const { account, server, payment } = world;
    const credit = await payment.buyCredit(account, null, microUsd(20_000_000), 365);
    await subscribe(world);
    // two, as a page made at Stripe itself would give, and nothing told of either
    const [made] = server.all('subscription');
    server.subscribe(String(made?.['customer']), 'genrtl_team_monthly');
    await payment.endSubscription(account);
    expect(server.all('subscription').map(({ status }) => status)).toEqual(['canceled', 'canceled']);
    expect(() => server.complete(credit)).toThrow('expired');
  });

  const row = async ({ account }: World): Promise<Record<string, unknown>> =>
    (
      await database.pool.query(
        `SELECT plan_id, standing, subscription_status FROM billing_accounts WHERE account_id = $1`,
        [account],
      )
    ).rows[0] as Record<string, unknown>;
  const left = async ({ account, server }: World): Promise<string | undefined> =>
    (
      await tx((client) =>
        usageSummary(client, account, { jobId: null, from: null, to: null, cursor: null, limit: 1, now: server.now }),
      )
    ).prepaid?.left_usd;
  const mails = async ({ account }: World): Promise<string[]> =>
    (
      await database.pool.query<{ kind: string }>(
        'SELECT kind FROM billing_mails WHERE account_id = $1 ORDER BY asked_at',
        [account],
      )
    ).rows.map(({ kind }) => kind);
  const credit = async (world: World, amount = 20_000_000): Promise<string> => {
    world.server.complete(await world.payment.buyCredit(world.account, null, microUsd(amount), 365));
    await world.deliver(world.news());
    return String(world.server.all('payment_intent').at(-1)?.['id']);
  };

  it('a first payment that fails gives no plan; one under way gives credit when it arrives', async () => {
    const world = await newWorld();
    world.server.card = 'fails';
    await subscribe(world);
    await world.deliver(world.news());
    expect(await row(world)).toEqual({ plan_id: 'free', standing: 'good', subscription_status: 'incomplete' });
    world.server.card = 'processing';
    await credit(world);
    expect(await left(world)).toBe('0.00');
    world.server.settle('succeeded');
    await world.deliver(world.news());
    expect(await left(world)).toBe('20.00');
    world.server.card = 'processing';
    await credit(world);
    world.server.settle('failed');
    await world.deliver(world.news());
    expect(await left(world)).toBe('20.00');
    expect(await mails(world)).toEqual(['top_up_processing', 'top_up', 'top_up_processing', 'top_up_failed']);
  });

  it('past due: the plan stays and includes nothing new; unpaid: the free plan; paid after all: as before', async () => {
    const world = await newWorld();
    const { server } = world;
    await subscribe(world);
    await world.deliver(world.news());
    server.card = 'fails';
    server.advance(new Date(server.now.getTime() + 32 * DAY_MS));
    await world.deliver(world.news());
    expect(await row(world)).toEqual({ plan_id: 'pro', standing: 'past_due', subscription_status: 'past_due' });
    const grants = async (): Promise<number> =>
      (await database.pool.query(`SELECT 1 FROM grants WHERE account_id = $1 AND kind = 'period'`, [world.account]))
        .rows.length;
    expect(await grants()).toBe(1);
    const subscription = String(server.all('subscription').at(-1)?.['id']);
    server.giveUp(subscription);
    await world.deliver(world.news());
    expect(await row(world)).toEqual({ plan_id: 'free', standing: 'unpaid', subscription_status: 'unpaid' });
    server.card = 'pays';
    server.retry(String(server.all('invoice').at(-1)?.['id']));
    await world.deliver(world.news());
    expect(await row(world)).toEqual({ plan_id: 'pro', standing: 'good', subscription_status: 'active' });
    expect(await mails(world)).toEqual(['invoice', 'past_due', 'unpaid', 'invoice']);
  });

  it('another bought plan takes the place of the first within its period: what was drawn counts on, back and forth gains nothing', async () => {
    const world = await newWorld();
    await subscribe(world);
    await world.deliver(world.news());
    await spend(world.account, 30_000_000);
    const subscription = String(world.server.all('subscription').at(-1)?.['id']);
    for (const key of ['genrtl_team_monthly', 'genrtl_pro_monthly', 'genrtl_team_monthly']) {
      world.server.switchPlan(subscription, key);
      await world.deliver(world.news());
    }
    expect(await row(world)).toMatchObject({ plan_id: 'team' });
    const { rows } = await database.pool.query(
      `SELECT g.source, g.closed_at IS NOT NULL AS closed, a.posted_micro FROM grants g JOIN ledger_accounts a USING (grant_id)
       WHERE g.account_id = $1 ORDER BY g.created_at`,
      [world.account],
    );
    const of = (plan: string, closed: boolean, left: number) => ({
      source: `plan ${plan}@1`,
      closed,
      posted_micro: left * 1_000_000,
    });
    expect(rows).toEqual([of('pro', true, 0), of('team', true, 0), of('pro', true, 0), of('team', false, 190)]);
    expect(await problems()).toEqual([]);
  });

  it('a dispute freezes what it bought and closes pay-as-you-go; lost, the credit is taken back and what is spent is owed', async () => {
    const world = await newWorld();
    const intent = await credit(world);
    await tx((client) =>
      client.query(`UPDATE billing_accounts SET plan_id = 'free' WHERE account_id = $1`, [world.account]),
    );
    await spend(world.account, 13_000_000);
    const dispute = world.server.dispute(intent);
    await world.deliver(world.news());
    expect([await left(world), (await row(world))['standing']]).toEqual(['0.00', 'disputed']);
    await expect(spend(world.account, 1)).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' });
    world.server.closeDispute(dispute, 'lost');
    await world.deliver(world.news());
    expect((await row(world))['standing']).toBe('good');
    const { rows } = await database.pool.query(
      `SELECT code, posted_micro FROM ledger_accounts WHERE account_id = $1 AND code IN ('owed', 'prepaid') ORDER BY code`,
      [world.account],
    );
    // 5 of the free plan were spent first, so 8 of the 20
    expect(rows).toEqual([
      { code: 'owed', posted_micro: -8_000_000 },
      { code: 'prepaid', posted_micro: 0 },
    ]);
    expect(await problems()).toEqual([]);
  });

  it('little credit and much use are told once a period; credit is bought by itself only where that is switched on', async () => {
    const world = await newWorld();
    const { account, server, payment } = world;
    const watch = (): Promise<void> =>
      watchAccounts({ pool: database.pool, payment, plans: SHIPPED_PLANS, log: LOG, now: () => new Date() });
    await credit(world, 5_000_000);
    await spend(account, 9_500_000);
    await watch();
    await watch();
    expect((await mails(world)).sort()).toEqual(['low_balance', 'threshold', 'threshold', 'top_up']);
    expect(server.all('payment_intent')).toHaveLength(1);
    await database.pool.query(
      'UPDATE billing_accounts SET top_up_below_micro = 1000000, top_up_micro = 25000000 WHERE account_id = $1',
      [account],
    );
    await Promise.all([watch(), watch()]);
    await world.deliver(world.news());
    expect(server.all('payment_intent')).toHaveLength(2);
    expect(await left(world)).toBe('25.50');
    await watch();
    expect(server.all('payment_intent')).toHaveLength(2);
  });

  it('a card that expires is told once; mails go to the person in both languages; an account that ends pays no more', async () => {
    const world = await newWorld();
    const { account, server, payment } = world;
    await subscribe(world);
    const next = new Date(Date.now() + 20 * DAY_MS);
    server.setCard(String(server.all('customer').at(-1)?.['id']), next.getUTCMonth() + 1, next.getUTCFullYear());
    await world.deliver(world.news());
    const sent: { to: string; subject: string; text: string }[] = [];
    const billing = await Billing.open({
      pool: database.pool,
      plans: SHIPPED_PLANS,
      payment,
      publicUrl: 'https://genrtl.example',
      log: LOG,
      now: () => new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 1) - 10 * DAY_MS),
      mail: {
        send: (to, subject, text) => void sent.push({ to, subject, text }),
        addressesOf: (of) => billingAddresses(database.pool, of),
      },
    });
    await billing.sweep();
    await billing.sweep();
    const mine = sent.filter(({ to }) => to === `${account.replace('user_', '')}@example.com`);
    expect(mine.map(({ subject }) => subject).sort()).toEqual([
      'genRTL: your card expires / 银行卡即将到期',
      'genRTL: your invoice / 您的账单',
    ]);
    for (const { text } of mine) expect(text).toMatch(/https:\/\/genrtl\.example\/account\/billing\n$/);
    expect(mine.some(({ text }) => text.includes('–'))).toBe(false);
    await billing.end(account);
    await billing.end(account);
    await world.deliver(world.news());
    expect(await row(world)).toMatchObject({ plan_id: 'free', subscription_status: 'canceled' });
    await expect(billing.view(account)).resolves.toMatchObject({ subscription: { status: 'canceled' }, selling: true });
  });

  it('only what Stripe signed is kept, with either secret while they are rotated', async () => {
    const { payment, server } = await newWorld();
    const body = JSON.stringify({
      id: 'evt_x',
      object: 'event',
      type: 'x',
      data: { object: { object: 'plan', id: 'p' } },
    });
    await expect(payment.receive(body, server.sign(body, 'whsec_other'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(payment.receive(`${body} `, server.sign(body))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(payment.receive(body, '')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await payment.receive(body, server.sign(body, 'whsec_next'))).toBe(true);
    expect(await payment.receive(body, server.sign(body))).toBe(false);
  });
});
