import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../test/database.ts';
import { holdName } from './held-name.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase({ migrated: false });
}, 60_000);
afterAll(() => database.close());

const hold = (name: string, waitMs = 0, onLost = (): void => undefined) =>
  holdName(database.url, name, { waitMs, onLost });
const holders = async (): Promise<number[]> =>
  (
    await database.pool.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'genrtl-name' AND datname = current_database()`,
    )
  ).rows.map(({ pid }) => pid);

it('one process has a name; the next one gets it when the first has ended, and another name at once', async () => {
  const first = await hold('worker-1');
  expect(first).not.toBeNull();
  expect(await hold('worker-1')).toBeNull();
  const other = await hold('worker-2');
  expect(other).not.toBeNull();
  const next = hold('worker-1', 10_000);
  await first?.release();
  const second = await next;
  expect(second).not.toBeNull();
  await Promise.all([second?.release(), other?.release()]);
  await expect.poll(holders).toEqual([]);
});

it('a connection that broke is made anew, and the name is held again', async () => {
  const held = await hold('worker-3');
  const [before] = await holders();
  await database.pool.query('SELECT pg_terminate_backend($1)', [before]);
  await expect.poll(async () => (await holders()).filter((pid) => pid !== before)).toHaveLength(1);
  await expect.poll(() => hold('worker-3')).toBeNull();
  await held?.release();
});

it('who lost it to another is told', async () => {
  let lost = 0;
  const held = await hold('worker-4', 0, () => (lost += 1));
  const [before] = await holders();
  // the other one waits in the queue of PostgreSQL itself, and so has it in the moment of the break
  const waiting = database.pool.query(`SELECT pg_advisory_lock(hashtextextended('genrtl.name|worker-4', 0))`);
  await database.pool.query('SELECT pg_terminate_backend($1)', [before]);
  await waiting;
  await expect.poll(() => lost).toBe(1);
  await held?.release();
});
