// SQL of job caps. `spent + held ≤ cap` is a constraint of the table; these statements only move the numbers.
import type { MicroUsd } from '@genrtl/contracts';
import type { Queryable } from '../../db/index.ts';

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

/** Adds to held and spent under the row's lock; null when the cap does not allow it. */
export async function moveBudget(
  tx: Queryable,
  account: string,
  job: string,
  change: { held: number; spent: number },
): Promise<BudgetRow | null> {
  const { rows } = await tx.query<BudgetRow>(
    `UPDATE job_budgets SET held_micro = held_micro + $3, spent_micro = spent_micro + $4
     WHERE account_id = $1 AND job_id = $2 AND spent_micro + held_micro + $3 + $4 <= cap_micro
     RETURNING ${COLUMNS}`,
    [account, job, change.held, change.spent],
  );
  return rows[0] ?? null;
}
