// One durable request to the backend: written ahead, sent under its key, followed to its end.
import { GenrtlError, parseUsd, type JobOutput, type JobRequest, type MicroUsd, type RunView } from '@genrtl/contracts';
import { dieAt } from '../processes/die-at.ts';
import type { StepContext } from './step.ts';

export interface ServerAnswer<K extends JobOutput['kind']> {
  readonly output: Extract<JobOutput, { kind: K }>;
  readonly cost: MicroUsd;
  readonly models: readonly string[];
}

/** A run that ended without a result; its attempts may have cost something all the same. */
export class ServerRunFailed extends GenrtlError {
  readonly cost: MicroUsd;
  constructor(error: GenrtlError, cost: MicroUsd) {
    super(error.code, error.message, { hint: error.hint, details: error.details, cause: error });
    this.cost = cost;
  }
}

/** The fields that every job request has, for this step's given attempt. */
export function requestBase(
  context: StepContext,
  attempt: number,
): Pick<JobRequest, 'job_id' | 'step_id' | 'attempt' | 'workspace_id' | 'model' | 'cap_usd'> {
  return {
    job_id: context.jobId,
    step_id: context.stepId,
    attempt,
    workspace_id: context.workspaceId,
    model: context.settings.model,
    cap_usd: context.settings.max_usd,
  };
}

/**
 * `build` makes the request of a new attempt and uploads what it names by hash; it is not called when an attempt
 * without
 * outcome is on disk. Throws ServerRunFailed with the server's code, BACKEND_UNAVAILABLE, CANCELLED.
 */
export async function runOnServer<K extends JobOutput['kind']>(
  context: StepContext,
  kind: K,
  build: (attempt: number) => Promise<Extract<JobRequest, { kind: K }>>,
): Promise<ServerAnswer<K>> {
  const request = await context.requests.prepare(async (attempt) => JSON.stringify(await build(attempt)));
  dieAt(`${kind}:request_written`, context.env);
  const backend = await context.backend();
  const runId = await backend.submitJob(request.body, request.idempotency_key, context.signal);
  dieAt(`${kind}:request_sent`, context.env);
  const run = await follow(context, runId);
  dieAt(`${kind}:answer_received`, context.env);
  const cost = parseUsd(run.cost_usd);
  if (run.error) throw new ServerRunFailed(GenrtlError.fromBody(run.error), cost);
  if (run.output?.kind !== kind)
    throw new GenrtlError('BACKEND_UNAVAILABLE', `The backend's run of ${kind} ended without a result.`);
  return { output: run.output as Extract<JobOutput, { kind: K }>, cost, models: run.usage.map((usage) => usage.model) };
}

async function follow(context: StepContext, runId: string): Promise<RunView> {
  const backend = await context.backend();
  try {
    return await backend.followRun(
      runId,
      (event) => {
        if (event.type === 'token') context.emit({ type: 'token', step_id: context.stepId, text: event.text });
      },
      context.signal,
    );
  } catch (error) {
    if (context.signal.aborted) await backend.cancelRun(runId).catch(() => undefined);
    throw error;
  }
}
