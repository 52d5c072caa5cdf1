// Housekeeping of jobs: runs whose workflow can no longer end them, holds without a workflow, and content past its
// time.
import { GenrtlError } from '@genrtl/contracts';
import { inTransaction, reading } from '../db/index.ts';
import { openHolds } from '../ledger/index.ts';
import { settleLost } from './attempts.ts';
import type { JobEngine } from './engine.ts';
import { pruneTokens, purgeRuns } from './repository/events.ts';
import { findRun, type RunRow } from './repository/runs.ts';
import type { JobServices } from './services.ts';
import { recordEnd } from './workflow.ts';

export interface Retention {
  /** how long the streamed text of an ended run is kept for resuming readers */
  readonly tokensMs: number;
  /** how long results are readable */
  readonly resultDays: number;
}

export const RETENTION: Retention = { tokensMs: 10 * 60_000, resultDays: 30 };

/** A hold lives as long as its workflow: the workflow is asked, not the clock. */
export async function sweep(
  services: JobServices,
  engine: Pick<JobEngine, 'attend' | 'unattended' | 'takeOver'>,
  retention: Retention = RETENTION,
): Promise<void> {
  await engine.takeOver();
  for (const run of await engine.unattended()) {
    if ((await engine.attend(run)) === 'ended') await endAbandoned(services, run);
  }
  for (const hold of await openHolds(services.pool)) {
    const run = await reading(services.pool, (tx) =>
      findRun(tx, hold.workflow_id.slice(0, hold.workflow_id.lastIndexOf('.'))),
    );
    if (run !== null && run.finished_at !== null)
      await inTransaction(services.pool, 'attempt.lost', (tx) => settleLost(tx, run));
  }
  await pruneTokens(services.pool, retention.tokensMs);
  await purgeRuns(services.pool, retention.resultDays);
}

async function endAbandoned(services: JobServices, run: RunRow): Promise<void> {
  services.log.warn('a workflow ended without its run', { run_id: run.run_id });
  // Without effect when the run ended meanwhile, or goes on in a new generation.
  await recordEnd(services, run, {
    status: 'failed',
    output: null,
    error: new GenrtlError('INTERNAL', 'The workflow of this job ended without a result').toBody(),
  });
}
