// SQL of exports and deletions: statements made from the list of treatments, and the rows that record a deletion.
import type { Queryable } from '../db/index.ts';
import { OBJECT_REFERENCES } from '../db/object-references.ts';
import { TREATMENTS, type Treatment } from './treatments.ts';

export interface Subject {
  readonly account: string;
  /** empty for an organisation */
  readonly person: string;
  readonly email: string;
}

export interface DeletionRow {
  readonly account_id: string;
  readonly asked_at: Date;
  readonly asked_by: string | null;
  readonly due_at: Date;
  readonly closed_at: Date | null;
  readonly done_at: Date | null;
}

export async function subjectOf(tx: Queryable, account: string): Promise<Subject> {
  const person = account.startsWith('user_') ? account.slice('user_'.length) : '';
  const { rows } = await tx.query<{ email: string }>('SELECT "email" AS email FROM auth."user" WHERE "id" = $1', [
    person,
  ]);
  return { account, person, email: rows[0]?.email ?? '' };
}

/** Tables of the list that this database has. */
export async function presentTreatments(tx: Queryable): Promise<Treatment[]> {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables WHERE table_type = 'BASE TABLE'`,
  );
  const present = new Set(rows.map((row) => row.name));
  return TREATMENTS.filter(({ table }) => present.has(table));
}

const quoted = (table: string): string =>
  table
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');

/** The condition with its names as numbered parameters; only those that stand in it are sent. */
function bound(whose: string, subject: Subject): { where: string; values: string[] } {
  const values: string[] = [];
  const numbers = new Map<string, number>();
  const where = whose.replace(/:(account|person|email)\b/g, (_, name: keyof Subject) => {
    if (!numbers.has(name)) numbers.set(name, values.push(subject[name]));
    return `$${numbers.get(name) ?? 0}::text`;
  });
  return { where, values };
}

/** Rows of one table as JSON objects, hidden columns left out; `limit` and `offset` are for reading in pieces. */
export async function rowsOf(
  tx: Queryable,
  treatment: Treatment,
  subject: Subject,
  piece: { limit: number; offset: number },
): Promise<Record<string, unknown>[]> {
  if (treatment.whose === null) return [];
  const { where, values } = bound(treatment.whose, subject);
  const { rows } = await tx.query<{ row: Record<string, unknown> }>(
    `SELECT to_jsonb(t) - $${values.length + 1}::text[] AS row FROM ${quoted(treatment.table)} t WHERE ${where}
     ORDER BY t.ctid LIMIT ${piece.limit} OFFSET ${piece.offset}`,
    [...values, treatment.hidden ?? []],
  );
  return rows.map(({ row }) => row);
}

/** Objects that the account sent, and those that its runs left. */
export async function objectsOf(tx: Queryable, account: string): Promise<string[]> {
  const { rows } = await tx.query<{ sha256: string }>(
    `SELECT sha256 FROM public.blobs WHERE account_id = $1
     UNION SELECT object_ref FROM public.run_artifacts WHERE account_id = $1`,
    [account],
  );
  return rows.map((row) => row.sha256);
}

export async function endTable(tx: Queryable, { table, whose, end }: Treatment, subject: Subject): Promise<void> {
  if (whose === null || end === 'keep') return;
  const { where, values } = bound(whose, subject);
  const statement =
    end === 'delete'
      ? `DELETE FROM ${quoted(table)} t WHERE ${where}`
      : `UPDATE ${quoted(table)} t SET ${Object.entries(end)
          .map(([column, value]) => `"${column}" = ${value}`)
          .join(', ')} WHERE ${where}`;
  await tx.query(statement, values);
}

export async function findDeletion(tx: Queryable, account: string): Promise<DeletionRow | null> {
  const { rows } = await tx.query<DeletionRow>('SELECT * FROM account_deletions WHERE account_id = $1', [account]);
  return rows[0] ?? null;
}

/** The first question counts: asking again does not put it off. */
export async function askForDeletion(tx: Queryable, account: string, by: string, delayMs: number): Promise<void> {
  await tx.query(
    `INSERT INTO account_deletions (account_id, asked_by, due_at)
     VALUES ($1, $2, now() + make_interval(secs => $3 / 1000.0)) ON CONFLICT DO NOTHING`,
    [account, by, delayMs],
  );
}

/** False when it is too late. */
export async function callOffDeletion(tx: Queryable, account: string): Promise<boolean> {
  await tx.query('DELETE FROM account_deletions WHERE account_id = $1 AND closed_at IS NULL', [account]);
  return (await findDeletion(tx, account)) === null;
}

export async function dueDeletions(tx: Queryable): Promise<DeletionRow[]> {
  const { rows } = await tx.query<DeletionRow>(
    'SELECT * FROM account_deletions WHERE done_at IS NULL AND due_at <= now() ORDER BY due_at LIMIT 20',
  );
  return rows;
}

/** Organisations whose only owner the person is. */
export async function soleOwnerships(tx: Queryable, person: string): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT o."name" AS name FROM auth."member" m JOIN auth."organization" o ON o."id" = m."organizationId"
     WHERE m."userId" = $1 AND m."role" = 'owner' AND NOT EXISTS (
       SELECT 1 FROM auth."member" n WHERE n."organizationId" = m."organizationId" AND n."role" = 'owner' AND n."userId" <> $1)`,
    [person],
  );
  return rows.map((row) => row.name);
}

