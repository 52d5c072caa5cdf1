// One interactive run from its first step to its last event. Attempts follow one another under `step:start`, each with what
// it replaces; money is settled before an end is told.
import {
  formatUsd,
  GenrtlError,
  microUsd,
  type AiUsage,
  type ErrorBody,
  type MicroUsd,
  type ModelUsage,
} from '@genrtl/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import { inTransaction } from '../db/index.ts';
import { withoutThoughts } from '../flows/answers/thoughts.ts';
import { flowId, type FlowContext, type IntentFlow } from '../flows/intents/index.ts';
import type { StepPlan } from '../flows/intents/recovery.ts';
import type { ModelPrompt, ModelRouter, RoutedModel } from '../models/model.ts';
import { countPromptTokens, usageOf } from '../models/progress.ts';
import { isNotTried, withNotTried } from '../models/retry.ts';
import { newAttempt, recordAttempt, settleAttempt, type OpenFlowAttempt } from './attempts.ts';
import type { CachedAnswer } from './response-cache.ts';
import { BudgetWatch } from './budget-watch.ts';
import type { LiveRun } from './live-run.ts';
import { endFlowRun, type RunEnd } from './repository/runs.ts';
import type { AiServices } from './services.ts';
import { StepRecorder } from './step-records.ts';
import { ThoughtFilter } from './thought-filter.ts';
import { unfenced } from './unfenced.ts';

/** A run that was admitted: everything that had to be known before anything was recorded. */
export interface AdmittedRun {
  readonly live: LiveRun;
  readonly flow: IntentFlow;
  readonly router: ModelRouter;
  /** first choice, then fallbacks */
  readonly models: readonly RoutedModel[];
  readonly limits: FlowContext['limits'];
  readonly contextText: string;
  readonly truncated: boolean;
  readonly budget: MicroUsd | null;
  /** recorded with the run, in one commit; null where an earlier process had begun it */
  readonly first: OpenFlowAttempt | null;
  /** the answer to the same question, given before */
  readonly known: CachedAnswer | null;
  readonly cacheKey: string | null;
  /** what steps do that an earlier attempt has met; null: all of them are new */
  readonly recovery: StepPlan | null;
  /** told after the first event */
  readonly notices: readonly { kind: string; name: string; value: unknown }[];
}

/** A known answer is told in pieces of this length. */
const REPEAT_CHARS = 2_048;

/** Never throws: whatever happens becomes the run's end. */
export async function runFlow(services: AiServices, run: AdmittedRun): Promise<void> {
  const { live, flow } = run;
  const timer = setTimeout(() => {
    live.stop('timeout');
  }, flow.timeoutMs);
  const asking = new Asking(services, run);
  const records = new StepRecorder(live, services);
  try {
    let value: unknown = live.parts.request;
    const context = contextOf(run, asking);
    for (const step of flow.steps) {
      // A step that is passed over is a function of its input: its output is made again, and nobody is asked for it.
      const skipped = run.recovery?.get(step.name) === 'skip';
      value = await records.record(step, value, () => step.run(value, context), skipped);
    }
    await finish(services, run, asking, String(value));
  } catch (error) {
    await fail(services, run, asking, error).catch((fault: unknown) => {
      services.log.error('an interactive run could not be ended', { run_id: live.parts.runId, error: String(fault) });
      const body = GenrtlError.of(fault, 'The backend failed').toBody();
      live.emit({ type: 'error', ...body });
    });
  } finally {
    clearTimeout(timer);
    await records.store();
  }
}

function contextOf(run: AdmittedRun, asking: Asking): FlowContext {
  const { live } = run;
  return {
    runId: live.parts.runId,
    request: live.parts.request,
    renderMode: live.parts.renderMode,
    signal: live.signal,
    limits: run.limits,
    featureFlags: {},
    kv: new Map(),
    contextText: async () => run.contextText,
    progress: (name) => {
      asking.later(() => {
        live.emit({ type: 'step', phase: 'progress', name });
      });
    },
    artifact: (kind, name, value) => {
      asking.later(() => {
        live.emit({ type: 'artifact', kind, name, value });
      });
    },
    ask: (step, prompt) => asking.ask(step, prompt),
  };
}

