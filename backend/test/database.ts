// A real PostgreSQL with our schema for one test file, in a home of its own that is removed afterwards.
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool, inTransaction, migrate, readMigrations, type Pool, type Transaction } from '../db/index.ts';
import { openHome, ROOT_DATABASES, type BackendHome } from '../processes/home.ts';
import { startPostgres } from '../processes/postgres.ts';

export interface TestDatabase {
  readonly pool: Pool;
  readonly url: string;
  /** Stops the server as its operator would, with work under way. */
  stopServer(): Promise<void>;
  /** Starts it again; its address, since the port may be another. */
  startServer(): Promise<string>;
  close(): Promise<void>;
}

export async function openTestDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const home = await makeTestHome();
  let server = await startPostgres(home, { env: process.env });
  const pool = createPool(server.url, { max: 24 });
  if (options.migrated !== false) await migrate(pool, await readMigrations());
  return {
    pool,
    url: server.url,
    stopServer: () => server.stop(),
    async startServer() {
      server = await startPostgres(home, { env: process.env });
      return server.url;
    },
    async close() {
      await pool.end();
      await server.stop();
      await removeTestHome(home);
    },
  };
}

export async function makeTestHome(): Promise<BackendHome> {
  return openHome(await mkdtemp(join(tmpdir(), 'genrtl-test-')));
}

export async function removeTestHome(home: BackendHome): Promise<void> {
  await rm(home.root, { recursive: true, force: true });
  await rm(home.database, { recursive: true, force: true });
}

/** Removes a home with its database, wherever that lies. */
export function removeHomeAt(path: string): void {
  let id = '';
  try {
    id = readFileSync(join(path, 'instance'), 'utf8').split('\n')[0] ?? '';
  } catch {
    // nothing was ever started there
  }
  rmSync(path, { recursive: true, force: true });
  if (id !== '') rmSync(join(ROOT_DATABASES, id), { recursive: true, force: true });
}

/** A transaction of a test's own, under any name. */
export function testTransaction<T>(pool: Pool, body: (tx: Transaction) => Promise<T>): Promise<T> {
  return inTransaction(pool, 'blob.record', body);
}
