// Accounts with a subscription for the tests of billing: each with a server of its own that speaks Stripe's API, on one
// database.
import { randomUUID } from 'node:crypto';
import { microUsd, type ModelUsage } from '@genrtl/contracts';
import { checkLedger, ensureBudget, placeHold, settleHold } from '../../ledger/index.ts';
import { openTestDatabase, testTransaction, type TestDatabase } from '../../test/database.ts';
import { StripeServer, type StripeEvent } from '../../test/stripe-server.ts';
import { keepPlans, SHIPPED_PLANS } from '../plans.ts';
import { openPayment, type Payment } from './index.ts';

export const DAY_MS = 86_400_000;
const PRICES = { genrtl_pro_monthly: 4000, genrtl_team_monthly: 20_000, genrtl_on_demand: null };
export const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface World {
  readonly account: string;
  readonly server: StripeServer;
  readonly payment: Payment;
  /** delivers events, each as often as it is given */
  deliver(events: readonly StripeEvent[]): Promise<void>;
  /** events since the last call */
  news(): StripeEvent[];
}

type Body<T> = Parameters<typeof testTransaction<T>>[1];

export class StripeWorlds {
  readonly database: TestDatabase;
  readonly #servers: StripeServer[] = [];

  private constructor(database: TestDatabase) {
    this.database = database;
  }

  static async open(): Promise<StripeWorlds> {
    const worlds = new StripeWorlds(await openTestDatabase());
    await worlds.tx((tx) => keepPlans(tx, SHIPPED_PLANS));
    return worlds;
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
    await this.database.close();
  }

  tx<T>(body: Body<T>): Promise<T> {
    return testTransaction(this.database.pool, body);
  }

  async problems(): Promise<string[]> {
    return (await checkLedger(this.database.pool)).filter((line) => !line.includes('belongs to an open attempt'));
  }

  async newWorld(): Promise<World> {
    const id = randomUUID();
    const account = `user_${id}`;
    await this.tx(async (client) => {
      await client.query(
        `INSERT INTO auth."user" ("id", "name", "email", "emailVerified") VALUES ($1, 'Ada', $1 || '@example.com', true)`,
        [id],
      );
      await ensureBudget(client, account, 'job', microUsd(500_000_000));
    });
    const server = await StripeServer.open(new Date(), PRICES, id.slice(0, 8));
    this.#servers.push(server);
    const payment = openPayment({
      pool: this.database.pool,
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

  async spend(account: string, micro: number): Promise<void> {
    const holdId = randomUUID();
    await this.tx(async (client) => {
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
}

export const PRO = planNamed('pro');

export function planNamed(name: string) {
  const found = SHIPPED_PLANS.find(({ plan }) => plan === name);
  if (found === undefined) throw new Error(`no plan ${name}`);
  return found;
}

export async function subscribe({ account, server, payment }: World): Promise<void> {
  server.complete(await payment.subscribe(account, 'ada@example.com', PRO));
}

export const later = (server: StripeServer, ms: number): void => {
  server.advance(new Date(server.now.getTime() + ms));
};
