// What has to be known before a run is recorded: its models, its prompt, whether it fits, what it may cost.
import { createHash } from 'node:crypto';
import { formatUsd, GenrtlError, intentSpec, microUsd, parseUsd, type MicroUsd } from '@genrtl/contracts';
import type { AiRequest } from '@genrtl/contracts/http/ai.ts';
import { routeWithinPlan } from '../billing/route.ts';
import { outputAllowance, promptRoom, smallestWindow } from '../flows/asking/window.ts';
import type { FlowLimits } from '../flows/context.ts';
import { flowId, type InlineFlow, type PromptTemplate } from '../flows/flow.ts';
import type { ModelPrompt, ModelRouter, RoutedModel } from '../models/model.ts';
import { countPromptTokens } from '../models/progress.ts';
import { answerSchema, type AnswerSchema } from './answer-schema.ts';
import { limitsFor, routeOf, type ConfiguredLimits } from './config.ts';
import { longWindowModel, planLong, EXPECTED_ANSWER_TOKENS } from './preflight.ts';
import type { LongContext } from '../flows/long/long-context.ts';
import { readSentText } from './context-text.ts';
import type { AiServices } from './services.ts';
import { variantOf } from './variants.ts';

export interface Admission {
  readonly flow: InlineFlow;
  readonly template: PromptTemplate;
  readonly router: ModelRouter;
  /** first choice, then fallbacks */
  readonly models: readonly RoutedModel[];
  readonly limits: FlowLimits;
  readonly contextText: string;
  readonly contextHash: string;
  /** null: the flow's steps make their prompts as they go */
  readonly prompt: ModelPrompt | null;
  readonly truncated: boolean;
  /** the document in parts; null: it goes as it is */
  readonly long: LongContext | null;
  readonly budget: MicroUsd | null;
  /** what a structured answer has to be */
  readonly schema: AnswerSchema | null;
  /** as the configuration had them when the run began */
  readonly features: Readonly<Record<'response_cache' | 'fallbacks' | 'payloads', boolean>>;
  /** told after the first event */
  readonly notices: readonly { kind: string; name: string; value: unknown }[];
}

/**
 * Throws AI_NEEDS_MODEL, MODEL_UNPRICED, MODEL_CONTEXT_EXCEEDED, PLAN_EXCLUDES, RATE_LIMITED (the plan's),
 * BUDGET_EXCEEDED (the prompt alone costs more), NOT_FOUND (the blob was not sent), REQUEST_INVALID (a schema that is
 * none).
 */
export async function admit(
  services: AiServices,
  accountId: string,
  router: ModelRouter,
  request: AiRequest,
  recorded?: { readonly flow: string; readonly template: string },
): Promise<Admission> {
  // what was recorded has begun
  if (recorded === undefined) await services.terms.refuseTooFast(accountId);
  const config = services.config.current;
  const { flow, template } = variantOf(services.flows, config, {
    accountId,
    intent: request.intent,
    flow: request.flow,
    recorded,
  });
  const notices: Admission['notices'][number][] = [];
  if (request.flow !== null && !namesFlow(request.flow, flow))
    notices.push({ kind: 'notice', name: 'flow_substituted', value: { asked: request.flow, flow: flowId(flow) } });
  const contextText =
    request.context.ref === null ? request.context.text : await readSentText(services, accountId, request.context.ref);
  const route = routeOf(config, request, contextText.length);
  const preferred = preferenceOf(request.options.preferredModel);
  const asked = preferred ?? route.model;
  const { models: routed, substituted } = choose(router, asked);
  let models = routed;
  let first = models[0];
  if (first === undefined || first.provider === 'builtin')
    throw new GenrtlError('AI_NEEDS_MODEL', 'No model is configured that answers questions.');
  if (substituted) {
    const value = { asked, model: first.id };
    notices.push({ kind: 'notice', name: 'model_substituted', value });
  }
  if (request.options.truncated === true) notices.push({ kind: 'notice', name: 'context_cut_by_client', value: null });
  let configured = limitsFor(config, request.intent, first.id);
  let limits = limitsOf(services, router, models, request, configured);
  const wanted = request.options.budgetUsd === undefined ? null : parseUsd(request.options.budgetUsd);
  const budget = least([wanted, configured.budgetMicro, flow.budget]);
  let made = flow.prompt?.(request, contextText, limits, template) ?? null;
  let long: LongContext | null = null;
  if (made !== null && contextText !== '' && intentSpec(request.intent).lcg) {
    const whole = made.truncated ? flow.prompt?.(request, contextText, UNLIMITED, template) : made;
    const tokens = countPromptTokens((whole ?? made).prompt);
    const fits = !made.truncated && tokens <= limits.maxInputTokens;
    if (route.strategy === 'LCG' || (!fits && route.strategy !== 'DIRECT')) {
      const { pool } = services;
      const preflight = { pool, accountId, router, request, flow, template, models, limits, contextText, config };
      long = await planLong(preflight);
      const expected = long.strategy === 'in-place' ? tokens : EXPECTED_ANSWER_TOKENS;
      const other =
        preferred !== null || route.strategy === 'LCG'
          ? null
          : longWindowModel(router, models, { tokens, reserved: limits.reservedOutputTokens, expected }, long.cost);
      if (other !== null) {
        notices.push({ kind: 'notice', name: 'long_window_model', value: { asked: first.id, model: other.id } });
        first = other;
        models = [other];
        configured = limitsFor(config, request.intent, first.id);
        limits = limitsOf(services, router, models, request, configured);
        made = flow.prompt?.(request, contextText, limits, template) ?? null;
        long = null;
      }
    }
  }
  const schema = request.schema === null ? null : await answerSchema(request.schema);
  if (schema !== null && schema.unchecked.length > 0)
    notices.push({ kind: 'notice', name: 'schema_unchecked', value: schema.unchecked });
  if (long !== null) requireAffordable(router, first, long, budget);
  else if (made !== null) requireFit(router, first, { ...made, contextText, limits, budget });
  // What a flow asks is not known before where it asks several times; then only the plan's list of models counts.
  const asking = long === null ? (made?.prompt ?? null) : null;
  const admitted = await routeWithinPlan(
    services.pool,
    accountId,
    router,
    models,
    asking,
    await services.terms.of(accountId),
  );
  const insteadOf = admitted[0]?.insteadOf;
  if (insteadOf !== undefined) {
    const value = { asked: insteadOf.model, model: admitted[0]?.id, reason: insteadOf.reason };
    notices.push({ kind: 'notice', name: 'model_substituted', value });
  }
  return {
    flow,
    template,
    router,
    models: config.features.fallbacks ? admitted : admitted.slice(0, 1),
    limits,
    contextText,
    contextHash: createHash('sha256').update(contextText).digest('hex'),
    prompt: long === null ? (made?.prompt ?? null) : null,
    truncated: long === null && (made?.truncated ?? false),
    long,
    budget,
    schema,
    features: config.features,
    notices,
  };
}

