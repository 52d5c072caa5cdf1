// SQL of the events of interactive runs: segments of many runs in one statement.
import { prepared, storableJson, type Queryable } from '../../db/index.ts';
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

/** One commit. A repeat after a lost answer writes nothing twice. */
export async function insertSegments(tx: Queryable, segments: readonly Segment[]): Promise<void> {
  await prepared(
    tx,
    'ai.segments',
    `INSERT INTO flow_segments (account_id, run_id, first_seq, last_seq, events)
     SELECT * FROM unnest($1::text[], $2::text[], $3::integer[], $4::integer[], $5::jsonb[]) ON CONFLICT DO NOTHING`,
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
