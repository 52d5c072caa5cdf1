// SQL of journal entries and their postings. Entries are only ever added; the database refuses the rest.
import type { Bucket } from '@genrtl/contracts';
import { prepared, toJsonb, type Queryable } from '../../db/index.ts';
import { signal } from '../../telemetry/signals.ts';

export interface EntryInput {
  readonly entryId: string;
  readonly accountId: string;
  readonly kind: 'model' | 'cbb' | 'reversal' | 'grant' | 'expiry' | 'closing' | 'payment';
  /** permanent and unique: the same business event can be booked once only */
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly jobId: string | null;
  readonly stepId: string | null;
  readonly item: string;
  /** rate card of a model call, version of a package */
  readonly version: string;
  /** what the provider reported, unchanged */
  readonly usage: unknown;
  readonly reverses: string | null;
}

export interface Posting {
  readonly ledgerAccountId: number;
  readonly amountMicro: number;
}

export interface NewEntry {
  readonly entry: EntryInput;
  readonly postings: readonly Posting[];
}

export const insertEntry = (tx: Queryable, entry: EntryInput, postings: readonly Posting[]): Promise<void> =>
  insertEntries(tx, [{ entry, postings }]);

/** Entries with their postings in one statement: all of them or none. */
export async function insertEntries(tx: Queryable, made: readonly NewEntry[]): Promise<void> {
  if (made.length === 0) return;
  const entries = made.map(({ entry }) => entry);
  // One lock order for everybody: by account number.
  const postings = made
    .flatMap(({ entry, postings: own }) => own.map((posting) => ({ ...posting, entryId: entry.entryId })))
    .sort((a, b) => a.ledgerAccountId - b.ledgerAccountId);
  await prepared(
    tx,
    'journal.entries',
    `WITH entries AS (
       INSERT INTO journal_entries (entry_id, account_id, kind, idempotency_key, request_hash, job_id, step_id, item,
         version, usage, reverses)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
         $9::text[], $10::jsonb[], $11::text[]))
     INSERT INTO postings (entry_id, ledger_account_id, amount_micro)
     SELECT * FROM unnest($12::text[], $13::bigint[], $14::bigint[])`,
    [
      entries.map(({ entryId }) => entryId),
      entries.map(({ accountId }) => accountId),
      entries.map(({ kind }) => kind),
      entries.map(({ idempotencyKey }) => idempotencyKey),
      entries.map(({ requestHash }) => requestHash),
      entries.map(({ jobId }) => jobId),
      entries.map(({ stepId }) => stepId),
      entries.map(({ item }) => item),
      entries.map(({ version }) => version),
      entries.map(({ usage }) => (usage === null ? null : toJsonb(usage))),
      entries.map(({ reverses }) => reverses),
      postings.map(({ entryId }) => entryId),
      postings.map(({ ledgerAccountId }) => ledgerAccountId),
      postings.map(({ amountMicro }) => amountMicro),
    ],
  );
  for (const { entry, postings: own } of made) signal('ledger_entry', { kind: entry.kind, postings: own.length });
}

export async function postingsOf(tx: Queryable, entryId: string): Promise<Posting[]> {
  const { rows } = await tx.query<{ ledger_account_id: number; amount_micro: number }>(
    'SELECT ledger_account_id, amount_micro FROM postings WHERE entry_id = $1',
    [entryId],
  );
  return rows.map((row) => ({ ledgerAccountId: row.ledger_account_id, amountMicro: row.amount_micro }));
}

/** Those of them that are there. */
export async function entriesThere(tx: Queryable, entryIds: readonly string[]): Promise<Set<string>> {
  if (entryIds.length === 0) return new Set();
  const text = 'SELECT entry_id FROM journal_entries WHERE entry_id = ANY($1)';
  const { rows } = await tx.query<{ entry_id: string }>(text, [entryIds]);
  return new Set(rows.map(({ entry_id: id }) => id));
}

export async function isReversed(tx: Queryable, entryId: string): Promise<boolean> {
  const { rowCount } = await tx.query('SELECT 1 FROM journal_entries WHERE reverses = $1', [entryId]);
  return rowCount !== 0;
}

export interface UsageFilter {
  readonly account: string;
  readonly jobId: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** entries after this ordinal */
  readonly after: number;
  readonly limit: number;
}

export interface UsageEntryRow {
  readonly ordinal: number;
  readonly created_at: Date;
  readonly job_id: string | null;
  readonly step_id: string | null;
  readonly kind: 'model' | 'cbb' | 'reversal';
  readonly item: string;
  readonly version: string;
  readonly usage: {
    input_tokens?: number;
    output_tokens?: number;
    cached_tokens?: number;
    cache_write_tokens?: number;
    first_token_ms?: number;
    duration_ms?: number;
    estimated?: boolean;
  } | null;
  readonly bucket: Bucket;
  /** what the bucket paid */
  readonly charged_micro: number;
  readonly receipt_id: string | null;
}

/** Entries with the parts that a user's own buckets paid, oldest first; an entry over two buckets gives two rows. */
export async function usageEntries(tx: Queryable, filter: UsageFilter): Promise<UsageEntryRow[]> {
  const { rows } = await tx.query<UsageEntryRow>(
    `WITH page AS (
       SELECT * FROM journal_entries
       WHERE account_id = $1 AND kind IN ('model', 'cbb', 'reversal') AND ordinal > $2
         AND ($3::text IS NULL OR job_id = $3)
         AND ($4::timestamptz IS NULL OR created_at >= $4) AND ($5::timestamptz IS NULL OR created_at < $5)
       ORDER BY ordinal LIMIT $6),
     paid AS (
       SELECT entry_id, CASE a.code WHEN 'period' THEN 'included' ELSE a.code END AS bucket,
              (-sum(p.amount_micro))::bigint AS charged_micro
       FROM page JOIN postings p USING (entry_id)
       JOIN ledger_accounts a ON a.ledger_account_id = p.ledger_account_id AND a.keeps_balance
       GROUP BY 1, 2)
     SELECT e.ordinal, e.created_at, e.job_id, e.step_id, e.kind, e.item, e.version, e.usage, paid.bucket,
            paid.charged_micro, r.receipt_id
     FROM page e
     JOIN paid USING (entry_id)
     LEFT JOIN receipts r ON r.entry_id = coalesce(e.reverses, e.entry_id)
     ORDER BY e.ordinal, array_position(ARRAY['included', 'promotion', 'prepaid', 'on_demand'], paid.bucket)`,
    [filter.account, filter.after, filter.jobId, filter.from, filter.to, filter.limit],
  );
  return rows;
}

/** What a user's own buckets paid for a job, by step; a step that was reversed shows what is left. */
export async function chargesByStep(
  tx: Queryable,
  account: string,
  job: string,
): Promise<{ step_id: string | null; charged_micro: number }[]> {
  const { rows } = await tx.query<{ step_id: string | null; charged_micro: number }>(
    `SELECT e.step_id, (-sum(p.amount_micro))::bigint AS charged_micro
     FROM journal_entries e
     JOIN postings p USING (entry_id)
     JOIN ledger_accounts a ON a.ledger_account_id = p.ledger_account_id AND a.keeps_balance
     WHERE e.account_id = $1 AND e.job_id = $2 GROUP BY e.step_id ORDER BY min(e.ordinal)`,
    [account, job],
  );
  return rows;
}