export async function organisationSlug(tx: Queryable, account: string): Promise<string | null> {
  const { rows } = await tx.query<{ slug: string }>(
    `SELECT "slug" AS slug FROM auth."organization" WHERE 'org_' || "id" = $1`,
    [account],
  );
  return rows[0]?.slug ?? null;
}

/**
 * Nobody gets in any more, in every process at once; a person's keys and devices end, an organisation's keys and
 * members.
 */
export async function closeAccount(tx: Queryable, { account, person }: Subject): Promise<void> {
  await tx.query('UPDATE account_deletions SET closed_at = coalesce(closed_at, now()) WHERE account_id = $1', [
    account,
  ]);
  if (person !== '') {
    await tx.query('UPDATE auth."user" SET "seizedAt" = coalesce("seizedAt", now()) WHERE "id" = $1', [person]);
    return;
  }
  await tx.query('UPDATE auth.api_keys SET revoked_at = now() WHERE account_id = $1 AND revoked_at IS NULL', [account]);
  // Its members go with it; the rule of the last owner is about organisations that stay.
  await tx.query(
    `WITH gone AS (DELETE FROM auth."organization" WHERE 'org_' || "id" = $1 RETURNING "id")
     SELECT auth.forget(m."userId") FROM auth."member" m JOIN gone ON gone."id" = m."organizationId"`,
    [account],
  );
}

/** What is under way of the account: durable and interactive runs. */
export async function unfinishedWork(tx: Queryable, account: string): Promise<{ runs: string[]; flowRuns: string[] }> {
  const runs = await tx.query<{ run_id: string }>(
    'SELECT run_id FROM runs WHERE account_id = $1 AND finished_at IS NULL',
    [account],
  );
  const flowRuns = await tx.query<{ run_id: string }>(
    `SELECT run_id FROM flow_runs WHERE account_id = $1 AND runner = 'inline' AND ended_at IS NULL`,
    [account],
  );
  return { runs: runs.rows.map((row) => row.run_id), flowRuns: flowRuns.rows.map((row) => row.run_id) };
}

export async function finishDeletion(tx: Queryable, account: string): Promise<void> {
  await tx.query('UPDATE account_deletions SET done_at = now() WHERE account_id = $1 AND done_at IS NULL', [account]);
}

export async function askForRemoval(tx: Queryable, hashes: readonly string[]): Promise<void> {
  await tx.query('INSERT INTO object_removals (sha256) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [hashes]);
}

/** Objects to remove that no row names; those that somebody names again are taken off the list. */
export async function removableObjects(tx: Queryable, graceMs: number): Promise<string[]> {
  const named = OBJECT_REFERENCES.map(([table, column]) => `SELECT 1 FROM ${table} WHERE ${column} = r.sha256`).join(
    ' UNION ALL ',
  );
  await tx.query(`DELETE FROM object_removals r WHERE EXISTS (${named})`);
  const { rows } = await tx.query<{ sha256: string }>(
    `SELECT sha256 FROM object_removals r WHERE asked_at <= now() - make_interval(secs => $1 / 1000.0) LIMIT 500`,
    [graceMs],
  );
  return rows.map((row) => row.sha256);
}

export async function forgetRemovals(tx: Queryable, hashes: readonly string[]): Promise<void> {
  await tx.query('DELETE FROM object_removals WHERE sha256 = ANY($1)', [hashes]);
}
