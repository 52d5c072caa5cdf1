// The inline runner: one interactive run from its first step to its last event. Money is settled before an end is told.
import { formatUsd, GenrtlError, parseUsd, type ErrorBody } from '@genrtl/contracts';
import type { AiUsage } from '@genrtl/contracts/ai-events.ts';
import { isRepeatable } from '../db/repeat.ts';
import { dieAt } from '../death-points.ts';
import type { InlineCtx } from '../flows/context.ts';
import { flowId } from '../flows/flow.ts';
import { runSteps } from '../flows/run-steps.ts';
import { signal } from '../telemetry/signals.ts';
import { traced } from '../telemetry/traces.ts';
import type { AdmittedRun } from './admitted-run.ts';
import type { Structured } from './answer-schema.ts';
import { Asking, cancelled } from './asking.ts';
import type { LiveRun } from './live-run.ts';
import { endStatus, type RunEnd } from './repository/runs.ts';
import { patchEvent } from './run-events.ts';
import type { AiServices } from './services.ts';
import { StepRecorder } from '../steps/step-records.ts';
import { unfenced } from '../flows/answers/unfenced.ts';

/** A document of ten megabytes takes its time. */
const LONG_TIMEOUT_MS = 60 * 60_000;

interface RunOutcome {
  readonly status: RunEnd['status'];
  /** of the error that ended it */
  readonly code: string | null;
  /** its readers know the end, the database does not */
  readonly unrecorded?: GenrtlError;
}

/** Never throws: whatever happens becomes the run's end. Returns the error of one that could not be recorded. */
export function runFlow(services: AiServices, run: AdmittedRun): Promise<GenrtlError | null> {
  const { live, flow } = run;
  const { request, runId, accountId } = live.parts;
  return traced(
    'run',
    {
      'genrtl.run_id': runId,
      'genrtl.run_kind': 'ai',
      'genrtl.intent': request.intent,
      'genrtl.flow': flowId(flow),
      'enduser.id': accountId,
      ...(request.docId === null ? {} : { 'genrtl.document_id': request.docId }),
    },
    async (annotate) => {
      const asking = new Asking(services, run);
      const outcome = await toItsEnd(services, run, asking);
      annotate({ 'gen_ai.request.model': asking.model });
      if (outcome !== null) tellRun(run, asking, outcome);
      return outcome?.unrecorded ?? null;
    },
  );
}

function tellRun({ live, flow, models, known }: AdmittedRun, asking: Asking, { status, code }: RunOutcome): void {
  const sum = (of: (usage: AiUsage) => number): number => asking.usage.reduce((all, usage) => all + of(usage), 0);
  signal('ai_run', {
    intent: live.parts.request.intent,
    flow: flowId(flow),
    model: asking.model,
    status,
    code,
    firstTokenMs: live.firstTextMs,
    durationMs: performance.now() - live.parts.askedAt,
    replaced: live.attempt - live.parts.attempt,
    fellBack: asking.model !== (models[0]?.id ?? asking.model),
    inputTokens: sum(({ input_tokens }) => input_tokens),
    outputTokens: sum(({ output_tokens }) => output_tokens),
    costMicro: sum(({ cost_usd }) => parseUsd(cost_usd)),
    cached: known !== null,
  });
}

/** null: it goes on elsewhere. */
async function toItsEnd(services: AiServices, run: AdmittedRun, asking: Asking): Promise<RunOutcome | null> {
  const { live, flow } = run;
  const timer = setTimeout(
    () => {
      live.stop('timeout');
    },
    run.long === null ? flow.timeoutMs : LONG_TIMEOUT_MS,
  );
  const { accountId, runId, attempt, retained } = live.parts;
  const records = new StepRecorder(services, {
    key: { accountId, runId },
    flow,
    attempt,
    replaced: () => live.attempt,
    signal: live.signal,
    retained,
    payloads: run.features.payloads,
  });
  try {
    const value = await runSteps(flow.steps, live.parts.request, ctxOf(services, run, asking), {
      // A step that is passed over is a function of its input: its output is made again, and nobody is asked for it.
      around: (step, input, work) => records.record(step, input, work, run.recovery?.get(step.name) === 'skip'),
    });
    await finish(run, asking, String(value));
    return { status: 'succeeded', code: null };
  } catch (error) {
    return await fail(services, run, asking, error).catch((fault: unknown) => {
      services.log.error('an interactive run could not be ended', { run_id: live.parts.runId, error: String(fault) });
      const unrecorded = isRepeatable(fault)
        ? new GenrtlError('BACKEND_UNAVAILABLE', 'The database was away too long to record the answer', {
            cause: fault,
          })
        : GenrtlError.of(fault, 'The backend failed');
      const body = unrecorded.toBody();
      live.emit({ type: 'error', ...body });
      if (!live.ended) live.emit({ type: 'final', status: 'cancelled' });
      return { status: endStatus(body), code: body.code, unrecorded };
    });
  } finally {
    clearTimeout(timer);
    await records.store();
  }
}

