// SQL of callbacks: what is to be told, how often it was tried, and which secret of an account signs.
import type { RunEnded } from '@genrtl/contracts/http/callbacks.ts';
import type { Queryable } from '../../db/index.ts';

export interface CallbackRow {
  readonly callback_id: string;
  readonly account_id: string;
  readonly url: string;
  readonly body: string;
  readonly tries: number;
}

export async function insertCallback(
  tx: Queryable,
  callback: { id: string; accountId: string; runId: string; url: string; body: RunEnded },
): Promise<void> {
  await tx.query(
    `INSERT INTO callbacks (callback_id, account_id, run_id, url, body) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [callback.id, callback.accountId, callback.runId, callback.url, JSON.stringify(callback.body)],
  );
}

/** Takes what is due, for so long: whoever dies meanwhile leaves it to the others. */
export async function claimCallbacks(tx: Queryable, limit: number, holdMs: number): Promise<CallbackRow[]> {
  const { rows } = await tx.query<CallbackRow>(
    `UPDATE callbacks SET tries = tries + 1, next_try_at = now() + make_interval(secs => $2 / 1000.0)
     WHERE callback_id IN (
       SELECT callback_id FROM callbacks WHERE sent_at IS NULL AND failed_at IS NULL AND next_try_at <= now()
       ORDER BY next_try_at LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING callback_id, account_id, url, body, tries`,
    [limit, holdMs],
  );
  return rows;
}

/** `again`: milliseconds until the next try; null: it is over. */
export async function settleCallback(tx: Queryable, id: string, sent: boolean, again: number | null): Promise<void> {
  await tx.query(
    `UPDATE callbacks SET sent_at = CASE WHEN $2 THEN now() END,
       failed_at = CASE WHEN NOT $2 AND $3::bigint IS NULL THEN now() END,
       next_try_at = now() + make_interval(secs => coalesce($3::bigint, 0) / 1000.0)
     WHERE callback_id = $1 AND sent_at IS NULL`,
    [id, sent, again],
  );
}

export interface SecretGeneration {
  readonly generation: number;
  readonly rotated_at: Date;
}

export async function readGeneration(tx: Queryable, accountId: string): Promise<SecretGeneration | null> {
  const { rows } = await tx.query<SecretGeneration>(
    'SELECT generation, rotated_at FROM callback_secrets WHERE account_id = $1',
    [accountId],
  );
  return rows[0] ?? null;
}

/** `seen`: the generation that is left; a repeat, and a rotation at the same moment, count up once. */
export async function nextGeneration(tx: Queryable, accountId: string, seen: number): Promise<void> {
  await tx.query(
    `INSERT INTO callback_secrets (account_id, generation, rotated_at) VALUES ($1, $2 + 1, now())
     ON CONFLICT (account_id) DO UPDATE SET generation = $2 + 1, rotated_at = now() WHERE callback_secrets.generation = $2`,
    [accountId, seen],
  );
}

/** What was told, or given up, long ago. */
export async function pruneCallbacks(tx: Queryable, days: number): Promise<void> {
  await tx.query(`DELETE FROM callbacks WHERE coalesce(sent_at, failed_at) < now() - make_interval(days => $1)`, [
    days,
  ]);
}
