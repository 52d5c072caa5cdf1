// SQL of what operators see, over all accounts. It only reads.
import type { JobKind, Waiting } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';

const MOST_ACCOUNTS = 100;
const MOST_RUNS = 200;
const MOST_COSTLY = 20;

export interface AccountRow {
  readonly account_id: string;
  readonly kind: 'user' | 'organisation';
  readonly name: string;
  readonly handle: string | null;
  readonly created_at: Date;
  readonly verified: boolean;
  readonly seized_at: Date | null;
  readonly members: number | null;
  readonly plan: string | null;
  readonly standing: 'good' | 'past_due' | 'unpaid' | 'disputed';
  readonly unfinished_runs: number;
  readonly charged_micro: number;
}

const HOSTED = `FROM accounts a
  LEFT JOIN auth."user" u ON a.account_id = 'user_' || u."id"
  LEFT JOIN auth."organization" o ON a.account_id = 'org_' || o."id"
  LEFT JOIN billing_accounts b ON b.account_id = a.account_id
  WHERE a.kind IN ('user', 'organisation') AND ($1 = '' OR strpos(lower(concat_ws(' ', a.account_id,
    coalesce(u."name", o."name", a.name), coalesce(u."email", o."slug"))), lower($1)) > 0)`;

export async function findAccounts(tx: Queryable, search: string): Promise<{ rows: AccountRow[]; total: number }> {
  const { rows: counted } = await tx.query<{ total: number }>(`SELECT count(*) AS total ${HOSTED}`, [search]);
  const { rows } = await tx.query<AccountRow>(
    `WITH found AS (
       SELECT a.account_id, a.kind, coalesce(u."name", o."name", a.name) AS name, coalesce(u."email", o."slug") AS handle,
         a.created_at, coalesce(u."emailVerified", true) AS verified, u."seizedAt" AS seized_at, o."id" AS organisation,
         b.plan_id AS plan, coalesce(b.standing, 'good') AS standing
       ${HOSTED} ORDER BY a.created_at DESC, a.account_id LIMIT ${MOST_ACCOUNTS})
     SELECT found.*,
       (SELECT count(*) FROM auth."member" m WHERE m."organizationId" = found.organisation
          HAVING found.organisation IS NOT NULL) AS members,
       (SELECT count(*) FROM runs r WHERE r.account_id = found.account_id AND r.finished_at IS NULL) AS unfinished_runs,
       coalesce((SELECT -sum(p.amount_micro) FROM journal_entries e JOIN postings p USING (entry_id)
          JOIN ledger_accounts l ON l.ledger_account_id = p.ledger_account_id AND l.keeps_balance
          WHERE e.account_id = found.account_id AND e.kind IN ('model', 'cbb', 'reversal')
            AND e.created_at > now() - interval '30 days'), 0)::bigint AS charged_micro
     FROM found ORDER BY created_at DESC, account_id`,
    [search],
  );
  return { rows, total: counted[0]?.total ?? 0 };
}

export interface UnfinishedRow {
  readonly run_id: string;
  readonly account_id: string;
  readonly account: string;
  readonly kind: JobKind;
  readonly status: 'queued' | 'running';
  readonly phase: string;
  readonly waiting: Waiting | null;
  readonly worker: string | null;
  readonly created_at: Date;
}

export async function unfinished(tx: Queryable): Promise<{ rows: UnfinishedRow[]; total: number }> {
  const { rows } = await tx.query<UnfinishedRow>(
    `SELECT r.run_id, r.account_id, a.name AS account, r.kind, r.status, r.phase, r.waiting, r.worker, r.created_at
     FROM runs r JOIN accounts a USING (account_id) WHERE r.finished_at IS NULL ORDER BY r.created_at LIMIT ${MOST_RUNS}`,
  );
  const { rows: counted } = await tx.query<{ total: number }>(
    'SELECT count(*) AS total FROM runs WHERE finished_at IS NULL',
  );
  return { rows, total: counted[0]?.total ?? 0 };
}

export interface WorkerRow {
  readonly worker: string;
  readonly capacity: number;
  readonly running: number;
  readonly seen_at: Date;
}

export async function workers(tx: Queryable): Promise<WorkerRow[]> {
  const { rows } = await tx.query<WorkerRow>(
    `SELECT w.worker, w.capacity, w.seen_at,
       (SELECT count(*) FROM runs r WHERE r.worker = w.worker AND r.dispatched_at IS NOT NULL AND r.finished_at IS NULL)
         AS running
     FROM job_workers w ORDER BY w.worker`,
  );
  return rows;
}

export async function bookCounts(
  tx: Queryable,
): Promise<{ readonly entries: number; readonly open_holds: number; readonly held_micro: number }> {
  const { rows } = await tx.query<{ entries: number; open_holds: number; held_micro: number }>(
    `SELECT (SELECT count(*) FROM journal_entries) AS entries, count(*) AS open_holds,
       coalesce(sum(amount_micro), 0)::bigint AS held_micro FROM holds WHERE state = 'open'`,
  );
  return rows[0] ?? { entries: 0, open_holds: 0, held_micro: 0 };
}

export interface CostRow {
  /** the day, the model or the account; null: the row of everything else */
  readonly key: string;
  readonly calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly charged_micro: number;
}

const COSTS = `WITH charged AS (
    SELECT e.entry_id, e.account_id, e.item, to_char(e.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, e.kind,
      e.usage, coalesce((SELECT -sum(p.amount_micro) FROM postings p JOIN ledger_accounts l
        ON l.ledger_account_id = p.ledger_account_id AND l.keeps_balance WHERE p.entry_id = e.entry_id), 0) AS micro
    FROM journal_entries e WHERE e.kind IN ('model', 'cbb', 'reversal') AND e.created_at >= $1)`;
const SUMS = `count(*) FILTER (WHERE kind = 'model') AS calls,
    coalesce(sum((usage->>'input_tokens')::bigint) FILTER (WHERE kind = 'model'), 0)::bigint AS input_tokens,
    coalesce(sum((usage->>'output_tokens')::bigint) FILTER (WHERE kind = 'model'), 0)::bigint AS output_tokens,
    coalesce(sum(micro), 0)::bigint AS charged_micro`;

export async function costsBy(tx: Queryable, by: 'day' | 'model' | 'account', from: Date): Promise<CostRow[]> {
  const [key, order, only] = {
    day: ['day', 'key DESC', ''],
    model: ['item', `charged_micro DESC, key LIMIT ${MOST_COSTLY}`, `WHERE kind = 'model'`],
    account: ['account_id', `charged_micro DESC, key LIMIT ${MOST_COSTLY}`, ''],
  }[by];
  const { rows } = await tx.query<CostRow>(
    `${COSTS} SELECT ${key} AS key, ${SUMS} FROM charged ${only} GROUP BY 1 ORDER BY ${order}`,
    [from],
  );
  return rows;
}

export async function namesOf(tx: Queryable, accounts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await tx.query<{ account_id: string; name: string }>(
    'SELECT account_id, name FROM accounts WHERE account_id = ANY($1)',
    [accounts],
  );
  return new Map(rows.map(({ account_id: id, name }) => [id, name]));
}
