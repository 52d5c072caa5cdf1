// Plain SQL migrations, `NNNN_name.sql`: each in its own transaction, recorded with its checksum, under one advisory
// lock, so that two processes may start at once and a crash leaves whole migrations only. Processes of the last release
// go on meanwhile: a migration that cannot have its locks soon lets go of them, since whatever waits behind it waits
// too.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GenrtlError } from '@genrtl/contracts';
import { dieAt } from '../death-points.ts';
import type { Pool, Queryable } from './pool.ts';
import { isRepeatable, repeating } from './repeat.ts';

export const MIGRATIONS = join(import.meta.dirname, 'migrations');

/** Longest that statements of working processes wait behind a migration that waits for a lock itself. */
const LOCK_TIMEOUT_MS = 2_000;
/** A busy table is tried again, up to this time; then the start fails, and nothing is changed. */
const LOCK_PATIENCE_MS = 120_000;
/** SQLSTATE lock_not_available */
const LOCK_NOT_AVAILABLE = '55P03';

/** Any fixed number: the lock that migrating processes share. */
const ADVISORY_LOCK = 7_318_240_911;

export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

export async function readMigrations(folder = MIGRATIONS): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

export interface LockPatience {
  readonly timeoutMs?: number;
  readonly patienceMs?: number;
}

/** The schema of a library, which makes it itself; the name carries the library's version. Safe to repeat. */
export interface LibrarySchema {
  readonly name: string;
  readonly apply: () => Promise<void>;
}

/**
 * Applies what is missing, in the order of the numbers, then the schemas of libraries. Returns the names applied; a
 * lost connection starts it over, which finds what was committed.
 */
export async function migrate(
  pool: Pool,
  migrations: readonly Migration[],
  libraries: readonly LibrarySchema[] = [],
  patience: LockPatience = {},
): Promise<string[]> {
  const applied = new Set<string>();
  await repeating(() => applyMissing(pool, migrations, libraries, applied, patience));
  return [...applied];
}

async function applyMissing(
  pool: Pool,
  migrations: readonly Migration[],
  libraries: readonly LibrarySchema[],
  applied: Set<string>,
  patience: LockPatience,
): Promise<void> {
  const client = await pool.connect();
  let broken = false;
  try {
    await takeLock(client);
    await client.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
      name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'SELECT name, checksum FROM schema_migrations',
    );
    const known = new Map(rows.map((row) => [row.name, row.checksum]));
    for (const migration of migrations) {
      const checksum = known.get(migration.name);
      if (checksum === migration.checksum) continue;
      if (checksum !== undefined) {
        throw new GenrtlError(
          'BACKEND_START_FAILED',
          `The database was made by another version: ${migration.name} differs`,
          {
            hint: 'Start the version that made it, or choose another GENRTL_HOME.',
          },
        );
      }
      applied.add(migration.name);
      await applyOne(client, migration, patience);
    }
    for (const library of libraries) {
      if (known.has(library.name)) continue;
      await library.apply();
      await client.query('INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)', [library.name, 'library']);
      applied.add(library.name);
    }
  } catch (error) {
    broken = isRepeatable(error);
    throw error;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [ADVISORY_LOCK]).catch(() => undefined);
    client.release(broken);
  }
}

/** Whole or not at all. BACKEND_START_FAILED when its locks cannot be had within the patience. */
async function applyOne(client: Queryable, migration: Migration, patience: LockPatience): Promise<void> {
  const { timeoutMs = LOCK_TIMEOUT_MS, patienceMs = LOCK_PATIENCE_MS } = patience;
  for (const begun = performance.now(); ; ) {
    await client.query('BEGIN /* migration */');
    try {
      await client.query(`SET LOCAL lock_timeout = ${timeoutMs}`);
      await client.query(migration.sql);
      await client.query('INSERT INTO schema_migrations (name, checksum) VALUES ($1, $2)', [
        migration.name,
        migration.checksum,
      ]);
      dieAt('migration');
      await client.query('COMMIT');
      return;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
      if (performance.now() - begun > patienceMs)
        throw new GenrtlError('BACKEND_START_FAILED', `The migration ${migration.name} did not get its locks`, {
          hint: 'A long transaction holds a table: see pg_stat_activity. Processes of the last release go on meanwhile.',
          cause: error,
        });
      await delay(timeoutMs);
    }
  }
}

/**
 * Asks again and again instead of waiting inside the database: a waiting statement holds a snapshot, and CREATE INDEX
 * CONCURRENTLY, which the workflow engine's schema uses, waits for every snapshot: a deadlock of two starting
 * processes.
 */
async function takeLock(client: Queryable): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      ADVISORY_LOCK,
    ]);
    if (rows[0]?.taken === true) return;
    await delay(20);
  }
}
