// One settled model answer: attempts on the chosen model, then on its fallbacks, until one answers. Everything that
// decides is read from the recorded attempts, so the call continues after a crash where it stood and never pays an
// answer twice.
import { setTimeout as delay } from 'node:timers/promises';
import { formatUsd, GenrtlError, type CbbManifest, type MicroUsd } from '@genrtl/contracts';
import { routeWithinPlan, tellSubstitution } from '../billing/route.ts';
import { inTransaction, storableText } from '../db/index.ts';
import { dieAt, dieDuring } from '../death-points.ts';
import {
  attemptsOfCall,
  hashOfPrompt,
  openAttempt,
  settleAnswered,
  settleFailed,
  settleLost,
  type AttemptRow,
  type OpenAttempt,
} from './attempts.ts';
import type { Flow } from '../flows/flow.ts';
import type { ModelAnswer, ModelPrompt, ModelRouter, RoutedModel } from '../models/model.ts';
import { MAX_DELAY_MS, withNotTried } from '../models/retry.ts';
import { appendEvent } from './repository/events.ts';
import type { PackageVersion, RunRow } from './repository/runs.ts';
import type { JobServices } from './services.ts';
import { waitTold } from './waits.ts';

export interface ModelCall {
  readonly name: string;
  readonly prompt: ModelPrompt;
  readonly catalog: readonly CbbManifest[];
  /** the versions in it, to be kept with the attempt; null: they are kept */
  readonly seen: readonly PackageVersion[] | null;
  readonly signal: AbortSignal;
  /** of the flow */
  readonly retry: Flow['retry'];
  /** what the flow's own budget leaves for this call; null: it has none */
  readonly left: MicroUsd | null;
  /** nothing can be known of it: it was never asked, in no run of the step; absent: that has to be looked up */
  readonly isNew?: boolean;
}

/** Throws the last attempt's error when no model answered, BUDGET_EXCEEDED before sending, CANCELLED. */
export async function callModel(services: JobServices, run: RunRow, call: ModelCall): Promise<ModelAnswer> {
  const promptHash = hashOfPrompt(call.prompt);
  const { own: history, paid } =
    call.isNew === true ? { own: [], paid: null } : await knownAttempts(services, run, { name: call.name, promptHash });
  if (paid !== null) return paid;
  // Another model would not have helped then either.
  const ended = history.at(-1)?.state === 'failed' ? lastOf(history) : null;
  if (ended !== null && isFinal(ended)) throw ended;
  let lastError: GenrtlError | null = null;
  const router = await services.models.routerFor(run, call.signal);
  const notTried: GenrtlError[] = [];
  const models = await routeWithinPlan(
    services.pool,
    run.account_id,
    router,
    router.choose(call.prompt.service, requestedModel(run)),
    call.prompt,
    await services.terms.of(run.account_id),
  );
  await untilOneIsTried(services, router, run, call, models);
  for (const model of models) {
    const { insteadOf } = model;
    if (insteadOf !== undefined)
      await inTransaction(services.pool, 'run.retry', (tx) => {
        const reason = tellSubstitution(model.id, insteadOf);
        const event = { type: 'retry', attempt: history.length + 1, reason } as const;
        return appendEvent(tx, run.run_id, event, `substituted:${call.name}:${model.id}`);
      });
    for (;;) {
      refuseCancelled(call.signal);
      const wait = delayBefore(router, model, history);
      if (wait === null || wait > call.retry.maxDelayMs) break;
      if (failuresIn(history) >= call.retry.maxAttempts) throw withNotTried(lastError ?? lastOf(history), notTried);
      if (wait > 0)
        await waitTold(
          services,
          run,
          { key: `${call.name}:${String(history.length)}`, reason: 'model', ms: wait },
          () => pause(wait, call.signal),
        );
      const refusal = router.refusal(model);
      if (refusal !== null) {
        notTried.push(refusal);
        break;
      }
      requireMoney(router, model, call);
      const open = await openAttempt(
        services.pool,
        router,
        run,
        { name: call.name, prompt: call.prompt, promptHash, seen: call.seen },
        model,
        history.length + 1,
      );
      const outcome = await attemptOnce(services, router, run, call, open);
      if (!(outcome instanceof GenrtlError)) return outcome;
      lastError = outcome;
      history.push(asRecorded(run, call, open, outcome));
      if (isFinal(outcome)) throw outcome;
      const again = delayBefore(router, model, history);
      const reason = `${outcome.code}: ${outcome.message}${again === null ? '; trying another model if there is one' : ''}`;
      await inTransaction(services.pool, 'run.retry', (tx) =>
        appendEvent(tx, run.run_id, { type: 'retry', attempt: history.length + 1, reason }, `retry:${open.attemptId}`),
      );
      services.news.announce([run.run_id]);
    }
    lastError ??= lastRecordedError(history, model);
  }
  throw withNotTried(lastError, notTried);
}

/** What was tried of a call before, and its answer if it has one; what a crash left open is settled first. */
async function knownAttempts(
  services: JobServices,
  run: RunRow,
  call: { readonly name: string; readonly promptHash: string },
): Promise<{ own: AttemptRow[]; paid: ModelAnswer | null }> {
  const before = await attemptsOfCall(services.pool, run, call);
  if (!before.own.some(({ state }) => state === 'open')) return before;
  await inTransaction(services.pool, 'attempt.lost', (tx) => settleLost(tx, run, call.name));
  services.news.announce([run.run_id]);
  return attemptsOfCall(services.pool, run, call);
}

