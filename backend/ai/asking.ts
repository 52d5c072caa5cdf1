// The calls of one interactive run to models. Attempts that the person sees follow one another under `step:start`, each
// with what it replaces; attempts that are listened to run side by side under the one of their run.
import { formatUsd, GenrtlError, microUsd, type ErrorBody, type MicroUsd, type ModelUsage } from '@genrtl/contracts';
import type { AiUsage } from '@genrtl/contracts/ai-events.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { inTransaction } from '../db/index.ts';
import { withoutThoughts } from '../flows/answers/thoughts.ts';
import type { AnswerListener, AskOptions } from '../flows/context.ts';
import { flowId } from '../flows/flow.ts';
import type { ModelAnswer, ModelPrompt, ModelRouter, RoutedModel } from '../models/model.ts';
import { isNotTried, withNotTried } from '../models/retry.ts';
import { countPromptTokens, nothingUsed, usageOf } from '../models/progress.ts';
import { signal } from '../telemetry/signals.ts';
import type { AdmittedRun } from './admitted-run.ts';
import {
  chargeOf,
  endRun,
  newAttempt,
  recordAttempt,
  settleAttempt,
  settlingOf,
  type OpenFlowAttempt,
  type Settling,
} from './attempts.ts';
import { RunBudget, type AnswerCost } from './budget-watch.ts';
import { partKeys } from './preflight.ts';
import { findPartAnswer } from './repository/part-answers.ts';
import type { RunEnd } from './repository/runs.ts';
import type { CachedAnswer } from './response-cache.ts';
import { startEvent } from './run-events.ts';
import type { AiServices } from './services.ts';
import { ThoughtFilter } from './thought-filter.ts';

/** A known answer is told in pieces of this length. */
const REPEAT_CHARS = 2_048;
/** How long a call waits for the holds of its run's other calls, again and again. */
const OWN_HOLDS_MS = 50;

export class Asking {
  readonly #services: AiServices;
  readonly #run: AdmittedRun;
  readonly #waiting: (() => void)[] = [];
  #begun = false;
  /** an attempt was shown: the next one replaces it */
  #shown = false;
  #first: OpenFlowAttempt | null;
  #underWay = 0;
  /** the answer of the run, charged in the commit that ends it */
  #due: { readonly settling: Settling; readonly known: CachedAnswer | null } | null = null;
  /** answers that were paid before */
  readonly #given = new WeakSet<ModelAnswer>();
  /** told with the end of the run */
  readonly usage: AiUsage[] = [];
  readonly budget: RunBudget;
  model: string;

  constructor(services: AiServices, run: AdmittedRun) {
    this.#services = services;
    this.#run = run;
    this.#first = run.first;
    this.budget = new RunBudget(run.budget, services.settings.budgetEpsilon);
    this.model = run.models[0]?.id ?? '';
  }

