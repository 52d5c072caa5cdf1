// The hard cap of a job, over models and packages together.
import { formatUsd, GenrtlError, microUsd, type BudgetView, type MicroUsd } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';
import * as repository from './repository/budgets.ts';
import type { BudgetMove, BudgetRow, JobOf } from './repository/budgets.ts';

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

export interface CapChange {
  readonly held: number;
  readonly spent: number;
}

/** The caps of some jobs under their locks: each change sees those before it, and all are written at once. */
export class LockedBudgets {
  readonly #tx: Queryable;
  readonly #rows = new Map<string, BudgetRow>();
  readonly #moves = new Map<string, BudgetMove>();

  private constructor(tx: Queryable) {
    this.#tx = tx;
  }

  /** Of jobs, and of those that holds belong to; of what belongs to no job nothing is locked. */
  static async lock(
    tx: Queryable,
    of: {
      readonly jobs: readonly { readonly accountId: string; readonly jobId: string | null }[];
      readonly holds?: readonly string[];
    },
  ): Promise<LockedBudgets> {
    const all = new LockedBudgets(tx);
    const jobs = new Map<string, JobOf>();
    for (const { accountId, jobId } of of.jobs)
      if (jobId !== null) jobs.set(keyOf(accountId, jobId), { accountId, jobId });
    const named = { jobs: [...jobs.values()], holds: of.holds ?? [] };
    for (const { accountId, jobId, row } of await repository.lockBudgets(tx, named))
      all.#rows.set(keyOf(accountId, jobId), row);
    return all;
  }

  /** BUDGET_EXCEEDED, with the numbers in `details`, when the cap does not allow the change. */
  require(account: string, job: string | null, change: CapChange): void {
    if (job === null) return;
    const now = this.#rows.get(keyOf(account, job));
    if (now === undefined) throw new GenrtlError('REQUEST_INVALID', `Job ${job} has no cap yet: give cap_usd`);
    if (now.spent_micro + now.held_micro + change.held + change.spent <= now.cap_micro) return;
    const needed = microUsd(Math.max(0, change.held) + Math.max(0, change.spent));
    const left = Math.max(0, now.cap_micro - now.spent_micro - now.held_micro);
    throw new GenrtlError(
      'BUDGET_EXCEEDED',
      `The job's cap of $${formatUsd(now.cap_micro)} leaves $${formatUsd(left)}, and the next item may cost $${formatUsd(needed)}`,
      { details: { ...view(job, now), needed_usd: formatUsd(needed) } },
    );
  }

  move(account: string, job: string | null, change: CapChange): void {
    this.require(account, job, change);
    if (job === null) return;
    const key = keyOf(account, job);
    const now = this.#rows.get(key) as BudgetRow;
    this.#rows.set(key, {
      ...now,
      held_micro: now.held_micro + change.held,
      spent_micro: now.spent_micro + change.spent,
    });
    const { held = 0, spent = 0 } = this.#moves.get(key) ?? {};
    this.#moves.set(key, { accountId: account, jobId: job, held: held + change.held, spent: spent + change.spent });
  }

  write(): Promise<void> {
    return repository.moveBudgets(this.#tx, [...this.#moves.values()]);
  }
}

/** One change by itself. */
export async function moveWithinCap(tx: Queryable, account: string, job: string, change: CapChange): Promise<void> {
  const budgets = await LockedBudgets.lock(tx, { jobs: [{ accountId: account, jobId: job }] });
  budgets.move(account, job, change);
  await budgets.write();
}

const keyOf = (account: string, job: string): string => `${account}\n${job}`;

function view(job: string, row: repository.BudgetRow): BudgetView {
  return {
    job_id: job,
    cap_usd: formatUsd(row.cap_micro),
    spent_usd: formatUsd(row.spent_micro),
    held_usd: formatUsd(row.held_micro),
  };
}
