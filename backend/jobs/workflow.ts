// The body of every durable job: run the flow, then record how it ended. Whatever happens, a run gets an end.
import { GenrtlError } from '@genrtl/contracts';
import { inTransaction, notifyTopics, type Queryable } from '../db/index.ts';
import { repeating } from '../db/repeat.ts';
import { StepRecorder } from '../steps/step-records.ts';
import { dieAt } from '../death-points.ts';
import { runJob } from '../flows/run-steps.ts';
import { settleLost, workflowIdOf } from './attempts.ts';
import { DurableCtx } from './phase-context.ts';
import { insertCallback } from './repository/callbacks.ts';
import { committed, type Act } from '../ledger/index.ts';
import { openAttempts } from './repository/attempts.ts';
import { appendEvents, type NewEvent } from './repository/events.ts';
import {
  adoptRun,
  findRunSoon,
  findRunToBegin,
  finishRuns,
  lockRun,
  lockRuns,
  reopenRun,
  requestCancel,
  type BegunRun,
  type RunOutcome,
  type RunRow,
} from './repository/runs.ts';
import type { JobServices } from './services.ts';

export async function outcomeOf(services: JobServices, run: BegunRun, signal: AbortSignal): Promise<RunOutcome> {
  const flow = services.flows.jobs[run.request.kind];
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(new GenrtlError('MODEL_TIMEOUT', 'The job took longer than it may'));
  }, flow.timeoutMs);
  timer.unref();
  const records = new StepRecorder(services, {
    key: { accountId: run.account_id, runId: run.run_id },
    flow,
    attempt: run.generation,
    // its calls are tried again one by one, under attempts of their own
    replaced: () => 0,
    signal,
    retained: true,
    payloads: services.payloads(),
  });
  try {
    const ctx = new DurableCtx(services, run, AbortSignal.any([signal, late.signal]));
    const output = await runJob(services.flows, ctx, {
      around: (step, input, work) => records.record(step, input, work),
    });
    await ctx.told();
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
    await records.store();
  }
}

function cancelled(): RunOutcome {
  return { status: 'cancelled', output: null, error: new GenrtlError('CANCELLED', 'The job was cancelled').toBody() };
}

interface End {
  readonly runId: string;
  readonly generation: number;
  readonly outcome: RunOutcome;
}

const END: Act<End, RunRow | null> = {
  name: 'run.end',
  write: (tx, items) =>
    endRuns(
      tx,
      items.map(({ item }) => item),
    ),
};

/**
 * Records the end with its events in one transaction; a run that ended before keeps its end. Returns the run when it
 * goes on instead, in a generation whose workflow has to be begun.
 */
export async function recordEnd(
  services: JobServices,
  run: Pick<RunRow, 'run_id' | 'account_id' | 'generation'>,
  outcome: RunOutcome,
): Promise<RunRow | null> {
  const { run_id: runId, generation } = run;
  dieAt('before_result');
  const next = await committed(services.pool, END, run.account_id, { runId, generation, outcome });
  services.news.announce([runId]);
  dieAt('after_result');
  return next;
}

async function endRuns(tx: Queryable, ends: readonly End[]): Promise<(RunRow | null)[]> {
  const runs = await lockRuns(
    tx,
    ends.map(({ runId }) => runId),
  );
  // No hold outlives its workflow.
  for (const { run_id: runId } of await openAttempts(tx, [...runs.keys()])) {
    const end = ends.find((one) => one.runId === runId);
    const run = runs.get(runId);
    if (run?.finished_at === null && run.generation === end?.generation) await settleLost(tx, run);
  }
  const next: (RunRow | null)[] = [];
  const ended: (End & { readonly run: RunRow })[] = [];
  for (const end of ends) {
    const run = runs.get(end.runId);
    const goesOn = run?.finished_at === null && run.generation !== end.generation;
    const isAskedAgain = end.outcome.status === 'cancelled' && run?.cancel_requested === false;
    next.push(goesOn ? run : null);
    if (run === undefined || run.finished_at !== null || goesOn) continue;
    // The person who cancelled has asked again meanwhile.
    if (isAskedAgain) next[next.length - 1] = await reopenRun(tx, run.run_id);
    else ended.push({ ...end, run });
  }
  await appendEvents(tx, ended.flatMap(eventsOfEnd), { areLocked: true });
  await finishRuns(tx, ended);
  for (const { run, outcome } of ended) await leaveCallback(tx, run, outcome.status);
  return next;
}

function eventsOfEnd({ runId, outcome: { status, error } }: End): NewEvent[] {
  const final: NewEvent = { runId, event: { type: 'final', status } };
  return error !== null && status === 'failed' ? [{ runId, event: { type: 'error', error } }, final] : [final];
}

async function leaveCallback(tx: Queryable, run: RunRow, status: RunOutcome['status']): Promise<void> {
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
  const run = await findRunSoon(services.pool, runId);
  if (run === null) throw new GenrtlError('INTERNAL', `No run ${runId}`);
  return run;
}

/** The same for who is about to work on it. */
export async function loadRunToBegin(services: JobServices, runId: string): Promise<BegunRun> {
  const run = await findRunToBegin(services.pool, runId);
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
  await recordEnd(services, run, cancelled());
  services.models.forget(runId);
}

/** News under this name: somebody wants the run to end. */
const CANCEL = 'cancel:';
const cancelTopic = (runId: string): string => `${CANCEL}${runId}`;
export const cancelledBy = (topic: string): string | null =>
  topic.startsWith(CANCEL) ? topic.slice(CANCEL.length) : null;

/** Notes the wish and tells whoever runs it; no effect on a run that has ended. */
export function askToCancel(services: JobServices, runId: string): Promise<void> {
  return inTransaction(services.pool, 'run.cancel', async (tx) => {
    await requestCancel(tx, runId);
    // Whoever runs it has to hear of it for certain.
    await notifyTopics(tx, [runId, cancelTopic(runId)]);
  });
}