function ctxOf(services: AiServices, run: AdmittedRun, asking: Asking): InlineCtx {
  const { live } = run;
  return {
    runId: live.parts.runId,
    request: live.parts.request,
    renderMode: live.parts.renderMode,
    template: run.template,
    signal: live.signal,
    limits: run.limits,
    models: run.models.map(({ id }) => id),
    long: run.long,
    inUsd: formatUsd,
    budget: asking.budget,
    featureFlags: run.features,
    kv: new Map(),
    log: services.log,
    contextText: async () => run.contextText,
    emit: (event) => {
      asking.later(() => {
        if (event.type === 'progress') live.emit({ type: 'step', phase: 'progress', name: event.name });
        else if (event.type !== 'retry' && event.type !== 'context') live.emit(event);
      });
    },
    ask: (name, prompt, options) => asking.ask(name, prompt, options),
  };
}

async function finish(run: AdmittedRun, asking: Asking, value: string): Promise<void> {
  await asking.abandon();
  const { live } = run;
  const { request } = live.parts;
  if (live.signal.aborted) throw cancelled();
  if (run.schema !== null) tellStructured(live, run.schema.read(value));
  let answer = value;
  if (live.parts.renderMode === 'atomic-patch') {
    // Parts have lost their fences one by one.
    if (run.long?.strategy !== 'in-place') answer = unfenced(value, request.selectionRef?.snapshot ?? run.contextText);
    live.emit({ type: 'step', phase: 'progress', name: 'sending_patch' });
    live.emit(patchEvent(request, answer));
  }
  dieAt('before_run_ended');
  await end(run, asking, { status: 'succeeded', answer, error: null });
  dieAt('after_run_ended');
  live.emit({ type: 'final', status: 'succeeded' });
}

/** null: the run goes on elsewhere. */
async function fail(
  services: AiServices,
  run: AdmittedRun,
  asking: Asking,
  error: unknown,
): Promise<RunOutcome | null> {
  await asking.abandon();
  const { live } = run;
  if (live.stopReason === 'shutdown' && run.durable) {
    await asking.settleDue();
    live.leave();
    return null;
  }
  // Whatever ended it before any model was asked: the first frame is the start.
  asking.begin();
  const body = reasonOf(services, run, error);
  const status = endStatus(body);
  await end(run, asking, { status, answer: null, error: body });
  if (body !== null) live.emit({ type: 'error', ...body });
  if (status === 'cancelled') live.emit({ type: 'final', status });
  return { status, code: body?.code ?? null };
}

/** null: it was cancelled. */
function reasonOf(services: AiServices, { live, budget }: AdmittedRun, error: unknown): ErrorBody | null {
  if (live.stopReason === 'budget')
    return new GenrtlError('BUDGET_EXCEEDED', `The answer reached its budget of $${formatUsd(budget ?? 0)}`, {
      hint: 'Raise the budget of the request, or ask for less.',
    }).toBody();
  if (live.stopReason === 'timeout')
    return new GenrtlError('MODEL_TIMEOUT', 'The answer took longer than it may').toBody();
  if (live.stopReason !== null) return null;
  const failure = GenrtlError.of(error, 'The run failed');
  if (failure.code === 'INTERNAL') {
    const cause: unknown = failure.cause ?? failure;
    services.log.error('an interactive run failed by a fault of ours', {
      run_id: live.parts.runId,
      error: cause instanceof Error ? cause.stack : String(cause),
    });
  }
  const { usage: _usage, ...details } = failure.details ?? {};
  return new GenrtlError(failure.code, failure.message, { hint: failure.hint, details }).toBody();
}

/** Committed with the charge for the answer; what was paid is told then, under the numbers that the row counts. */
async function end(
  run: AdmittedRun,
  asking: Asking,
  outcome: Pick<RunEnd, 'status' | 'answer' | 'error'>,
): Promise<void> {
  const { live } = run;
  live.showAll();
  const usages = summed(run, asking.usage);
  const lastSeq = live.lastSeq + usages.length;
  await asking.endRun({ ...outcome, attempt: live.attempt, model: asking.model, lastSeq });
  for (const usage of usages) live.emit({ type: 'usage', ...usage });
}

/** Of a long document one line a model: what was asked, and what was known. */
function summed({ long }: AdmittedRun, usage: readonly AiUsage[]): readonly AiUsage[] {
  if (long === null) return usage;
  const sums = new Map<string, AiUsage>();
  for (const one of usage) {
    const name = `${one.model} ${String(one.cached ?? false)}`;
    const sum = sums.get(name);
    sums.set(
      name,
      sum === undefined
        ? one
        : {
            ...sum,
            input_tokens: sum.input_tokens + one.input_tokens,
            output_tokens: sum.output_tokens + one.output_tokens,
            cost_usd: formatUsd(parseUsd(sum.cost_usd) + parseUsd(one.cost_usd)),
            ...(one.estimated === true ? { estimated: true } : {}),
          },
    );
  }
  return [...sums.values()];
}

/** A structured answer that is none stays text, and that is said. */
function tellStructured(live: LiveRun, answer: Structured): void {
  live.emit(
    answer.ok
      ? { type: 'artifact', kind: 'structured', name: 'answer', value: answer.value }
      : { type: 'artifact', kind: 'notice', name: 'structured_failed', value: { problems: answer.problems } },
  );
}
