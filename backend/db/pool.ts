// The connection pool of the backend. Amounts are bigint columns of micro-dollars, read as safe integers.
import pg from 'pg';

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

export function createPool(url: string, options: { max?: number; onError?: (error: Error) => void } = {}): Pool {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, safeInteger);
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 12,
    types,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    application_name: 'genrtl',
  });
  // A connection that breaks is replaced, idle or in use; without a listener it would end the process. In use, its
  // query
  // fails too, and that is handled where it was asked.
  pool.on('error', (error) => options.onError?.(error));
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  return pool;
}
