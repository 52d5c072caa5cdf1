// Migrations while processes of the last release work on the same database.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../test/database.ts';
import { migrate, readMigrations, type Migration } from './migrate.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.pool.query('CREATE TABLE busy (n integer); INSERT INTO busy VALUES (1)');
});
afterAll(() => database.close());

const migration = (name: string, sql: string): Migration => ({ name, sql, checksum: name });
const applied = async (name: string): Promise<boolean> =>
  (await database.pool.query('SELECT 1 FROM schema_migrations WHERE name = $1', [name])).rowCount === 1;

describe('a migration beside working processes', () => {
  it('waits for its lock in short turns: nobody stands behind it for longer than one', async () => {
    const { pool } = database;
    const holder = await pool.connect();
    await holder.query('BEGIN; SELECT * FROM busy');
    const migrating = migrate(pool, [migration('9001_wait.sql', 'ALTER TABLE busy ADD COLUMN m integer')], [], {
      timeoutMs: 50,
    });
    // While it waits for its lock others queue behind it; after its turn they are served, again and again.
    await expect
      .poll(
        async () =>
          (await pool.query(`SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'`)).rowCount,
        { timeout: 15_000, interval: 5 },
      )
      .toBe(1);
    await pool.query('SELECT * FROM busy');
    expect(await applied('9001_wait.sql')).toBe(false);
    await holder.query('COMMIT');
    holder.release();
    expect(await migrating).toEqual(['9001_wait.sql']);
    expect(await applied('9001_wait.sql')).toBe(true);
  });

  it('that never gets its lock fails the start, and changes nothing', async () => {
    const { pool } = database;
    const holder = await pool.connect();
    await holder.query('BEGIN; SELECT * FROM busy');
    const failing = migrate(pool, [migration('9002_never.sql', 'ALTER TABLE busy DROP COLUMN n')], [], {
      timeoutMs: 20,
      patienceMs: 100,
    });
    await expect(failing).rejects.toMatchObject({ code: 'BACKEND_START_FAILED' });
    await holder.query('COMMIT');
    holder.release();
    expect((await pool.query('SELECT n FROM busy')).rows).toEqual([{ n: 1 }]);
  });

  it('that fails leaves the schema of before and a system that works, and its mended form applies', async () => {
    const { pool } = database;
    const broken = [
      migration('9003_good.sql', 'CREATE TABLE added (n integer)'),
      migration('9004_bad.sql', 'CREATE TABLE half (n integer); ALTER TABLE nowhere ADD COLUMN m integer'),
    ];
    await expect(migrate(pool, broken)).rejects.toMatchObject({ code: '42P01' });
    expect([await applied('9003_good.sql'), await applied('9004_bad.sql')]).toEqual([true, false]);
    expect((await pool.query(`SELECT to_regclass('half') AS half`)).rows).toEqual([{ half: null }]);
    // the shared lock is free: the next start does not hang on it
    const mended = [...broken.slice(0, 1), migration('9004_bad.sql', 'CREATE TABLE half (n integer)')];
    expect(await migrate(pool, mended)).toEqual(['9004_bad.sql']);
  });

  it('two processes that start at once apply each once', async () => {
    const one = [migration('9005_once.sql', 'CREATE TABLE once (n integer); SELECT pg_sleep(0.1)')];
    const both = await Promise.all([migrate(database.pool, one), migrate(database.pool, one)]);
    expect(both.flat()).toEqual(['9005_once.sql']);
  });

  it('a process of the last release starts on a newer schema', async () => {
    expect(await migrate(database.pool, await readMigrations())).toEqual([]);
  });
});

/** What would break processes of the last release, which still run while it is applied. */
const BREAKS_THE_LAST_RELEASE: readonly (readonly [RegExp, string])[] = [
  [/\bDROP\s+(TABLE|COLUMN|VIEW|SCHEMA)\b/i, 'drops what the last release reads'],
  [/\bRENAME\s+(TO|COLUMN)\b/i, 'renames what the last release names'],
  [/\bALTER\s+COLUMN\s+\S+\s+(SET\s+DATA\s+)?TYPE\b/i, 'rewrites a table under an exclusive lock'],
  [/\bADD\s+COLUMN\s+(?:(?!DEFAULT|,|;)[\s\S])*\bNOT\s+NULL\b(?!\s+DEFAULT)/i, 'the last release inserts without it'],
  [/\bSET\s+NOT\s+NULL\b/i, 'the last release may insert without it'],
  [/\bCREATE\s+INDEX\s+CONCURRENTLY\b/i, 'does not run in a transaction'],
];

describe('migrations are safe while old and new processes run', () => {
  it('the rule sees each kind', () => {
    for (const [sql, breaks] of [
      ['ALTER TABLE a DROP COLUMN b', true],
      ['ALTER TABLE a RENAME COLUMN b TO c', true],
      ['ALTER TABLE a ALTER COLUMN b TYPE bigint', true],
      ['ALTER TABLE a ADD COLUMN b text NOT NULL', true],
      ['ALTER TABLE a ADD COLUMN b text NOT NULL DEFAULT 1', false],
      ['ALTER TABLE a ADD COLUMN b text', false],
      ['ALTER TABLE a ALTER COLUMN b SET NOT NULL', true],
    ] as const)
      expect([sql, BREAKS_THE_LAST_RELEASE.some(([pattern]) => pattern.test(sql))]).toEqual([sql, breaks]);
  });

  it('none of the repository’s breaks the last release', async () => {
    for (const { name, sql } of await readMigrations()) {
      const statements = sql.replace(/--.*$/gm, '');
      for (const [pattern, why] of BREAKS_THE_LAST_RELEASE)
        expect([name, pattern.exec(statements)?.[0] ?? null, why]).toEqual([name, null, why]);
    }
  });
});
