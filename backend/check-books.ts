// `genrtl-backend check-ledger`: derives every kept number of the books again, on the database of DATABASE_URL or of
// the home, running or not, live or restored. It only reads.
import { GenrtlError } from '@genrtl/contracts';
import { createPool, ping, reading } from './db/index.ts';
import { takeKernelLock } from '@genrtl/disk/kernel-lock.ts';
import { checkLedger } from './ledger/index.ts';
import { homeFromEnvironment, openHome, type BackendHome } from './processes/home.ts';
import { requireDatabaseUrl } from './processes/start-failure.ts';
import { runningServerUrl, startPostgres } from './processes/postgres.ts';

/** SQLSTATE of a table that is not there. */
const UNDEFINED_TABLE = '42P01';

export interface Books {
  readonly url: string;
  close(): Promise<void>;
}

/** Prints a line a problem, then a summary. 0: the books are right, 1: they are not. */
export async function checkBooks(env: NodeJS.ProcessEnv, out: { write(text: string): unknown }): Promise<0 | 1> {
  const books = await openBooks(env);
  const pool = createPool(books.url, { max: 1 });
  try {
    await ping(pool);
    const [problems, entries] = await reading(pool, async (tx) => {
      const { rows } = await tx.query<{ entries: number }>('SELECT count(*) AS entries FROM journal_entries');
      return [await checkLedger(tx), rows[0]?.entries ?? 0] as const;
    });
    for (const problem of problems) out.write(`${problem}\n`);
    out.write(
      problems.length === 0
        ? `the books are right: ${entries} entries\n`
        : `the books are wrong: ${problems.length} problems in ${entries} entries\n`,
    );
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNDEFINED_TABLE) throw error;
    throw new GenrtlError('BACKEND_START_FAILED', 'This database holds no ledger', {
      hint: 'Check DATABASE_URL or GENRTL_HOME.',
      cause: error,
    });
  } finally {
    await pool.end();
    await books.close();
  }
}

/** A backend that works on the home is not disturbed; without one its database is started for as long as it is read. */
export async function openBooks(env: NodeJS.ProcessEnv): Promise<Books> {
  const named = env['DATABASE_URL'];
  if (named !== undefined && named !== '') {
    requireDatabaseUrl(named);
    return { url: named, close: () => Promise.resolve() };
  }
  const home: BackendHome = await openHome(homeFromEnvironment(env));
  const lock = await takeKernelLock(home.lockFile);
  if (lock === null) return { url: await runningServerUrl(home), close: () => Promise.resolve() };
  try {
    const server = await startPostgres(home, { env });
    return {
      url: server.url,
      async close() {
        await server.stop();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
