// The queue on the real database: processes that take from it at the same time, what waiting runs are told, and the
// ends of runs that nobody took.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Pool } from '../db/index.ts';
import { openTestDatabase, testTransaction, type TestDatabase } from '../test/database.ts';
import { Dispatcher } from './dispatcher.ts';
import { OWN_MACHINE, type JobLimits } from './limits.ts';
import { eventsAfter } from './repository/events.ts';
import { workerSeen } from './repository/queue.ts';
import { findRun } from './repository/runs.ts';
import type { JobServices } from './services.ts';
import { viewOf } from './submit.ts';
import { askToCancel, endWhileWaiting, restartRun } from './workflow.ts';

let database: TestDatabase;
let pool: Pool;
let services: JobServices;
let limits: (accountId: string) => Partial<JobLimits>;

beforeAll(async () => {
  database = await openTestDatabase();
  pool = database.pool;
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  services = {
    pool,
    log: silent,
    news: { announce: () => undefined },
    models: { forget: () => undefined },
  } as unknown as JobServices;
}, 60_000);
afterAll(async () => {
  await database.close();
});
beforeEach(async () => {
  limits = () => ({});
  await pool.query(`UPDATE runs SET finished_at = now(), status = 'cancelled' WHERE finished_at IS NULL`);
});

/** Waiting runs of an account, oldest first. */
async function queue(account: string, count: number, user = ''): Promise<string[]> {
  const job = `job_${randomUUID()}`;
  await testTransaction(pool, (tx) =>
    tx.query(`INSERT INTO accounts (account_id, kind, name) VALUES ($1, 'user', $1) ON CONFLICT DO NOTHING`, [account]),
  );
  const { rows } = await pool.query<{ run_id: string }>(
    `INSERT INTO runs (run_id, account_id, job_id, step_id, kind, request, user_id, created_at)
     SELECT 'run_' || gen_random_uuid(), $1, $2, 'plan_1', 'plan', '{}', $3, now() + n * interval '1 microsecond'
     FROM generate_series(1, $4::int) n RETURNING run_id`,
    [account, job, user, count],
  );
  return rows.map(({ run_id: id }) => id);
}

interface Process {
  readonly dispatcher: Dispatcher;
  readonly begun: string[];
  end(runId: string): Promise<void>;
}

function process(worker: string, capacity: number): Process {
  const begun: string[] = [];
  let active = 0;
  const dispatcher = new Dispatcher({
    pool,
    log: services.log,
    news: services.news,
    worker,
    capacity,
    limitsOf: ({ accountId }) => ({ ...OWN_MACHINE, ...limits(accountId) }),
    active: () => active,
    begin: async (run) => {
      active += 1;
      begun.push(run.run_id);
    },
  });
  return {
    dispatcher,
    begun,
    async end(runId) {
      active -= 1;
      await pool.query(`UPDATE runs SET finished_at = now(), status = 'cancelled' WHERE run_id = $1`, [runId]);
    },
  };
}

describe('the queue', () => {
  it('account A queues 1,000, B one: B begins with the next free place, and A’s are told why they wait', async () => {
    const ofA = await queue('A', 1_000);
    const [one, two] = [process('one', 4), process('two', 4)];
    // at the same moment: no run is taken twice
    await Promise.all([one.dispatcher.look(), two.dispatcher.look()]);
    expect(new Set([...one.begun, ...two.begun]).size).toBe(8);
    expect([...one.begun, ...two.begun].toSorted()).toEqual(ofA.slice(0, 8).toSorted());

    const [ofB] = await queue('B', 1);
    expect(await one.dispatcher.look()).toEqual([]);
    const last = ofA.at(-1) ?? '';
    const told = await viewOf(services, 'A', last);
    expect(told).toMatchObject({ status: 'queued', waiting: { for: 'worker', since: expect.any(String) } });
    await two.dispatcher.look();
    expect((await viewOf(services, 'A', last)).waiting).toEqual(told.waiting);
    expect((await eventsAfter(pool, last, 0, 10)).map(({ body }) => body)).toEqual([
      { type: 'waiting', waiting: told.waiting },
    ]);

    await two.end(two.begun[0] ?? '');
    expect(await two.dispatcher.look()).toEqual([ofB]);
    expect((await viewOf(services, 'B', ofB ?? '')).waiting).toBeNull();
  });

  it('an account at its limit waits for its own jobs while others begin', async () => {
    limits = (account) => (account === 'C' ? { perAccount: 2 } : {});
    const ofC = await queue('C', 4, 'carl');
    const ofD = await queue('D', 2);
    const worker = process('three', 10);
    await worker.dispatcher.look();
    expect(worker.begun.toSorted()).toEqual([...ofC.slice(0, 2), ...ofD].toSorted());
    expect((await viewOf(services, 'C', ofC[3] ?? '')).waiting).toMatchObject({ for: 'account_limit', limit: 2 });
    limits = () => ({});
    expect(await worker.dispatcher.look()).toHaveLength(2);
  });

  it('a waiting run that is cancelled ends at once, and nobody takes it', async () => {
    const [first, second] = await queue('E', 2);
    await askToCancel(services, first ?? '');
    await endWhileWaiting(services, first ?? '');
    expect(await viewOf(services, 'E', first ?? '')).toMatchObject({
      status: 'cancelled',
      waiting: null,
      error: { code: 'CANCELLED' },
    });
    expect((await eventsAfter(pool, first ?? '', 0, 10)).at(-1)?.body).toMatchObject({ type: 'final' });
    const worker = process('four', 10);
    expect(await worker.dispatcher.look()).toEqual([second]);
  });

  it('runs of a process that is gone wait again, in a new generation', async () => {
    const [run] = await queue('F', 1);
    const dead = process('dead', 1);
    await workerSeen(pool, 'dead', 1);
    await dead.dispatcher.look();
    const other = process('other', 1);
    expect(await other.dispatcher.orphans()).toEqual([]);
    await pool.query(`UPDATE job_workers SET seen_at = now() - interval '61 seconds' WHERE worker = 'dead'`);
    await pool.query(`UPDATE runs SET dispatched_at = now() - interval '61 seconds' WHERE run_id = $1`, [run]);
    const [orphan] = await other.dispatcher.orphans();
    expect(orphan?.run_id).toBe(run);
    await restartRun(services, orphan!);
    expect(await findRun(pool, run ?? '')).toMatchObject({ generation: 2, dispatched_at: null, worker: null });
    expect(await other.dispatcher.look()).toEqual([run]);
  });
});