  /** Nothing is told before the first `step:start`. */
  later(tell: () => void): void {
    if (this.#begun) tell();
    else this.#waiting.push(tell);
  }

  async ask(step: string, prompt: ModelPrompt, options: AskOptions = {}): Promise<ModelAnswer> {
    if (this.#run.long === null) return this.#ask(step, prompt, options);
    const begun = performance.now();
    const answer = await this.#ask(step, prompt, options);
    const stage = typeof options.show === 'object' ? 'map' : 'reduce';
    signal('long_call', { stage, durationMs: performance.now() - begun, reused: this.#given.has(answer) });
    return answer;
  }

  async #ask(step: string, prompt: ModelPrompt, { show = 'text', reuse }: AskOptions): Promise<ModelAnswer> {
    const { live, flow, router, known, models } = this.#run;
    // the one before was not the last
    await this.settleDue();
    if (known !== null) return this.#repeat(known);
    const listener = typeof show === 'string' ? null : show;
    const key = reuse === undefined ? null : (this.#partKey()?.(reuse) ?? null);
    if (key !== null && live.parts.request.options.refresh !== true) {
      const kept = await findPartAnswer(this.#services.pool, live.parts.accountId, key);
      if (kept !== null) return this.#give(kept, show);
    }
    let last: GenrtlError | null = null;
    const notTried: GenrtlError[] = [];
    let tried = 0;
    for (const model of models) {
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
        if (listener !== null) this.#requireMoney(model, prompt);
        const open = await this.#open(step, prompt, model, listener);
        if (listener === null) this.#show(open);
        else this.#begin(live.attempt, models[0]?.id ?? model.id);
        this.#underWay += 1;
        const outcome = await this.#attempt(prompt, open, show, key).finally(() => {
          this.#underWay -= 1;
        });
        if (!(outcome instanceof GenrtlError)) return outcome;
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

  async #open(
    step: string,
    prompt: ModelPrompt,
    model: RoutedModel,
    listener: AnswerListener | null,
  ): Promise<OpenFlowAttempt> {
    const { live } = this.#run;
    if (this.#first !== null) {
      const first = this.#first;
      this.#first = null;
      return first;
    }
    const number = listener === null && this.#shown ? live.attempt + 1 : live.attempt;
    const open = newAttempt(number, step, prompt, model, holdFor(this.#run, model, prompt));
    for (;;) {
      try {
        await inTransaction(this.#services.pool, 'ai.open', (tx) => recordAttempt(tx, live.parts, open));
        return open;
      } catch (error) {
        // Held by the run's own other calls: one of them will be settled.
        const held = error instanceof GenrtlError && error.code === 'BUDGET_RESERVED' && this.#underWay > 0;
        if (!held || live.signal.aborted) throw error;
        await delay(OWN_HOLDS_MS, undefined, { signal: live.signal }).catch(() => undefined);
      }
    }
  }

  #partKey(): ((reuse: string) => string) | null {
    const { live, flow, template, models } = this.#run;
    const [model] = models;
    return model === undefined ? null : partKeys(live.parts.accountId, live.parts.request, flow, template, model);
  }

  /** One of many calls is not begun when its prompt alone passes what the run may cost. */
  #requireMoney(model: RoutedModel, prompt: ModelPrompt): void {
    const { live, router } = this.#run;
    const entry = router.costOf(model, { input: countPromptTokens(prompt), output: 0 });
    if (!this.budget.wouldPass(entry)) return;
    live.stop('budget');
    throw cancelled();
  }

  /** An answer that was paid before. */
  #give({ text, usage }: CachedAnswer, show: NonNullable<AskOptions['show']>): ModelAnswer {
    const { live, models } = this.#run;
    this.#begin(live.attempt, models[0]?.id ?? usage.model);
    if (typeof show !== 'string') show.begin?.();
    else if (live.parts.renderMode === 'streaming-text')
      live.emit({ type: show === 'reduce' ? 'reduce:token' : 'token', text });
    this.usage.push({ ...shownUsage(usage, microUsd(0)), cached: true });
    const answer = { text, usage };
    this.#given.add(answer);
    return answer;
  }

  /** The attempt that was recorded with the run, where nobody came to ask: nothing stays held for it. */
  async abandon(): Promise<void> {
    const first = this.#first;
    this.#first = null;
    if (first !== null) await this.#settle(first, null, 'cancelled', null, cancelled().toBody());
  }

  /** The end of the run and the charge for its answer, in one commit with what other runs settle. */
  async endRun(end: RunEnd): Promise<void> {
    const { accountId, runId } = this.#run.live.parts;
    const run = { key: { accountId, runId }, end };
    if (this.#due === null) await endRun(this.#services.pool, run);
    else await this.settleDue(run);
  }

  /** `run`: is over with it. */
  async settleDue(run?: Settling['run']): Promise<void> {
    const due = this.#due;
    if (due === null) return;
    const { settling, known } = due;
    const { accountId } = this.#run.live.parts;
    await settleAttempt(this.#services.pool, accountId, run === undefined ? settling : { ...settling, run });
    if (this.#due === due) this.#due = null;
    if (known !== null) this.#services.cache.put(this.#run.cacheKey, known);
  }

  #show({ attempt, model }: Pick<OpenFlowAttempt, 'attempt' | 'model'>): void {
    // What listeners were told stands under the attempt that has begun; only text that was shown is replaced.
    if (!this.#begun || this.#shown) this.#start(attempt, model.id);
    this.#shown = true;
    this.model = model.id;
  }

  /** What comes stands under `step:start`, whatever it is. */
  begin(): void {
    this.#begin(this.#run.live.attempt, this.model);
  }

  #begin(attempt: number, model: string): void {
    if (!this.#begun) this.#start(attempt, model);
  }

  /** The same events again, at no cost. */
  async #repeat({ text, usage }: CachedAnswer): Promise<ModelAnswer> {
    const { live } = this.#run;
    this.#start(live.attempt, usage.model);
    this.model = usage.model;
    if (live.parts.renderMode === 'streaming-text')
      for (let at = 0; at < text.length; at += REPEAT_CHARS) {
        live.emit({ type: 'token', text: text.slice(at, at + REPEAT_CHARS) });
        await live.pressure();
        if (live.signal.aborted) throw cancelled();
      }
    this.usage.push({ ...shownUsage(usage, microUsd(0)), cached: true });
    return { text, usage };
  }

  #start(attempt: number, model: string): void {
    const { live, flow, truncated } = this.#run;
    live.attempt = attempt;
    const { renderMode, request } = live.parts;
    const { docVersion } = request;
    live.emit(startEvent({ renderMode, docVersion, attempt, model, flow: flowId(flow), truncated }));
    if (this.#begun) return;
    this.#begun = true;
    for (const notice of this.#run.notices) live.emit({ type: 'artifact', ...notice });
    for (const tell of this.#waiting.splice(0)) tell();
  }

  /** One upstream request, settled whatever comes of it. */
  async #attempt(
    prompt: ModelPrompt,
    open: OpenFlowAttempt,
    show: NonNullable<AskOptions['show']>,
    key: string | null,
  ): Promise<ModelAnswer | GenrtlError> {
    const { live, router, budget } = this.#run;
    const { writer } = this.#services;
    const shown = new ShownText(this.#run, show);
    const cost = budget === null ? null : this.budget.watch(router, open.model, countPromptTokens(prompt));
    try {
      const answer = await router.call(open.model, prompt, {
        signal: live.signal,
        catalog: [],
        onToken: (piece) => {
          if (live.signal.aborted) return;
          shown.add(piece);
          if (cost?.add(piece) === true) live.stop('budget');
          return live.pressure() ?? writer.pressure();
        },
      });
      shown.end();
      live.showAll();
      const text = shown.isStreamed ? shown.text : withoutThoughts(answer.text);
      if (text.trim() === '' && live.parts.request.intent !== 'complete') {
        const empty = new GenrtlError('MODEL_MALFORMED', 'The model answered with nothing.');
        await this.#settle(open, cost, 'failed', answer.usage, empty.toBody());
        return empty;
      }
      // A fallback's answer is another model's.
      const own = open.model.id === this.#run.models[0]?.id;
      const given = { text, usage: answer.usage };
      const part = own && key !== null ? { part: { accountId: live.parts.accountId, key, ...given } } : {};
      if (typeof show === 'string') {
        // one at a time is owed
        while (this.#due !== null) await this.settleDue();
        this.#owe(open, cost, part, given, own);
      } else await this.#settle(open, cost, 'answered', answer.usage, null, part);
      return given;
    } catch (error) {
      const failure = live.signal.aborted ? cancelled() : GenrtlError.of(error, 'The model router failed');
      const usage = usageOf(error);
      const atItsLimit = failure.code === 'MODEL_TRUNCATED' && failure.details?.['output_limit'] === true;
      if (!live.signal.aborted && atItsLimit && shown.isStreamed) {
        // What is there is good as far as it goes, and it is said that it ends early.
        shown.end();
        await this.#settle(open, cost, 'answered', usage, null);
        const value = { maxTokens: prompt.maxOutputTokens };
        live.emit({ type: 'artifact', kind: 'notice', name: 'output_limit', value });
        return { text: shown.text, usage: usage ?? nothingUsed(open.model) };
      }
      if (failure.details?.['answer'] === 'empty' && live.parts.request.intent === 'complete') {
        await this.#settle(open, cost, 'failed', usage, failure.toBody());
        return { text: '', usage: usage ?? nothingUsed(open.model) };
      }
      await this.#settle(open, cost, live.signal.aborted ? 'cancelled' : 'failed', usage, failure.toBody());
      return failure;
    }
  }

  /** What the person sees is most often the last answer of its run. */
  #owe(
    open: OpenFlowAttempt,
    cost: AnswerCost | null,
    part: Pick<Settling, 'part'>,
    answer: CachedAnswer,
    own: boolean,
  ): void {
    const settling = this.#settlingOf(open, 'answered', answer.usage, null);
    this.#due = { settling: { ...settling, ...part }, known: own ? answer : null };
    this.#count(cost, answer.usage, chargeOf(settling));
  }

  async #settle(
    open: OpenFlowAttempt,
    cost: AnswerCost | null,
    state: 'answered' | 'failed' | 'cancelled',
    usage: ModelUsage | null,
    error: ErrorBody | null,
    part: Pick<Settling, 'part'> = {},
  ): Promise<void> {
    const { accountId } = this.#run.live.parts;
    const settling = this.#settlingOf(open, state, usage, error);
    const paid = await settleAttempt(this.#services.pool, accountId, { ...settling, ...part });
    this.#count(cost, state === 'failed' ? null : usage, paid);
  }

  #settlingOf(
    open: OpenFlowAttempt,
    state: 'answered' | 'failed' | 'cancelled',
    usage: ModelUsage | null,
    error: ErrorBody | null,
  ): Settling {
    const { live, durable, paid: before } = this.#run;
    // A run that goes on elsewhere asks again: what was broken off for that is nobody's but the platform's.
    const moves = durable && live.stopReason === 'shutdown' && state !== 'answered';
    const outcome = { state, usage, error, ...(moves || before ? { charge: false } : {}) };
    return settlingOf(live.parts.request.intent, open, outcome);
  }

  /** `usage`: of what is told; null: of nothing. */
  #count(cost: AnswerCost | null, usage: ModelUsage | null, paid: MicroUsd): void {
    cost?.end();
    this.budget.spend(paid);
    if (usage !== null) this.usage.push(shownUsage(usage, paid));
  }
}

/** What of one answer goes where, without the model's thoughts. */
class ShownText {
  readonly #thoughts = new ThoughtFilter();
  readonly #tell: (text: string) => void;
  /** the person has the text as it was shown, so it is the answer */
  readonly isStreamed: boolean;
  /** half a surrogate pair that waits for its other half */
  #half = '';
  text = '';

  constructor({ live }: AdmittedRun, show: NonNullable<AskOptions['show']>) {
    this.isStreamed = typeof show === 'string' && live.parts.renderMode === 'streaming-text';
    if (typeof show !== 'string') {
      show.begin?.();
      this.#tell = (text) => show.piece?.(text);
    } else if (this.isStreamed) {
      const type = show === 'reduce' ? 'reduce:token' : 'token';
      this.#tell = (text) => {
        live.say({ type, text });
      };
    } else this.#tell = () => undefined;
  }

  add(piece: string): void {
    const text = this.#half + piece;
    this.#half = endsInHalf(text) ? text.slice(-1) : '';
    const whole = this.#half === '' ? text : text.slice(0, -1);
    this.#show(this.#thoughts.add(whole.toWellFormed()));
  }

  end(): void {
    this.#show(this.#thoughts.add(this.#half.toWellFormed()) + this.#thoughts.end());
    this.#half = '';
  }

  #show(text: string): void {
    if (text === '') return;
    this.text += text;
    this.#tell(text);
  }
}

/** A character outside of the first plane, cut in two by a piece's end. */
function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last < 0xdc00;
}

/** What a call may cost at most, and never more than the run may. */
export function holdFor(
  run: { router: ModelRouter; budget: MicroUsd | null },
  model: RoutedModel,
  prompt: ModelPrompt,
) {
  const most = run.router.maxCost(model, prompt);
  return run.budget === null ? most : microUsd(Math.min(most, run.budget));
}

const shownUsage = (usage: ModelUsage, paid: MicroUsd): AiUsage => ({
  model: usage.model,
  input_tokens: usage.input_tokens,
  output_tokens: usage.output_tokens,
  cost_usd: formatUsd(paid),
  ...(usage.estimated ? { estimated: true } : {}),
  ...(usage.instead_of === undefined ? {} : { instead_of: usage.instead_of }),
});

export const cancelled = (): GenrtlError => new GenrtlError('CANCELLED', 'Cancelled');

/** Asking again, or another model, would not help. */
function isFinal(error: GenrtlError): boolean {
  return ['CANCELLED', 'BUDGET_EXCEEDED', 'ON_DEMAND_CONSENT', 'AI_NEEDS_MODEL', 'MODEL_CONTEXT_EXCEEDED'].includes(
    error.code,
  );
}
