// SQL of run events: numbered without gaps per run, kept until pruned. Who commits them announces them.
import { prepared, toJsonb, type Queryable } from '../../db/index.ts';

export interface EventRow {
  readonly seq: number;
  readonly body: Record<string, unknown>;
}

export interface NewEvent {
  readonly runId: string;
  readonly event: { readonly type: string } & Record<string, unknown>;
  /** with a key the event is written once only */
  readonly key?: string | null;
  /** that it begins; of no effect on a finished run, which only a new generation reopens */
  readonly phase?: string;
}

/** Appends one event. Returns its number, or null when its key was written before. */
export async function appendEvent(
  tx: Queryable,
  runId: string,
  event: NewEvent['event'],
  key: string | null = null,
): Promise<number | null> {
  const [seq] = await appendEvents(tx, [{ runId, event, key }]);
  return seq ?? null;
}

/**
 * Appends events of many runs, those of one run in their order; the runs' locks make numbers appear in order. Returns
 * the numbers of those that were not written before. `areLocked`: the caller has the locks of the runs.
 */
export async function appendEvents(
  tx: Queryable,
  events: readonly NewEvent[],
  { areLocked = false }: { readonly areLocked?: boolean } = {},
): Promise<number[]> {
  if (events.length === 0) return [];
  // Locked first, so that the statement behind sees what the last holder of each lock wrote.
  if (events.length > 1 && !areLocked) await lockForEvents(tx, [...new Set(events.map(({ runId }) => runId))]);
  const { rows } = await prepared<{ seq: number }>(
    tx,
    'events.append',
    `WITH given AS (
       SELECT g.* FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::text[]) WITH ORDINALITY
         AS g (run_id, event_key, type, body, phase, nth)
       WHERE NOT EXISTS (SELECT 1 FROM run_events e WHERE e.run_id = g.run_id AND e.event_key = g.event_key)),
     placed AS (SELECT *, row_number() OVER (PARTITION BY run_id ORDER BY nth) AS place FROM given),
     told AS (
       SELECT run_id, count(*)::int, (array_agg(phase ORDER BY nth DESC) FILTER (WHERE phase IS NOT NULL))[1] AS phase
       FROM given GROUP BY run_id),
     numbered AS (
       UPDATE runs r SET last_seq = r.last_seq + n.count,
         phase = CASE WHEN r.finished_at IS NULL THEN COALESCE(n.phase, r.phase) ELSE r.phase END,
         status = CASE WHEN r.finished_at IS NULL AND n.phase IS NOT NULL THEN 'running' ELSE r.status END,
         waiting = CASE WHEN r.finished_at IS NULL AND n.phase IS NOT NULL THEN NULL ELSE r.waiting END
       FROM told n
       WHERE r.run_id = n.run_id RETURNING r.run_id, r.last_seq - n.count AS before)
     INSERT INTO run_events (run_id, seq, event_key, type, body)
     SELECT run_id, before + place, event_key, type, body FROM placed JOIN numbered USING (run_id) RETURNING seq`,
    [
      events.map(({ runId }) => runId),
      events.map(({ key = null }) => key),
      events.map(({ event }) => event.type),
      events.map(({ event }) => toJsonb(event)),
      events.map(({ phase = null }) => phase),
    ],
  );
  return rows.map(({ seq }) => seq);
}

async function lockForEvents(tx: Queryable, runIds: readonly string[]): Promise<void> {
  const text = 'SELECT 1 FROM runs WHERE run_id = ANY($1) ORDER BY run_id FOR NO KEY UPDATE';
  await prepared(tx, 'runs.lock_for_events', text, [runIds]);
}

export interface TokenEvent {
  readonly runId: string;
  readonly key: string;
  readonly body: object;
}

/**
 * Streamed text of many runs, at most one event each. Returns the runs whose event is there now; a run whose row
 * somebody else holds is left out, so that no order of locks can be wrong.
 */
export async function insertTokens(tx: Queryable, events: readonly TokenEvent[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ run_id: string }>(
    `WITH given AS (SELECT * FROM unnest($1::text[], $2::text[], $3::jsonb[]) AS each (run_id, event_key, body)),
       there AS (SELECT g.run_id FROM given g JOIN run_events e ON e.run_id = g.run_id AND e.event_key = g.event_key),
       free AS (
         SELECT r.run_id FROM runs r WHERE r.run_id IN (SELECT run_id FROM given EXCEPT SELECT run_id FROM there)
         FOR NO KEY UPDATE SKIP LOCKED),
       numbered AS (
         UPDATE runs r SET last_seq = last_seq + 1 FROM free WHERE r.run_id = free.run_id RETURNING r.run_id, r.last_seq),
       written AS (
         INSERT INTO run_events (run_id, seq, event_key, type, body)
         SELECT n.run_id, n.last_seq, g.event_key, 'token', g.body FROM numbered n JOIN given g USING (run_id)
         RETURNING run_id)
     SELECT run_id FROM there UNION ALL SELECT run_id FROM written`,
    [events.map(({ runId }) => runId), events.map(({ key }) => key), events.map(({ body }) => toJsonb(body))],
  );
  return new Set(rows.map(({ run_id }) => run_id));
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
       SELECT run_id FROM runs WHERE finished_at < now() - make_interval(secs => $1 / 1000.0) AND pruned_seq = 0 AND last_seq > 0
       LIMIT 200 FOR UPDATE SKIP LOCKED),
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
       SELECT run_id FROM runs WHERE finished_at < now() - make_interval(days => $1) AND NOT purged
       LIMIT 200 FOR UPDATE SKIP LOCKED),
     answers AS (UPDATE model_attempts a SET answer = NULL FROM old WHERE a.run_id = old.run_id),
     events AS (DELETE FROM run_events e USING old WHERE e.run_id = old.run_id AND e.type <> 'final')
     UPDATE runs r SET purged = true, output = NULL, pruned_seq = greatest(last_seq - 1, 0) FROM old WHERE r.run_id = old.run_id`,
    [olderThanDays],
  );
  return rowCount ?? 0;
}
