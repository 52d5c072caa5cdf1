// What a job has cost so far, in all and by step, as the journal has it.
import { formatUsd, type JobCost } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';
import { chargesByStep } from './repository/journal.ts';

/** Zero for a job that the ledger does not know: nothing was ever charged for it. */
export async function jobCost(tx: Queryable, account: string, job: string): Promise<JobCost> {
  const rows = await chargesByStep(tx, account, job);
  return {
    job_id: job,
    cost_usd: formatUsd(rows.reduce((sum, row) => sum + row.charged_micro, 0)),
    steps: rows.flatMap(({ step_id, charged_micro }) =>
      step_id === null ? [] : [{ step_id, cost_usd: formatUsd(charged_micro) }],
    ),
  };
}