/** What a prompt would have without any limit, to be counted. */
const UNLIMITED: FlowLimits = { maxModelTokens: null, reservedOutputTokens: 1, maxInputTokens: Infinity };

/** What is asked of the model alone must not cost more than the run may. Throws BUDGET_EXCEEDED. */
function requireAffordable(router: ModelRouter, model: RoutedModel, long: LongContext, budget: MicroUsd | null): void {
  const entry = router.costOf(model, { input: long.inputTokens, output: 0 });
  if (budget === null || entry <= budget) return;
  throw new GenrtlError(
    'BUDGET_EXCEEDED',
    `The ${String(long.parts.length - long.known.size)} parts of the document cost about $${formatUsd(long.cost)}, the budget is $${formatUsd(budget)}`,
    { hint: 'Raise the budget of the request, or ask for less.' },
  );
}

/** Throws MODEL_CONTEXT_EXCEEDED, BUDGET_EXCEEDED. */
function requireFit(
  router: ModelRouter,
  model: RoutedModel,
  {
    prompt,
    truncated,
    contextText,
    limits,
    budget,
  }: Pick<Admission, 'truncated' | 'contextText' | 'limits' | 'budget'> & {
    readonly prompt: ModelPrompt;
  },
): void {
  const promptTokens = countPromptTokens(prompt);
  if (promptTokens > limits.maxInputTokens || (truncated && contextText !== ''))
    throw new GenrtlError(
      'MODEL_CONTEXT_EXCEEDED',
      `The request has about ${String(promptTokens)} tokens or more; ${model.id} takes ${String(limits.maxInputTokens)} beside its answer.`,
      { hint: 'Select less text, or choose a model with a longer context.' },
    );
  const entry = router.costOf(model, { input: promptTokens, output: 0 });
  if (budget !== null && entry > budget)
    throw new GenrtlError(
      'BUDGET_EXCEEDED',
      `The question alone costs about $${formatUsd(entry)}, the budget is $${formatUsd(budget)}`,
      { hint: 'Raise the budget of the request, or ask for less.' },
    );
}

/** A preference is a hint: without that model the router's own choice answers, and the run says so. */
function choose(router: ModelRouter, preferred: string | null): { models: RoutedModel[]; substituted: boolean } {
  if (preferred === null) return { models: router.choose('assist', null), substituted: false };
  try {
    const models = router.choose('assist', preferred);
    if (models[0]?.provider !== 'builtin') return { models, substituted: false };
  } catch (error) {
    if (!(error instanceof GenrtlError)) throw error;
  }
  return { models: router.choose('assist', null), substituted: true };
}

function limitsOf(
  services: AiServices,
  router: ModelRouter,
  models: readonly RoutedModel[],
  request: AiRequest,
  configured: ConfiguredLimits,
): FlowLimits {
  const declared = smallestWindow(router, models);
  const context = Math.min(declared.context ?? Infinity, configured.maxModelTokens);
  const window = { ...declared, context: Number.isFinite(context) ? context : null };
  const wanted = Math.min(
    request.options.maxTokens ?? Infinity,
    intentSpec(request.intent).maxTokens,
    configured.reservedOutputTokens,
  );
  const reservedOutputTokens = outputAllowance(window, wanted);
  const room =
    window.context === null ? services.settings.undeclaredInputTokens : promptRoom(window, reservedOutputTokens);
  return {
    maxModelTokens: window.context,
    reservedOutputTokens,
    maxInputTokens: Math.min(room, request.options.maxInputTokensHint ?? Infinity, configured.maxInputTokens),
  };
}

const preferenceOf = (preferred: string | undefined): string | null =>
  preferred === undefined || preferred === '' || preferred === 'auto' ? null : preferred;

function least(limits: readonly (number | null)[]): MicroUsd | null {
  const known = limits.filter((limit) => limit !== null);
  return known.length === 0 ? null : microUsd(Math.min(...known));
}

/** `sum:v2` and `summarize@2` of clients that name flows; ours are the truth. */
function namesFlow(asked: string, flow: InlineFlow): boolean {
  return asked === flowId(flow) || asked === flow.name;
}
