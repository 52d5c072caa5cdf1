// One durable request to the backend: written ahead, sent under its key, followed to its end.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  COMPOSER_MODEL,
  GenrtlError,
  type JobOutput,
  type JobRequest,
  type LeftOut,
  type RunView,
  type Waiting,
} from '@genrtl/contracts';
import type { BackendClient } from '../cloud/backend-client.ts';
import { dieAt } from '@genrtl/disk/die-at.ts';
import { jobKey } from './request-log.ts';
import { recordLeftOut, Sending } from './sending.ts';
import type { StepContext } from './step.ts';

export interface ServerAnswer<K extends JobOutput['kind']> {
  readonly output: Extract<JobOutput, { kind: K }>;
  readonly models: readonly string[];
}

/** A run that ended without a result, as its own record on the server says. */
export class ServerRunFailed extends GenrtlError {
  constructor(error: GenrtlError) {
    super(error.code, error.message, { hint: error.hint, details: error.details, cause: error });
  }
}

/** How long the end of a cancelled run is waited for, so that the cost shown is the whole cost. */
const END_WAIT_MS = 5_000;
const END_POLL_MS = 30;
/** How long a request that is on its way is waited for after a cancel, so that its run can be told to end. */
const SUBMIT_GRACE_MS = 2_000;

/**
 * Who plans and writes: the model that was named; with none named, the composer for what it understands, at no cost,
 * and the router's choice for the rest.
 */
export function authorModel({ settings, facts }: StepContext<'spec_form'>): string | null {
  return settings.model ?? (facts.spec_form === 'structured' ? COMPOSER_MODEL : null);
}

/** The fields that every job request has, for this step's given attempt. */
export function requestBase(
  context: StepContext<never>,
  attempt: number,
  model: string | null = context.settings.model,
): Pick<JobRequest, 'job_id' | 'step_id' | 'attempt' | 'workspace_id' | 'model' | 'cap_usd'> {
  return {
    job_id: context.jobId,
    step_id: context.stepId,
    attempt,
    workspace_id: context.workspaceId,
    model,
    cap_usd: context.settings.max_usd,
  };
}

/**
 * `build` makes the request of a new attempt and adds what it names by hash; it is not called when an attempt without
 * outcome is on disk. Throws ServerRunFailed with the server's code, BACKEND_UNAVAILABLE, CANCELLED.
 */
export async function runOnServer<K extends JobOutput['kind']>(
  context: StepContext<never>,
  kind: K,
  build: (attempt: number, sending: Sending) => Promise<Extract<JobRequest, { kind: K }>>,
): Promise<ServerAnswer<K>> {
  const request = await context.requests.prepare(async (attempt) => {
    const sending = new Sending(await context.backend(), context, attempt);
    return sending.send(await build(attempt, sending));
  });
  dieAt(`${kind}:request_written`, context.env);
  const backend = await context.backend();
  const runId = await submit(backend, request, context.signal);
  dieAt(`${kind}:request_sent`, context.env);
  const run = await follow(context, runId, request.attempt);
  dieAt(`${kind}:answer_received`, context.env);
  if (run.error) throw new ServerRunFailed(GenrtlError.fromBody(run.error));
  if (run.output?.kind !== kind)
    throw new GenrtlError('BACKEND_UNAVAILABLE', `The backend's run of ${kind} ended without a result.`);
  return { output: run.output as Extract<JobOutput, { kind: K }>, models: run.usage.map((usage) => usage.model) };
}

/**
 * The same for what costs nothing: neither written ahead nor taken up again, so `build` names an attempt of its own.
 */
export async function runUnrecorded<K extends JobOutput['kind']>(
  context: StepContext<never>,
  kind: K,
  runDir: string,
  build: (sending: Sending) => Promise<Extract<JobRequest, { kind: K }>>,
): Promise<Extract<JobOutput, { kind: K }>> {
  const backend = await context.backend();
  const sending = new Sending(backend, { runDir }, 1);
  const request = await build(sending);
  const body = await sending.send(request);
  const key = jobKey(request.job_id, request.step_id, request.attempt);
  // no model is asked: nothing can be left out of a prompt
  const run = await follow(context, await submit(backend, { body, idempotency_key: key }, context.signal), 1);
  if (run.error) throw new ServerRunFailed(GenrtlError.fromBody(run.error));
  if (run.output?.kind !== kind)
    throw new GenrtlError('BACKEND_UNAVAILABLE', `The backend's run of ${kind} ended without a result.`);
  return run.output as Extract<JobOutput, { kind: K }>;
}

/** A cancelled request may have begun its run all the same: it is told to end, once its id is known. */
async function submit(
  backend: BackendClient,
  request: { readonly body: string; readonly idempotency_key: string },
  signal: AbortSignal,
): Promise<string> {
  if (signal.aborted) throw new GenrtlError('CANCELLED', 'Cancelled.');
  const grace = new AbortController();
  const giveUp = (): void => {
    setTimeout(() => grace.abort(), SUBMIT_GRACE_MS).unref();
  };
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const runId = await backend.submitJob(request.body, request.idempotency_key, grace.signal);
    if (signal.aborted) await endRun(backend, runId);
    return runId;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** Asks the run to end and waits until it has; what cannot be reached ends by itself and is found on resume. */
async function endRun(backend: BackendClient, runId: string): Promise<void> {
  try {
    await backend.cancelRun(runId);
    for (let waited = 0; waited < END_WAIT_MS; waited += END_POLL_MS) {
      if ((await backend.readRun(runId)).finished_at !== null) return;
      await sleep(END_POLL_MS);
    }
  } catch {
    // the request stays open either way
  }
}

async function follow(context: StepContext<never>, runId: string, attempt: number): Promise<RunView> {
  const backend = await context.backend();
  let waits = false;
  const leftOut: LeftOut[] = [];
  const tell = (waiting: Waiting | null): void => {
    if (waiting === null && !waits) return;
    waits = waiting !== null;
    context.emit({ type: 'waiting', step_id: context.stepId, waiting });
  };
  try {
    return await backend.followRun(
      runId,
      (event) => {
        tell(event.type === 'waiting' ? event.waiting : event.type === 'snapshot' ? (event.run.waiting ?? null) : null);
        if (event.type === 'context')
          leftOut.push(...event.left_out.map((one) => ({ ...one, attempt, why: 'window' }) as const));
        if (event.type === 'token') context.emit({ type: 'token', step_id: context.stepId, text: event.text });
      },
      context.signal,
    );
  } catch (error) {
    if (!context.signal.aborted) throw error;
    await endRun(backend, runId);
    throw new GenrtlError('CANCELLED', 'Cancelled.', { cause: error });
  } finally {
    await recordLeftOut(context, leftOut);
  }
}