/** One upstream request, settled whatever comes of it. */
async function attemptOnce(
  services: JobServices,
  router: ModelRouter,
  run: RunRow,
  call: ModelCall,
  open: OpenAttempt,
): Promise<ModelAnswer | GenrtlError> {
  const tokens = services.tokens.open(run.run_id, open);
  let answer: ModelAnswer;
  try {
    const upstream = router.call(open.model, call.prompt, {
      signal: call.signal,
      onToken: tokens.push,
      catalog: call.catalog,
    });
    await dieDuring('during_model_call', upstream);
    answer = await upstream;
  } catch (error) {
    const failure = asGenrtlError(error, call.signal);
    await settleFailed(services.pool, run, open, failure, await tokens.rest());
    services.news.announce([run.run_id]);
    return failure;
  }
  dieAt('after_model_answer');
  await settleAnswered(services.pool, run, open, answer, await tokens.rest());
  services.news.announce([run.run_id]);
  // as it is read again after a crash
  return { ...answer, text: storableText(answer.text) };
}

export function requestedModel(run: RunRow): string | null {
  return 'model' in run.request ? run.request.model : null;
}

/** Milliseconds before the next attempt on this model; 0 for the first; null when the model has had its attempts. */
function delayBefore(router: ModelRouter, model: RoutedModel, history: readonly AttemptRow[]): number | null {
  const failed = history.filter((attempt) => attempt.model === model.id && attempt.state === 'failed');
  const last = failed.at(-1);
  if (last?.error == null) return 0;
  return router.retryDelayMs(GenrtlError.fromBody(last.error), failed.length);
}

const failuresIn = (history: readonly AttemptRow[]): number => history.filter(({ state }) => state === 'failed').length;

function lastOf(history: readonly AttemptRow[]): GenrtlError | null {
  const error = history.findLast((attempt) => attempt.error !== null)?.error;
  return error == null ? null : GenrtlError.fromBody(error);
}

/** The flow's own budget, which no cap of the job raises. Throws BUDGET_EXCEEDED. */
function requireMoney(router: ModelRouter, model: RoutedModel, { prompt, left }: ModelCall): void {
  if (left === null || router.maxCost(model, prompt) <= left) return;
  throw new GenrtlError('BUDGET_EXCEEDED', `What this kind of job may cost leaves $${formatUsd(Math.max(0, left))}`, {
    hint: 'Ask for less in one job: a smaller specification, or fewer files.',
    details: { limit_of: 'flow' },
  });
}

function lastRecordedError(history: readonly AttemptRow[], model: RoutedModel): GenrtlError | null {
  const last = history.findLast((attempt) => attempt.model === model.id && attempt.error !== null);
  return last?.error == null ? null : GenrtlError.fromBody(last.error);
}

/** Another model would not help: the person cancelled, or the specification itself is refused. */
function isFinal(error: GenrtlError): boolean {
  return error.code === 'CANCELLED' || error.code.startsWith('SPEC_') || error.code === 'DESIGN_FAILED';
}

function asGenrtlError(error: unknown, signal: AbortSignal): GenrtlError {
  if (error instanceof GenrtlError) return error;
  if (signal.aborted) return new GenrtlError('CANCELLED', 'Cancelled', { cause: error });
  return new GenrtlError('INTERNAL', 'The model router failed', { cause: error });
}

function asRecorded(run: RunRow, call: ModelCall, open: OpenAttempt, error: GenrtlError): AttemptRow {
  return {
    attempt_id: open.attemptId,
    account_id: run.account_id,
    run_id: run.run_id,
    call_name: call.name,
    attempt: open.attempt,
    model: open.model.id,
    provider: open.model.provider,
    rate_card: open.model.rateCard,
    prompt_sha256: open.promptHash,
    hold_id: open.holdId,
    state: error.code === 'CANCELLED' ? 'cancelled' : 'failed',
    answer: null,
    usage: null,
    error: error.toBody(),
    settled_at: null,
  };
}

/** How often a job waits for a model whose whole route is left alone, before it ends with what is said of it. */
const ROUNDS = 3;

/** While every model of the route is left alone, a job can wait: nobody looks at a cursor. */
async function untilOneIsTried(
  services: JobServices,
  router: ModelRouter,
  run: RunRow,
  call: ModelCall,
  models: readonly RoutedModel[],
): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const waits = models.map((model) => router.refusal(model)?.details?.['retry_after_ms']);
    const ms = Math.min(...waits.map((wait) => (typeof wait === 'number' ? wait : 0)));
    if (ms === 0 || ms > MAX_DELAY_MS || !Number.isFinite(ms)) return;
    await waitTold(services, run, { key: `${call.name}:rest:${String(Date.now())}`, reason: 'model', ms }, () =>
      pause(ms, call.signal),
    );
  }
}

function refuseCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new GenrtlError('CANCELLED', 'Cancelled');
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
  refuseCancelled(signal);
}