/** The calls of a run to models. */
class Asking {
  readonly #services: AiServices;
  readonly #run: AdmittedRun;
  readonly #waiting: (() => void)[] = [];
  #begun = false;
  #first: OpenFlowAttempt | null;
  /** told with the end of the run */
  readonly usage: AiUsage[] = [];
  model: string;
  spent = 0;

  constructor(services: AiServices, run: AdmittedRun) {
    this.#services = services;
    this.#run = run;
    this.#first = run.first;
    this.model = run.models[0]?.id ?? '';
  }

  /** Nothing is told before the first `step:start`. */
  later(tell: () => void): void {
    if (this.#begun) tell();
    else this.#waiting.push(tell);
  }

  async ask(step: string, prompt: ModelPrompt): Promise<string> {
    const { live, flow, router, known } = this.#run;
    if (known !== null) return this.#repeat(known);
    let last: GenrtlError | null = null;
    const notTried: GenrtlError[] = [];
    let tried = 0;
    for (const model of this.#run.models) {
      for (let nth = 1; ; nth += 1) {
        if (live.signal.aborted) throw cancelled();
        if (tried >= flow.retry.maxAttempts) throw withNotTried(last, notTried);
        // The first attempt stands recorded with the run; its call says the same, and is settled.
        const refusal = this.#first === null ? router.refusal(model) : null;
        if (refusal !== null) {
          notTried.push(refusal);
          break;
        }
        tried += 1;
        const open = await this.#open(step, prompt, model);
        this.#begin(open.attempt, open.model.id);
        const outcome = await this.#attempt(prompt, open);
        if (typeof outcome === 'string') return outcome;
        if (isNotTried(outcome)) notTried.push(outcome);
        else last = outcome;
        if (live.signal.aborted || isFinal(outcome)) throw outcome;
        const wait = router.retryDelayMs(outcome, nth);
        if (wait === null || wait > flow.retry.maxDelayMs) break;
        await delay(wait, undefined, { signal: live.signal }).catch(() => undefined);
      }
    }
    throw withNotTried(last, notTried);
  }

  async #open(step: string, prompt: ModelPrompt, model: RoutedModel): Promise<OpenFlowAttempt> {
    const { live } = this.#run;
    if (this.#first !== null) {
      const first = this.#first;
      this.#first = null;
      return first;
    }
    const number = this.#begun ? live.attempt + 1 : live.attempt;
    const open = newAttempt(number, step, prompt, model, holdFor(this.#run, model, prompt));
    await inTransaction(this.#services.pool, 'ai.open', (tx) => recordAttempt(tx, live.parts, open));
    return open;
  }

  /** The same events again, at no cost. */
  async #repeat({ text, usage }: CachedAnswer): Promise<string> {
    const { live } = this.#run;
    this.#begin(live.attempt, usage.model);
    if (live.parts.renderMode === 'streaming-text')
      for (let at = 0; at < text.length; at += REPEAT_CHARS) {
        live.emit({ type: 'token', text: text.slice(at, at + REPEAT_CHARS) });
        await live.pressure();
        if (live.signal.aborted) throw cancelled();
      }
    this.usage.push({ ...shownUsage(usage, microUsd(0)), cached: true });
    return text;
  }

  #begin(attempt: number, model: string): void {
    const { live, flow, truncated } = this.#run;
    const replaces = attempt > 1 ? attempt - 1 : undefined;
    live.attempt = attempt;
    this.model = model;
    live.emit({
      type: 'step',
      phase: 'start',
      name: live.parts.renderMode === 'atomic-patch' ? 'suggest' : 'draft',
      renderMode: live.parts.renderMode,
      docVersion: live.parts.request.docVersion,
      attempt,
      ...(replaces === undefined ? {} : { replaces }),
      model,
      flow: flowId(flow),
      ...(truncated ? { truncated } : {}),
    });
    if (this.#begun) return;
    this.#begun = true;
    for (const notice of this.#run.notices) live.emit({ type: 'artifact', ...notice });
    for (const tell of this.#waiting.splice(0)) tell();
  }

  /** One upstream request, settled whatever comes of it. */
  async #attempt(prompt: ModelPrompt, open: OpenFlowAttempt): Promise<string | GenrtlError> {
    const { live, router, budget } = this.#run;
    const { settings, pool, writer, cache } = this.#services;
    const streams = live.parts.renderMode === 'streaming-text';
    const watch =
      budget === null
        ? null
        : new BudgetWatch(router, open.model, countPromptTokens(prompt), {
            micro: microUsd(Math.max(0, budget - this.spent)),
            epsilon: settings.budgetEpsilon,
          });
    const thoughts = new ThoughtFilter();
    let shown = '';
    const show = (text: string): void => {
      if (text === '') return;
      shown += text;
      if (streams) live.emit({ type: 'token', text });
    };
    const settle = async (
      state: 'answered' | 'failed' | 'cancelled',
      usage: ModelUsage | null,
      error: ErrorBody | null,
    ): Promise<void> => {
      const paid = await settleAttempt(pool, live.parts.request.intent, open, { state, usage, error });
      this.spent += paid;
      if (usage !== null && state !== 'failed') this.usage.push(shownUsage(usage, paid));
    };
    try {
      const answer = await router.call(open.model, prompt, {
        signal: live.signal,
        catalog: [],
        onToken: (piece) => {
          if (live.signal.aborted) return;
          show(thoughts.add(piece.toWellFormed()));
          if (watch?.add(piece) === true) live.stop('budget');
          return live.pressure() ?? writer.pressure();
        },
      });
      show(thoughts.end());
      const text = streams ? shown : withoutThoughts(answer.text);
      if (text.trim() === '' && live.parts.request.intent !== 'complete') {
        const empty = new GenrtlError('MODEL_MALFORMED', 'The model answered with nothing.');
        await settle('failed', answer.usage, empty.toBody());
        return empty;
      }
      await settle('answered', answer.usage, null);
      // A fallback's answer is another model's.
      if (open.model.id === this.#run.models[0]?.id) cache.put(this.#run.cacheKey, { text, usage: answer.usage });
      return text;
    } catch (error) {
      const failure = live.signal.aborted ? cancelled() : GenrtlError.of(error, 'The model router failed');
      const usage = usageOf(error);
      if (
        !live.signal.aborted &&
        failure.code === 'MODEL_TRUNCATED' &&
        failure.details?.['output_limit'] === true &&
        streams
      ) {
        // What is there is good as far as it goes, and it is said that it ends early.
        show(thoughts.end());
        await settle('answered', usage, null);
        live.emit({
          type: 'artifact',
          kind: 'notice',
          name: 'output_limit',
          value: { maxTokens: prompt.maxOutputTokens },
        });
        return shown;
      }
      if (failure.details?.['answer'] === 'empty' && live.parts.request.intent === 'complete') {
        await settle('failed', usage, failure.toBody());
        return '';
      }
      await settle(live.signal.aborted ? 'cancelled' : 'failed', usage, failure.toBody());
      return failure;
    }
  }
}

/** What a call may cost at most, and never more than the run may. */
export function holdFor(
  run: Pick<AdmittedRun, 'router' | 'budget'>,
  model: RoutedModel,
  prompt: ModelPrompt,
): MicroUsd {
  const most = run.router.maxCost(model, prompt);
  return run.budget === null ? most : microUsd(Math.min(most, run.budget));
}

async function finish(services: AiServices, run: AdmittedRun, asking: Asking, value: string): Promise<void> {
  const { live } = run;
  const { request } = live.parts;
  if (live.signal.aborted) throw cancelled();
  if (request.schema !== null) checkStructured(live, value);
  let answer = value;
  if (live.parts.renderMode === 'atomic-patch') {
    answer = unfenced(value, request.selectionRef?.snapshot ?? run.contextText);
    const { docId, selectionRef } = request;
    live.emit({ type: 'step', phase: 'progress', name: 'sending_patch' });
    live.emit({
      type: 'patch',
      op: 'replace_text',
      target: {
        type: 'selectionRef',
        ref: {
          ...(docId === null ? {} : { docId }),
          ...(selectionRef?.snapshotHash === undefined ? {} : { snapshotHash: selectionRef.snapshotHash }),
          ...(selectionRef?.snapshot === undefined ? {} : { snapshot: selectionRef.snapshot }),
          ...(selectionRef?.blockIds === undefined ? {} : { blockIds: selectionRef.blockIds }),
        },
      },
      text: answer,
    });
  }
  for (const usage of asking.usage) live.emit({ type: 'usage', ...usage });
  await end(services, run, asking, { status: 'succeeded', answer, error: null });
  live.emit({ type: 'final', status: 'succeeded' });
}

async function fail(services: AiServices, run: AdmittedRun, asking: Asking, error: unknown): Promise<void> {
  const { live } = run;
  for (const usage of asking.usage) live.emit({ type: 'usage', ...usage });
  if (live.stopReason !== null && live.stopReason !== 'timeout') {
    const budget =
      live.stopReason === 'budget'
        ? new GenrtlError('BUDGET_EXCEEDED', `The answer reached its budget of $${formatUsd(run.budget ?? 0)}`, {
            hint: 'Raise the budget of the request, or ask for less.',
          }).toBody()
        : null;
    await end(services, run, asking, { status: 'cancelled', answer: null, error: budget });
    if (budget !== null) live.emit({ type: 'error', ...budget });
    live.emit({ type: 'final', status: 'cancelled' });
    return;
  }
  const failure =
    live.stopReason === 'timeout'
      ? new GenrtlError('MODEL_TIMEOUT', 'The answer took longer than it may')
      : GenrtlError.of(error, 'The run failed');
  if (failure.code === 'INTERNAL') {
    const cause: unknown = failure.cause ?? failure;
    services.log.error('an interactive run failed by a fault of ours', {
      run_id: live.parts.runId,
      error: cause instanceof Error ? cause.stack : String(cause),
    });
  }
  const { usage: _usage, ...details } = failure.details ?? {};
  const body = new GenrtlError(failure.code, failure.message, { hint: failure.hint, details }).toBody();
  await end(services, run, asking, { status: 'failed', answer: null, error: body });
  live.emit({ type: 'error', ...body });
}

function end(
  services: AiServices,
  { live }: AdmittedRun,
  asking: Asking,
  outcome: Pick<RunEnd, 'status' | 'answer' | 'error'>,
): Promise<void> {
  const row: RunEnd = { ...outcome, attempt: live.attempt, model: asking.model, lastSeq: live.lastSeq };
  return inTransaction(services.pool, 'ai.end', (tx) => endFlowRun(tx, live.parts, row));
}

/** A structured answer that is none stays text, and that is said. */
function checkStructured(live: LiveRun, text: string): void {
  try {
    live.emit({
      type: 'artifact',
      kind: 'structured',
      name: 'answer',
      value: JSON.parse(unfenced(text, '')) as unknown,
    });
  } catch {
    live.emit({ type: 'artifact', kind: 'notice', name: 'structured_failed', value: null });
  }
}

const shownUsage = (usage: ModelUsage, paid: MicroUsd): AiUsage => ({
  model: usage.model,
  input_tokens: usage.input_tokens,
  output_tokens: usage.output_tokens,
  cost_usd: formatUsd(paid),
  ...(usage.estimated ? { estimated: true } : {}),
});

const cancelled = (): GenrtlError => new GenrtlError('CANCELLED', 'Cancelled');

/** Asking again, or another model, would not help. */
function isFinal(error: GenrtlError): boolean {
  return ['CANCELLED', 'BUDGET_EXCEEDED', 'AI_NEEDS_MODEL', 'MODEL_CONTEXT_EXCEEDED'].includes(error.code);
}
