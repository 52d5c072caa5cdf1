// The connection pool of the backend. Amounts are bigint columns of micro-dollars, read as safe integers.
import pg from 'pg';
import { onlyReads, repeating } from './repeat.ts';

export type Pool = pg.Pool;
/** What a query can run on: the pool, or the connection of a transaction. */
export type Queryable = Pick<pg.PoolClient, 'query'>;

const INT8 = 20;

/** Throws RangeError instead of rounding: an amount above 2^53 micro-dollars is nine billion dollars, so a fault. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`integer out of range: ${text}`);
  return value;
}

interface PoolOptions {
  readonly max?: number;
  /** connections stay open however long nobody needs them */
  readonly lasting?: boolean;
  readonly onError?: (error: Error) => void;
}

export function createPool(url: string, options: PoolOptions = {}): Pool {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, safeInteger);
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 12,
    types,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: options.lasting === true ? 0 : 60_000,
    application_name: 'genrtl',
    // What is asked at once is sent at once, and worked off in that order: one wait instead of one for each statement.
    pipeline: true,
  });
  // A connection that breaks is replaced, idle or in use; without a listener it would end the process. In use, its
  // query fails too, and that is handled where it was asked.
  pool.on('error', (error) => options.onError?.(error));
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  return repeatingReads(pool);
}

/**
 * What is only read outside a transaction is asked again when the connection is lost, wherever it is asked: a job must
 * not fail for a read that nobody thought of. Writes are repeated where it is known to be harmless.
 */
function repeatingReads(pool: Pool): Pool {
  const once = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;
  const query = (...args: unknown[]): Promise<unknown> => {
    const [asked] = args;
    const text = typeof asked === 'string' ? asked : (asked as { readonly text?: unknown } | null)?.text;
    return typeof text === 'string' && onlyReads(text) && typeof args.at(-1) !== 'function'
      ? repeating(() => once(...args))
      : once(...args);
  };
  return Object.assign(pool, { query });
}

/** Rejects at once when the database does not answer. */
export async function ping(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SELECT 1');
  } finally {
    client.release();
  }
}
