// What is to be known of a request before its run is recorded, of many requests in one statement.
import {
  keyAnswers,
  prepared,
  readTogether,
  type BoundKey,
  type KeyedRequest,
  type Pool,
  type Queryable,
} from '../../db/index.ts';

export interface AskedFor {
  readonly keyed: KeyedRequest;
  readonly blobs: readonly string[];
}

export interface KnownOfRequest {
  /** the run that the key answers with, or null */
  readonly runId: string | null;
  /** runs of the account without an end */
  readonly unfinished: number;
  /** those of the blobs that the account has sent */
  readonly sent: ReadonlySet<string>;
}

/** Without a lock: most keys are new. Throws IDEMPOTENCY_MISMATCH when the key belongs to another request. */
export async function knownOfRequest(pool: Pool, asked: AskedFor): Promise<KnownOfRequest> {
  const { bound, unfinished, sent } = await readTogether(pool, knownOfRequests, asked);
  return { runId: keyAnswers(bound, asked.keyed), unfinished, sent: new Set(sent) };
}

interface Row {
  readonly nth: number;
  readonly bound: BoundKey | null;
  readonly unfinished: number;
  readonly sent: readonly string[];
}

async function knownOfRequests(tx: Queryable, asked: readonly AskedFor[]): Promise<Row[]> {
  const blobs = asked.flatMap(({ blobs: own }, at) => own.map((sha256) => ({ nth: at + 1, sha256 })));
  const { rows } = await prepared<Row>(
    tx,
    'requests.known',
    `WITH asked AS (
       SELECT * FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS a (account_id, key, nth)),
     open AS (
       SELECT account_id, count(*) AS runs FROM runs
       WHERE account_id IN (SELECT account_id FROM asked) AND finished_at IS NULL GROUP BY 1),
     sent AS (
       SELECT nth, array_agg(sha256) AS hashes FROM asked
         JOIN unnest($3::int[], $4::text[]) AS wanted (nth, sha256) USING (nth)
         JOIN blobs USING (account_id, sha256)
       GROUP BY 1)
     SELECT a.nth::int, to_jsonb(k) AS bound, COALESCE(open.runs, 0) AS unfinished, COALESCE(sent.hashes, '{}') AS sent
     FROM asked a
       LEFT JOIN LATERAL (
         SELECT request_hash, kind, result_id FROM idempotency_keys i
         WHERE i.account_id = a.account_id AND i.key = a.key) k ON true
       LEFT JOIN open USING (account_id) LEFT JOIN sent USING (nth) ORDER BY a.nth`,
    [
      asked.map(({ keyed }) => keyed.accountId),
      asked.map(({ keyed }) => keyed.key),
      blobs.map(({ nth }) => nth),
      blobs.map(({ sha256 }) => sha256),
    ],
  );
  return rows;
}
