// What payments do to an account, against a server that speaks Stripe's API: first ones that fail, renewals, other plans,
// disputes, credit, cards that end, and the end of the account.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microUsd } from '@genrtl/contracts';
import { usageSummary } from '../../ledger/index.ts';
import { billingAddresses } from '../../accounts/repository/principals.ts';
import type { TestDatabase } from '../../test/database.ts';
import { Billing } from '../billing.ts';
import { SHIPPED_PLANS } from '../plans.ts';
import { watchAccounts } from '../watch.ts';
import { DAY_MS, LOG, planNamed, PRO, StripeWorlds, subscribe, type World } from './stripe-worlds-fixture.ts';

let worlds: StripeWorlds;
let database: TestDatabase;
beforeAll(async () => {
  worlds = await StripeWorlds.open();
  database = worlds.database;
}, 60_000);
afterAll(() => worlds.close());

const tx: StripeWorlds['tx'] = (body) => worlds.tx(body);

describe('payments', () => {
  it('the subscription of an account that is to be deleted ends at once, and nothing is charged again', async () => {
    const world = await worlds.newWorld();
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
    const world = await worlds.newWorld();
    const { account, server, payment } = world;
    const [pro, team] = [PRO, planNamed('team')];
    const first = await payment.subscribe(account, null, pro);
    const pages = await Promise.all([payment.subscribe(account, null, pro), payment.subscribe(account, null, team)]);
    const payable = (url: string): boolean => server.get(url.split('/').at(-1) ?? '')['status'] === 'open';
    expect([first, ...pages].filter(payable)).toHaveLength(1);
    expect(() => server.complete(first)).toThrow('expired');
    server.complete([first, ...pages].find(payable) ?? '');
    // Stripe has not told yet: nobody is sent there for a second one all the same
    await expect(payment.subscribe(account, null, team)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await world.deliver(world.news());
    await expect(payment.subscribe(account, null, team)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    expect(server.all('subscription')).toHaveLength(1);
  });

  it('an account that ends: every subscription of it, known here or not yet, and pages that are still open', async () => {
    const world = await worlds.newWorld();
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
    const world = await worlds.newWorld();
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
    const world = await worlds.newWorld();
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
    const world = await worlds.newWorld();
    await subscribe(world);
    await world.deliver(world.news());
    await worlds.spend(world.account, 30_000_000);
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
    expect(await worlds.problems()).toEqual([]);
  });

  it('a dispute freezes what it bought and closes pay-as-you-go; lost, the credit is taken back and what is spent is owed', async () => {
    const world = await worlds.newWorld();
    const intent = await credit(world);
    await tx((client) =>
      client.query(`UPDATE billing_accounts SET plan_id = 'free' WHERE account_id = $1`, [world.account]),
    );
    await worlds.spend(world.account, 13_000_000);
    const dispute = world.server.dispute(intent);
    await world.deliver(world.news());
    expect([await left(world), (await row(world))['standing']]).toEqual(['0.00', 'disputed']);
    await expect(worlds.spend(world.account, 1)).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' });
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
    expect(await worlds.problems()).toEqual([]);
  });

  it('little credit and much use are told once a period; credit is bought by itself only where that is switched on', async () => {
    const world = await worlds.newWorld();
    const { account, server, payment } = world;
    const watch = (): Promise<void> =>
      watchAccounts({ pool: database.pool, payment, plans: SHIPPED_PLANS, log: LOG, now: () => new Date() });
    await credit(world, 5_000_000);
    await worlds.spend(account, 9_500_000);
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
    const world = await worlds.newWorld();
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
    const { payment, server } = await worlds.newWorld();
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
