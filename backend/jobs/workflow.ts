// The body of every durable job: run the flow, then record how it ended. Whatever happens, a run gets an end.
import { GenrtlError, type ErrorBody, type JobOutput } from '@genrtl/contracts';
import { inTransaction, notifyTopics, reading, type Queryable } from '../db/index.ts';
import { repeating } from '../db/repeat.ts';
import { dieAt } from '../death-points.ts';
import { flowId } from '../flows/flow.ts';
import { runJob } from '../flows/run-steps.ts';
import { tracedStep } from '../telemetry/flow-steps.ts';
import { settleLost, workflowIdOf } from './attempts.ts';
import { DurableCtx } from './phase-context.ts';
import { insertCallback } from './repository/callbacks.ts';
import { appendEvent } from './repository/events.ts';
import { adoptRun, findRun, finishRun, lockRun, reopenRun, requestCancel, type RunRow } from './repository/runs.ts';
import type { JobServices } from './services.ts';

export interface Outcome {
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly output: JobOutput | null;
  readonly error: ErrorBody | null;
}

export async function outcomeOf(services: JobServices, run: RunRow, signal: AbortSignal): Promise<Outcome> {
  const flow = services.flows.jobs[run.request.kind];
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(new GenrtlError('MODEL_TIMEOUT', 'The job took longer than it may'));
  }, flow.timeoutMs);
  timer.unref();
  try {
    const ctx = new DurableCtx(services, run, AbortSignal.any([signal, late.signal]));
    const output = await runJob(services.flows, ctx, {
      around: (step, _input, work) =>
        tracedStep(
          { runId: run.run_id, flow: flowId(flow), step, statusOf: (threw) => (threw ? 'failed' : 'succeeded') },
          work,
        ),
    });
    if (signal.aborted) return cancelled();
    return { status: 'succeeded', output, error: null };
  } catch (error) {
    if (late.signal.aborted && !signal.aborted)
      return { status: 'failed', output: null, error: GenrtlError.of(late.signal.reason).toBody() };
    if (error instanceof GenrtlError) {
      return error.code === 'CANCELLED' ? cancelled() : { status: 'failed', output: null, error: error.toBody() };
    }
    services.log.error('a job failed by a fault of ours', {
      run_id: run.run_id,
      error: error instanceof Error ? error.stack : String(error),
    });
    return {
      status: 'failed',
      output: null,
      error: new GenrtlError('INTERNAL', 'The job failed by a fault of the server').toBody(),
    };
  } finally {
    clearTimeout(timer);
  }
}

function cancelled(): Outcome {
  return { status: 'cancelled', output: null, error: new GenrtlError('CANCELLED', 'The job was cancelled').toBody() };
}

/**
 * Records the end with its events in one transaction; a run that ended before keeps its end. Returns the run when it
 * goes on instead, in a generation whose workflow has to be begun.
 */
export async function recordEnd(
  services: JobServices,
  runId: string,
  generation: number,
  outcome: Outcome,
): Promise<RunRow | null> {
  dieAt('before_result');
  const next = await inTransaction(services.pool, 'run.end', (tx) => endRun(tx, runId, generation, outcome));
  services.news.announce([runId]);
  dieAt('after_result');
  return next;
}

async function endRun(tx: Queryable, runId: string, generation: number, outcome: Outcome): Promise<RunRow | null> {
  const run = await lockRun(tx, runId);
  if (run === null || run.finished_at !== null) return null;
  if (run.generation !== generation) return run;
  // No hold outlives its workflow.
  await settleLost(tx, run);
  // The person who cancelled has asked again meanwhile.
  if (outcome.status === 'cancelled' && !run.cancel_requested) return reopenRun(tx, runId);
  await finishRun(tx, runId, outcome);
  if (outcome.error !== null && outcome.status === 'failed')
    await appendEvent(tx, runId, { type: 'error', error: outcome.error });
  await appendEvent(tx, runId, { type: 'final', status: outcome.status });
  await leaveCallback(tx, run, outcome.status);
  return null;
}

async function leaveCallback(tx: Queryable, run: RunRow, status: Outcome['status']): Promise<void> {
  const { callback_url: url } = run.request;
  if (url === undefined) return;
  const { run_id: runId, job_id, step_id, kind } = run;
  await insertCallback(tx, {
    id: `msg_${workflowIdOf(run)}`,
    accountId: run.account_id,
    runId,
    url,
    body: {
      type: `run.${status}`,
      timestamp: new Date().toISOString(),
      data: { run_id: runId, job_id, step_id, kind },
    },
  });
}

export async function loadRun(services: JobServices, runId: string): Promise<RunRow> {
  const run = await reading(services.pool, (tx) => findRun(tx, runId));
  if (run === null) throw new GenrtlError('INTERNAL', `No run ${runId}`);
  return run;
}

/** The same, and from now on this process has it. */
export async function adoptedRun(
  services: JobServices,
  run: Pick<RunRow, 'run_id' | 'generation'>,
  worker: string,
): Promise<RunRow> {
  return (await repeating(() => adoptRun(services.pool, run, worker))) ?? loadRun(services, run.run_id);
}

/**
 * The run in a new generation; null when it has ended. In the one that somebody else, or a first try, opened before.
 */
export function restartRun(services: JobServices, old: Pick<RunRow, 'run_id' | 'generation'>): Promise<RunRow | null> {
  return inTransaction(services.pool, 'run.restart', async (tx) => {
    const now = await lockRun(tx, old.run_id);
    if (now === null || now.finished_at !== null) return null;
    return now.generation === old.generation ? reopenRun(tx, old.run_id) : now;
  });
}

/** Ends a cancelled run that waits for its turn: it has no workflow that could. */
export async function endWhileWaiting(services: JobServices, runId: string): Promise<void> {
  const run = await loadRun(services, runId);
  if (run.dispatched_at !== null || run.finished_at !== null) return;
  await recordEnd(services, runId, run.generation, cancelled());
  services.models.forget(runId);
}

/** Notes the wish and tells whoever runs it; no effect on a run that has ended. */
export function askToCancel(services: JobServices, runId: string): Promise<void> {
  return inTransaction(services.pool, 'run.cancel', async (tx) => {
    await requestCancel(tx, runId);
    // Whoever runs it has to hear of it for certain.
    await notifyTopics(tx, [runId]);
  });
}
