// SQL of the events of interactive runs: segments of many runs in one statement.
import { prepared, storableJson, type Pool, type Queryable } from '../../db/index.ts';
import type { RunKey } from './runs.ts';

export interface Segment extends RunKey {
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** each as JSON */
  readonly events: readonly string[];
}

/** What listeners of a run wait for; one word, since a notification names many. */
export const topicOf = ({ accountId, runId }: RunKey): string => `ai:${encodeURIComponent(accountId)}/${runId}`;
export const cancelTopicOf = (key: RunKey): string => `cancel:${topicOf(key)}`;

/**
 * One commit; nothing of a run that has been erased. A repeat after a lost answer writes nothing twice: only then is each
 * row looked for first, which costs a third of its writing.
 */
export async function insertSegments(pool: Pool, segments: readonly Segment[]): Promise<void> {
  await insert(pool, 'ai.segments', '', segments).catch(async (error: unknown) => {
    if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
    await insert(pool, 'ai.segments.again', 'ON CONFLICT DO NOTHING', segments);
  });
}

const UNIQUE_VIOLATION = '23505';

async function insert(pool: Pool, name: string, onConflict: string, segments: readonly Segment[]): Promise<void> {
  await prepared(
    pool,
    name,
    `INSERT INTO flow_segments (account_id, run_id, first_seq, last_seq, events)
     SELECT s.* FROM unnest($1::text[], $2::text[], $3::integer[], $4::integer[], $5::jsonb[])
       AS s (account_id, run_id, first_seq, last_seq, events)
     JOIN flow_runs r USING (account_id, run_id) ${onConflict}`,
    [
      segments.map(({ accountId }) => accountId),
      segments.map(({ runId }) => runId),
      segments.map(({ firstSeq }) => firstSeq),
      segments.map(({ lastSeq }) => lastSeq),
      segments.map(({ events }) => storableJson(`[${events.join(',')}]`)),
    ],
  );
}

/** Stored events above a number, in their order. */
export async function segmentsAfter(
  tx: Queryable,
  { accountId, runId }: RunKey,
  seq: number,
  limit: number,
): Promise<{ last_seq: number; events: { seq: number; type: string }[] }[]> {
  const { rows } = await tx.query<{ last_seq: number; events: { seq: number; type: string }[] }>(
    `SELECT last_seq, events FROM flow_segments WHERE account_id = $1 AND run_id = $2 AND last_seq > $3
     ORDER BY first_seq LIMIT $4`,
    [accountId, runId, seq, limit],
  );
  return rows;
}

export async function lastStoredSeq(tx: Queryable, { accountId, runId }: RunKey): Promise<number> {
  const { rows } = await tx.query<{ seq: number | null }>(
    'SELECT max(last_seq) AS seq FROM flow_segments WHERE account_id = $1 AND run_id = $2',
    [accountId, runId],
  );
  return rows[0]?.seq ?? 0;
}
