// One place that opens transactions. A lost connection repeats the whole body, so every body is safe to repeat:
// what it writes is keyed, and a repeat finds what the first one wrote.
import type pg from 'pg';
import type { Pool, Queryable } from './pool.ts';
import { isRepeatable, repeating } from './repeat.ts';

export type Transaction = Queryable & { readonly __transaction?: true };

/**
 * Every transaction that writes, by name. A repeat after a lost answer of COMMIT must find what the first one wrote, so
 * ids come from outside of the body; the test of lost commits has a case for each name, and does not compile without.
 */
export const TRANSACTIONS = [
  'account.close',
  'account.deletion',
  'account.erase',
  'account.key',
  'account.prune',
  'account.revoke',
  'ai.adopt',
  'ai.begin',
  'ai.cancel',
  'ai.end',
  'ai.open',
  'ai.lease',
  'ai.resume',
  'ai.settle',
  'attempt.open',
  'attempt.settle',
  'attempt.lost',
  'billing.apply',
  'billing.close',
  'billing.consent',
  'billing.customer',
  'billing.event',
  'billing.export',
  'billing.limit',
  'billing.mail',
  'billing.period',
  'billing.plans',
  'billing.subscribe',
  'blob.record',
  'budget.raise',
  'object.remove',
  'package.change',
  'package.download',
  'package.pass',
  'package.publish',
  'package.purchase',
  'package.report',
  'package.reverse',
  'package.verify',
  'package.yank',
  'queue.take',
  'run.cancel',
  'run.end',
  'run.phase',
  'run.record',
  'run.restart',
  'run.retry',
  'run.take_up',
  'run.token',
  'sign_in.ask',
  'sign_in.decide',
  'sign_in.redeem',
  'sign_in.refresh',
] as const;
export type TransactionName = (typeof TRANSACTIONS)[number];

/** Runs the body in one READ COMMITTED transaction; locks are explicit. Any throw rolls back. */
export function inTransaction<T>(pool: Pool, name: TransactionName, body: (tx: Transaction) => Promise<T>): Promise<T> {
  return transaction(pool, `BEGIN /* ${name} */`, body);
}

/** What would be several transactions, as one. */
export function inTransactions<T>(
  pool: Pool,
  names: readonly TransactionName[],
  body: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return transaction(pool, `BEGIN /* ${names.join(' ')} */`, body);
}

/**
 * One statement that writes and is a transaction by itself: no word before or after it. The same holds for its repeat.
 */
export function inStatement<R extends pg.QueryResultRow>(
  pool: Pool,
  name: TransactionName,
  text: string,
  values: readonly unknown[],
): Promise<R[]> {
  return repeating(
    async () => (await pool.query<R>({ name, text: `/* ${name} */ ${text}`, values: [...values] })).rows,
  );
}

/** A statement that each call or run needs: a connection has it read and planned once, under this name. */
export function prepared<R extends pg.QueryResultRow>(
  tx: Queryable,
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<pg.QueryResult<R>> {
  return tx.query<R>({ name, text, values: [...values] });
}

/** The same for a body that only reads, which the database sees to: a repeat of it is harmless. */
export function reading<T>(pool: Pool, body: (tx: Transaction) => Promise<T>): Promise<T> {
  return transaction(pool, 'BEGIN READ ONLY', body);
}

/** What a transaction under way has sent and not waited for. */
const SENT = new WeakMap<Queryable, Promise<unknown>[]>();

/**
 * For writes at the end of a transaction of which nothing is read: they are sent, and answered together with its
 * COMMIT, which the database turns into a ROLLBACK when one of them failed. Elsewhere they are waited for.
 */
export async function answeredWithCommit(tx: Queryable, ...writes: readonly Promise<unknown>[]): Promise<void> {
  const sent = SENT.get(tx);
  if (sent === undefined) await Promise.all(writes);
  else sent.push(...writes.map(heardLater));
}

/** Its fault is told when the transaction ends, and is nobody's oversight until then. */
function heardLater<T>(asked: Promise<T>): Promise<T> {
  asked.catch(() => undefined);
  return asked;
}

/** A connection sends what follows before what precedes is answered (`createPool`); answers keep that order. */
function transaction<T>(pool: Pool, begin: string, body: (tx: Transaction) => Promise<T>): Promise<T> {
  return repeating(async () => {
    const client = await pool.connect();
    const sent: Promise<unknown>[] = [heardLater(client.query(begin))];
    SENT.set(client, sent);
    let broken = false;
    try {
      const result = await body(client);
      const committed = client.query('COMMIT');
      await Promise.all([...sent, committed]);
      const { command } = await committed;
      if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`);
      return result;
    } catch (met) {
      // Of several faults the first is the cause of the others.
      const error = await firstFault(sent, met);
      broken = isRepeatable(error);
      if (!broken)
        await client.query('ROLLBACK').catch(() => {
          broken = true;
        });
      throw error;
    } finally {
      SENT.delete(client);
      client.release(broken);
    }
  });
}

async function firstFault(sent: readonly Promise<unknown>[], otherwise: unknown): Promise<unknown> {
  const fault = (await Promise.allSettled(sent)).find((outcome) => outcome.status === 'rejected');
  return fault === undefined ? otherwise : fault.reason;
}

/** A single statement outside a transaction; one that reads is repeated when the connection was lost. */
export async function query<R extends pg.QueryResultRow>(
  pool: Pool,
  text: string,
  values: readonly unknown[] = [],
): Promise<R[]> {
  return (await pool.query<R>(text, [...values])).rows;
}
