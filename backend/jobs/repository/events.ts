// SQL of run events: numbered without gaps per run, kept until pruned, announced to every process that listens.
import { RUN_CHANNEL, toJsonb, type Queryable } from '../../db/index.ts';

export interface EventRow {
  readonly seq: number;
  readonly body: Record<string, unknown>;
}

/**
 * Appends one event; the run's row lock makes numbers appear in their order. With a key the event is written once only.
 * Returns its number, or null when the key was written before.
 */
export async function appendEvent(
  tx: Queryable,
  runId: string,
  event: { readonly type: string } & Record<string, unknown>,
  key: string | null = null,
): Promise<number | null> {
  const { rows } = await tx.query<{ seq: number }>(
    `WITH numbered AS (
       UPDATE runs SET last_seq = last_seq + 1
       WHERE run_id = $1 AND NOT EXISTS (SELECT 1 FROM run_events WHERE run_id = $1 AND event_key = $2)
       RETURNING last_seq)
     INSERT INTO run_events (run_id, seq, event_key, type, body)
     SELECT $1, last_seq, $2, $3, $4::jsonb FROM numbered RETURNING seq`,
    [runId, key, event.type, toJsonb(event)],
  );
  const seq = rows[0]?.seq ?? null;
  if (seq !== null) await announce(tx, runId);
  return seq;
}

/** Wakes listeners when the transaction commits. */
export async function announce(tx: Queryable, runId: string): Promise<void> {
  await tx.query('SELECT pg_notify($1, $2)', [RUN_CHANNEL, runId]);
}

export async function eventsAfter(tx: Queryable, runId: string, seq: number, limit: number): Promise<EventRow[]> {
  const { rows } = await tx.query<EventRow>(
    'SELECT seq, body FROM run_events WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3',
    [runId, seq, limit],
  );
  return rows;
}

/**
 * Drops the streamed text of runs that ended before the given age: their result replaces it. Everything up to the last
 * dropped event counts as no longer kept.
 */
export async function pruneTokens(tx: Queryable, olderThanMs: number): Promise<number> {
  const { rowCount } = await tx.query(
    `WITH old AS (
       SELECT run_id FROM runs WHERE finished_at < now() - make_interval(secs => $1 / 1000.0) AND pruned_seq = 0 AND last_seq > 0 LIMIT 200),
     last_token AS (
       SELECT run_id, max(seq) AS seq FROM run_events JOIN old USING (run_id) WHERE type = 'token' GROUP BY run_id),
     gone AS (
       DELETE FROM run_events e USING last_token t WHERE e.run_id = t.run_id AND e.seq <= t.seq RETURNING e.run_id)
     UPDATE runs r SET pruned_seq = t.seq FROM last_token t WHERE r.run_id = t.run_id`,
    [olderThanMs],
  );
  return rowCount ?? 0;
}

/** What a run answered is readable for a time; then its content goes, and its key and its ledger entries stay. */
export async function purgeRuns(tx: Queryable, olderThanDays: number): Promise<number> {
  const { rowCount } = await tx.query(
    `WITH old AS (
       SELECT run_id FROM runs WHERE finished_at < now() - make_interval(days => $1) AND NOT purged LIMIT 500),
     answers AS (UPDATE model_attempts a SET answer = NULL FROM old WHERE a.run_id = old.run_id),
     events AS (DELETE FROM run_events e USING old WHERE e.run_id = old.run_id AND e.type <> 'final')
     UPDATE runs r SET purged = true, output = NULL, pruned_seq = greatest(last_seq - 1, 0) FROM old WHERE r.run_id = old.run_id`,
    [olderThanDays],
  );
  return rowCount ?? 0;
}
