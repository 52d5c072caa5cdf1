// The hard cap of a job, over models and packages together.
import { formatUsd, GenrtlError, microUsd, type BudgetView, type MicroUsd } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';
import * as repository from './repository/budgets.ts';

/** Takes the cap of a job that is first seen. REQUEST_INVALID for a negative one. */
export async function ensureBudget(tx: Queryable, account: string, job: string, cap: MicroUsd): Promise<void> {
  if (cap < 0) throw new GenrtlError('REQUEST_INVALID', 'cap_usd: a cap cannot be negative');
  await repository.ensureBudget(tx, account, job, cap);
}

export async function budgetView(tx: Queryable, account: string, job: string): Promise<BudgetView> {
  const row = await repository.readBudget(tx, account, job);
  if (row === null) throw new GenrtlError('NOT_FOUND', `No job ${job}`);
  return view(job, row);
}

/** Idempotent. REQUEST_INVALID when the cap lies below what is spent and held already. */
export async function setCap(tx: Queryable, account: string, job: string, cap: MicroUsd): Promise<BudgetView> {
  if (cap < 0) throw new GenrtlError('REQUEST_INVALID', 'A cap cannot be negative');
  const row = await repository.setCap(tx, account, job, cap);
  if (row !== null) return view(job, row);
  const now = await repository.readBudget(tx, account, job);
  const used = now === null ? 0 : now.spent_micro + now.held_micro;
  throw new GenrtlError(
    'REQUEST_INVALID',
    `The cap of $${formatUsd(cap)} lies below what is spent and held ($${formatUsd(used)})`,
  );
}

/** Moves money of a job's budget; BUDGET_EXCEEDED, with the numbers in `details`, when the cap does not allow it. */
export async function moveWithinCap(
  tx: Queryable,
  account: string,
  job: string,
  change: { held: number; spent: number },
): Promise<void> {
  if ((await repository.moveBudget(tx, account, job, change)) !== null) return;
  const now = await repository.readBudget(tx, account, job);
  if (now === null) throw new GenrtlError('REQUEST_INVALID', `Job ${job} has no cap yet: give cap_usd`);
  const needed = microUsd(Math.max(0, change.held) + Math.max(0, change.spent));
  const left = Math.max(0, now.cap_micro - now.spent_micro - now.held_micro);
  throw new GenrtlError(
    'BUDGET_EXCEEDED',
    `The job's cap of $${formatUsd(now.cap_micro)} leaves $${formatUsd(left)}, and the next item may cost $${formatUsd(needed)}`,
    { details: { ...view(job, now), needed_usd: formatUsd(needed) } },
  );
}

function view(job: string, row: repository.BudgetRow): BudgetView {
  return {
    job_id: job,
    cap_usd: formatUsd(row.cap_micro),
    spent_usd: formatUsd(row.spent_micro),
    held_usd: formatUsd(row.held_micro),
  };
}
