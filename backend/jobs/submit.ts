// Accepting a job request: what is refused before execution binds no key; what is accepted is recorded before it
// begins, and a repeated key answers with the first run.
import { randomUUID } from 'node:crypto';
import {
  ATTEMPT_ENDS,
  blobsOf,
  endOfRun,
  formatUsd,
  GenrtlError,
  parseUsd,
  type JobRequest,
  type RunView,
} from '@genrtl/contracts';
import { withinPlan } from '../billing/route.ts';
import { inTransaction, reading, resultOfKey, type KeyedRequest, type Queryable } from '../db/index.ts';
import { dieAt } from '../death-points.ts';
import { flowId } from '../flows/flow.ts';
import type { JobLimits } from './limits.ts';
import type { JobEngine } from './engine.ts';
import { knownOfRequest, type KnownOfRequest } from './repository/asked.ts';
import { usageOfRun, type SettledUsage } from './repository/attempts.ts';
import * as runs from './repository/runs.ts';
import type { JobServices } from './services.ts';
import { traceParent } from '../telemetry/traces.ts';

export interface Submission {
  readonly accountId: string;
  /** the person within the account; empty for the local one */
  readonly userId: string;
  readonly key: string;
  /** whose models answer; null: the backend's own */
  readonly leaseId: string | null;
  /** sha256 of the exact request bytes */
  readonly requestHash: string;
  readonly request: JobRequest;
}

export async function submit(services: JobServices, engine: JobEngine, submission: Submission): Promise<RunView> {
  const { run, isNew } = await record(services, submission);
  if (run.finished_at === null) services.models.bind(run.run_id, submission.leaseId);
  dieAt('after_run_recorded');
  if (run.finished_at === null) await engine.start(run);
  // Whatever becomes of it from now on is news to who asked for it.
  return isNew ? shown(run, []) : viewOf(services, submission.accountId, run.run_id);
}

interface Recorded {
  readonly run: runs.RunRow;
  /** nothing has happened to it */
  readonly isNew: boolean;
}

async function record(services: JobServices, submission: Submission): Promise<Recorded> {
  const keyed: KeyedRequest = {
    accountId: submission.accountId,
    key: submission.key,
    requestHash: submission.requestHash,
    kind: 'job',
  };
  const known = await knownOfRequest(services.pool, { keyed, blobs: blobsOf(submission.request) });
  if (known.runId !== null) {
    const first = await inTransaction(services.pool, 'run.take_up', (tx) => answeredBefore(tx, keyed));
    if (first !== null) return { run: first, isNew: false };
  }
  const limits = await services.limitsOf(submission);
  await refuseEarly(services, submission, limits, known);
  const cap = parseUsd(submission.request.cap_usd);
  if (cap < 0) throw new GenrtlError('REQUEST_INVALID', 'cap_usd: a cap cannot be negative');
  const { accountId, userId, request } = submission;
  const planId = limits.plan?.id ?? '';
  const flow = flowId(services.flows.jobs[request.kind]);
  const run = { runId: `run_${randomUUID()}`, accountId, userId, request, planId, flow, traceParent: traceParent() };
  const { key, requestHash } = submission;
  const made = await runs.recordRun(services.pool, { run, key, requestHash, cap });
  if (made !== null) return { run: made, isNew: true };
  const first = await inTransaction(services.pool, 'run.take_up', (tx) => answeredBefore(tx, keyed));
  if (first === null) throw new GenrtlError('INTERNAL', 'The run of this key is missing');
  return { run: first, isNew: false };
}

/**
 * The run that this key began, if any. One whose end does not close the attempt (the budget, the person) is opened
 * again and goes on where it stopped: what it had paid until then stays answered. One that is about to end as cancelled
 * is asked to go on instead.
 */
async function answeredBefore(tx: Queryable, keyed: KeyedRequest): Promise<runs.RunRow | null> {
  const runId = await resultOfKey(tx, keyed);
  if (runId === null) return null;
  const run = await runs.lockRun(tx, runId);
  if (run === null) throw new GenrtlError('INTERNAL', 'The run of this key is missing');
  if (run.finished_at !== null)
    return ATTEMPT_ENDS[endOfRun(run.error?.code ?? null)].closes ? run : runs.reopenRun(tx, runId);
  return run.cancel_requested ? runs.takeBackCancel(tx, runId) : run;
}

async function refuseEarly(
  services: JobServices,
  { accountId, leaseId, request }: Submission,
  limits: JobLimits,
  { unfinished, sent }: KnownOfRequest,
): Promise<void> {
  const terms = await services.terms.of(accountId);
  const limit = terms?.unfinished_jobs ?? limits.unfinished;
  if (unfinished >= limit) throw new GenrtlError('RATE_LIMITED', `More than ${limit} jobs are under way`);
  await services.terms.refuseTooFast(accountId);
  const missing = blobsOf(request).filter((sha256) => !sent.has(sha256));
  if (missing.length > 0) {
    throw new GenrtlError('NOT_FOUND', 'Some blobs of the request were not sent', {
      details: { missing },
      hint: 'Send them, then repeat the request.',
    });
  }
  const router = services.models.routerOf(leaseId);
  for (const service of services.flows.jobs[request.kind].services)
    withinPlan(terms, router.choose(service, request.model));
}

/** NOT_FOUND for a run of another account as for one that never was. */
export async function viewOf(services: JobServices, account: string, runId: string): Promise<RunView> {
  return reading(services.pool, async (tx) => {
    const run = await runs.findRun(tx, runId);
    if (run === null || run.account_id !== account) throw new GenrtlError('NOT_FOUND', `No run ${runId}`);
    return shown(run, await usageOfRun(tx, runId));
  });
}

function shown(run: runs.RunRow, usage: readonly SettledUsage[]): RunView {
  return {
    run_id: run.run_id,
    kind: run.kind,
    status: run.status,
    phase: run.phase,
    waiting: run.waiting,
    output: run.output,
    error:
      run.purged && run.error === null
        ? new GenrtlError('NOT_FOUND', 'The result is no longer kept').toBody()
        : run.error,
    usage: usage.map((row) => row.usage),
    cost_usd: formatUsd(usage.reduce((sum, row) => sum + row.paid_micro, 0)),
    created_at: run.created_at.toISOString(),
    finished_at: run.finished_at?.toISOString() ?? null,
  };
}
