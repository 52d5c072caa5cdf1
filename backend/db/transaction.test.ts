// What a transaction sends without waiting: worked off in its order, and a fault of it is the transaction's own.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, testTransaction, type TestDatabase } from '../test/database.ts';
import { answeredWithCommit } from './index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase({ migrated: false });
  await database.pool.query('CREATE TABLE counted (n integer PRIMARY KEY CHECK (n < 100))');
}, 60_000);
afterAll(async () => {
  await database.close();
});

const add = 'INSERT INTO counted VALUES ($1)';
async function counted(): Promise<number[]> {
  const { rows } = await database.pool.query<{ n: number }>('SELECT n FROM counted ORDER BY n');
  return rows.map(({ n }) => n);
}

it('writes that nobody waits for are committed when the transaction is', async () => {
  const result = await testTransaction(database.pool, async (tx) => {
    await answeredWithCommit(tx, tx.query(add, [1]), tx.query(add, [2]));
    const { rows } = await tx.query<{ n: number }>('SELECT count(*)::int AS n FROM counted');
    return rows[0]?.n;
  });
  expect(result).toBe(2);
  expect(await counted()).toEqual([1, 2]);
});

it('a fault of one is told, whatever comes behind it, and nothing is written', async () => {
  const before = await counted();
  const refused = testTransaction(database.pool, async (tx) => {
    await answeredWithCommit(tx, tx.query(add, [10]), tx.query(add, [100]), tx.query(add, [11]));
  });
  await expect(refused).rejects.toMatchObject({ code: '23514' });
  const behind = testTransaction(database.pool, async (tx) => {
    await answeredWithCommit(tx, tx.query(add, [100]));
    await tx.query(add, [12]);
  });
  await expect(behind).rejects.toMatchObject({ code: '23514' });
  expect(await counted()).toEqual(before);
});

it('a fault that comes while the body waits for something else is told at its end', async () => {
  const slow = testTransaction(database.pool, async (tx) => {
    await answeredWithCommit(tx, tx.query(add, [100]));
    await delay(100);
  });
  await expect(slow).rejects.toMatchObject({ code: '23514' });
});

it('a fault that the body swallows does not pass for a commit', async () => {
  const before = await counted();
  const swallowed = testTransaction(database.pool, async (tx) => {
    await tx.query(add, [20]);
    await tx.query(add, [100]).catch(() => undefined);
  });
  await expect(swallowed).rejects.toThrow('ROLLBACK');
  expect(await counted()).toEqual(before);
});

it('outside a transaction they are waited for', async () => {
  await answeredWithCommit(database.pool, database.pool.query(add, [30]));
  expect(await counted()).toContain(30);
  await expect(answeredWithCommit(database.pool, database.pool.query(add, [100]))).rejects.toMatchObject({
    code: '23514',
  });
});
