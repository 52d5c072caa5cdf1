// SQL of job caps. `spent + held ≤ cap` is a constraint of the table; these statements only move the numbers.
import type { MicroUsd } from '@genrtl/contracts';
import { prepared, type Queryable } from '../../db/index.ts';

export interface BudgetRow {
  readonly cap_micro: number;
  readonly spent_micro: number;
  readonly held_micro: number;
}

const COLUMNS = 'cap_micro, spent_micro, held_micro';

/** The cap of a job is taken when the job is first seen; a later other value changes nothing. */
export async function ensureBudget(tx: Queryable, account: string, job: string, cap: MicroUsd): Promise<void> {
  await tx.query('INSERT INTO job_budgets (account_id, job_id, cap_micro) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    account,
    job,
    cap,
  ]);
}

export async function readBudget(tx: Queryable, account: string, job: string): Promise<BudgetRow | null> {
  const { rows } = await tx.query<BudgetRow>(
    `SELECT ${COLUMNS} FROM job_budgets WHERE account_id = $1 AND job_id = $2`,
    [account, job],
  );
  return rows[0] ?? null;
}

/** Sets the cap, also of a job not seen before; null when it would lie below what is spent and held. */
export async function setCap(tx: Queryable, account: string, job: string, cap: MicroUsd): Promise<BudgetRow | null> {
  const { rows } = await tx.query<BudgetRow>(
    `INSERT INTO job_budgets (account_id, job_id, cap_micro) VALUES ($1, $2, $3)
     ON CONFLICT (account_id, job_id) DO UPDATE SET cap_micro = excluded.cap_micro
       WHERE excluded.cap_micro >= job_budgets.spent_micro + job_budgets.held_micro
     RETURNING ${COLUMNS}`,
    [account, job, cap],
  );
  return rows[0] ?? null;
}

export interface JobOf {
  readonly accountId: string;
  readonly jobId: string;
}

export interface LockedBudget extends JobOf {
  readonly row: BudgetRow;
}

/** The caps of jobs and of those of holds, locked in one order for everybody; a job without one is not among them. */
export async function lockBudgets(
  tx: Queryable,
  { jobs, holds }: { readonly jobs: readonly JobOf[]; readonly holds: readonly string[] },
): Promise<LockedBudget[]> {
  if (jobs.length + holds.length === 0) return [];
  const { rows } = await prepared<BudgetRow & { account_id: string; job_id: string }>(
    tx,
    'budgets.lock',
    `SELECT b.account_id, b.job_id, b.cap_micro, b.spent_micro, b.held_micro FROM job_budgets b
     WHERE (b.account_id, b.job_id) IN (
       SELECT * FROM unnest($1::text[], $2::text[])
       UNION SELECT account_id, job_id FROM holds WHERE hold_id = ANY($3) AND job_id IS NOT NULL)
     ORDER BY b.account_id, b.job_id FOR NO KEY UPDATE OF b`,
    [jobs.map(({ accountId }) => accountId), jobs.map(({ jobId }) => jobId), holds],
  );
  return rows.map(({ account_id: accountId, job_id: jobId, ...row }) => ({ accountId, jobId, row }));
}

export interface BudgetMove extends JobOf {
  readonly held: number;
  readonly spent: number;
}

/** The table's own constraint refuses what a cap does not allow. */
export async function moveBudgets(tx: Queryable, moves: readonly BudgetMove[]): Promise<void> {
  if (moves.length === 0) return;
  await prepared(
    tx,
    'budgets.move',
    `UPDATE job_budgets b SET held_micro = b.held_micro + m.held, spent_micro = b.spent_micro + m.spent
     FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) AS m (account_id, job_id, held, spent)
     WHERE b.account_id = m.account_id AND b.job_id = m.job_id`,
    [
      moves.map(({ accountId }) => accountId),
      moves.map(({ jobId }) => jobId),
      moves.map(({ held }) => held),
      moves.map(({ spent }) => spent),
    ],
  );
}
