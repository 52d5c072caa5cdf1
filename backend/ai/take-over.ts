// Runs that go on in this process: taken over from one that died, or let go on after they had ended. What was open is
// the platform's loss, and numbers begin above all that can have been sent.
import { GenrtlError } from '@genrtl/contracts';
import { inTransaction } from '../db/index.ts';
import { planRecovery, type StepPlan } from '../flows/recovery.ts';
import { admit } from './admit.ts';
import { settleLostAttempts } from './attempts.ts';
import { isDurable, type RunStart } from './open-run.ts';
import { hasAnswer } from './repository/attempts.ts';
import { endFlowRuns, endStatus, reopenFlowRun, takeFlowRun, type FlowRunRow, type RunKey } from './repository/runs.ts';
import { lastStoredSeq } from './repository/segments.ts';
import { stepEnds } from '../steps/repository/steps.ts';
import type { AiServices } from './services.ts';

/** Numbers of a later process begin so far above what was stored: sent events may never have been. */
export const SEQ_GAP = 100_000;

/** The run in its next attempt; null when somebody else took it, or it could only be ended. */
export async function takeOver(
  services: AiServices,
  key: RunKey,
  row: FlowRunRow,
  leaseId: string | null,
): Promise<RunStart | null> {
  const { pool, owner } = services;
  const adopted = await inTransaction(pool, 'ai.adopt', async (tx) => {
    const run = await takeFlowRun(tx, key, row.owner, owner);
    if (run === null) return null;
    await settleLostAttempts(tx, key, row.intent);
    return { run, paid: await hasAnswer(tx, key) };
  });
  if (adopted === null) return null;
  const { run: taken, paid } = adopted;
  const end = async (error: GenrtlError | null): Promise<null> => {
    await endLeftRun(services, key, taken, error);
    return null;
  };
  if (taken.cancel_requested) return end(null);
  if (taken.request === null)
    return end(new GenrtlError('RUN_NOT_RETAINED', 'The backend ended while it worked on this run'));
  try {
    return await startOf(services, key, taken, leaseId, { recovery: null, paid });
  } catch (error) {
    return end(GenrtlError.of(error, 'The run could not go on'));
  }
}

/**
 * An ended run in its next attempt; null when somebody else lets it go on. Throws RUN_NOT_RETAINED, REQUEST_INVALID.
 */
export async function reopen(
  services: AiServices,
  key: RunKey,
  row: FlowRunRow,
  { leaseId, from }: { readonly leaseId: string | null; readonly from: string | null },
): Promise<RunStart | null> {
  if (row.status === 'succeeded') throw new GenrtlError('REQUEST_INVALID', 'The run has succeeded: ask anew');
  if (row.request === null) throw new GenrtlError('RUN_NOT_RETAINED', `The text of run ${key.runId} was not kept`);
  const ends = [...(await stepEnds(services.pool, key))].map(([name, status]) => {
    const end = status === 'skipped' ? 'succeeded' : status === 'cancelled' ? 'interrupted' : status;
    return [name, end] as const;
  });
  const recovery = (steps: Parameters<typeof planRecovery>[0]): StepPlan => planRecovery(steps, new Map(ends), from);
  const start = await startOf(services, key, row, leaseId, { recovery, paid: false });
  const taken = await inTransaction(services.pool, 'ai.resume', (tx) =>
    reopenFlowRun(tx, key, row.attempt, services.owner),
  );
  return taken === null ? null : { ...start, live: { ...start.live, attempt: taken.attempt } };
}

async function startOf(
  services: AiServices,
  key: RunKey,
  row: FlowRunRow,
  leaseId: string | null,
  {
    recovery,
    paid,
  }: {
    readonly recovery: ((steps: Parameters<typeof planRecovery>[0]) => StepPlan) | null;
    readonly paid: boolean;
  },
): Promise<RunStart> {
  const { request } = row;
  if (request === null) throw new GenrtlError('RUN_NOT_RETAINED', `The text of run ${key.runId} was not kept`);
  const admission = await admit(services, key.accountId, services.models.routerOf(leaseId), request, row);
  const { flow } = admission;
  return {
    request,
    requestHash: row.request_hash,
    admitted: {
      ...admission,
      durable: isDurable(admission, request),
      first: null,
      known: null,
      cacheKey: null,
      recovery: recovery?.(flow.steps) ?? null,
      // Parts of a long document are kept with their charge; what asks once would be asked, and paid, a second time.
      paid: paid && admission.prompt !== null,
    },
    live: {
      renderMode: row.render_mode,
      attempt: row.attempt,
      lastSeq: Math.max(row.last_seq, await lastStoredSeq(services.pool, key)) + SEQ_GAP,
      retained: row.retained,
    },
  };
}

/** A run that nobody works on is over; without an error it was cancelled. */
export function endLeftRun(
  { pool }: Pick<AiServices, 'pool'>,
  key: RunKey,
  row: FlowRunRow,
  error: GenrtlError | null,
): Promise<void> {
  const body = error?.toBody() ?? null;
  return inTransaction(pool, 'ai.end', async (tx) => {
    await settleLostAttempts(tx, key, row.intent);
    const lastSeq = (await lastStoredSeq(tx, key)) + SEQ_GAP;
    const { attempt, model } = row;
    await endFlowRuns(tx, [
      { key, end: { status: endStatus(body), answer: null, error: body, attempt, model, lastSeq } },
    ]);
  });
}
