// The model router: chooses, prices and makes single upstream calls. It holds no state about jobs and keeps no records.
import { GenrtlError, microUsd } from '@genrtl/contracts';
import type { ModelService, ModelUsage } from '@genrtl/contracts';
import type { ModelPrompt, ModelRouter, RoutedModel } from './model.ts';
import { BreakerBoard, guarded, type Breaker } from './breaker.ts';
import { secretsOf } from './config.ts';
import type { Endpoint, ModelConfig } from './config.ts';
import { compatibleEndpoint } from './servers.ts';
import type { ModelCard } from './pricing.ts';
import { costOf, isFree, maxCostOf } from './pricing.ts';
import { CutAnswer, isOutputLimit } from './cut-answer.ts';
import { countPromptTokens, createRecorder, withUsage } from './progress.ts';
import { createAnthropicProvider } from './providers/anthropic/index.ts';
import { createCompatibleProvider } from './providers/compatible/index.ts';
import { createOpenaiProvider } from './providers/openai/index.ts';
import type { Provider } from './providers/provider.ts';
import { retryDelayMs } from './retry.ts';
import { connectAhead } from './transport/ahead.ts';
import { cardOf, configuredRoute, listModels, parseModelId, priced, resolveName, unpriced } from './routing.ts';
import type { ModelRef } from './routing.ts';
import { MESSAGE_OVERHEAD, maxTextTokens } from './tokens.ts';

export interface RouterParts {
  readonly config: ModelConfig;
  /** the deterministic composer, the one provider that needs no server */
  readonly composer: Provider;
  /** absent: the router's own */
  readonly breakers?: BreakerBoard;
  /** the operator's own routes, asked for with each choice; absent: the built-in ones */
  readonly routes?: () => Routes;
}

interface Found {
  readonly ref: ModelRef;
  readonly card: ModelCard;
  readonly provider: Provider;
}
/** A configuration's models do not change; what it says of so many is remembered. */
const MOST_FOUND = 500;

/** Names of models by service, first choice first. */
export type Routes = Readonly<Partial<Record<ModelService, readonly string[]>>>;

export function buildModelRouter({
  config,
  composer,
  breakers = new BreakerBoard(),
  routes = () => ({}),
}: RouterParts): ModelRouter {
  const secrets = secretsOf(config);
  const { connection } = config;
  const compatible = new Map<Endpoint, Provider>();
  const compatibleProvider = (model: string): Provider | null => {
    const endpoint = compatibleEndpoint(config, model);
    if (endpoint === null) return null;
    const known = compatible.get(endpoint) ?? createCompatibleProvider({ endpoint, connection, secrets });
    compatible.set(endpoint, known);
    return known;
  };
  const providers: Record<Exclude<RoutedModel['provider'], 'compatible'>, Provider | null> = {
    openai: config.openai && createOpenaiProvider({ endpoint: config.openai, connection, secrets }),
    anthropic: config.anthropic && createAnthropicProvider({ endpoint: config.anthropic, connection, secrets }),
    builtin: composer,
  };

  const found = new Map<string, Found>();

  /** A model chosen before a restart may have lost its server or its price since. */
  function lookUp(model: RoutedModel): Found {
    const known = found.get(model.id);
    if (known !== undefined) return known;
    const ref = parseModelId(model.id);
    const provider =
      ref === null ? null : ref.provider === 'compatible' ? compatibleProvider(ref.name) : providers[ref.provider];
    if (ref === null || provider === null)
      throw new GenrtlError('MODEL_UNKNOWN', `The model ${model.id} is no longer configured.`);
    const card = cardOf(config, ref);
    if (card === null) throw unpriced(ref);
    const one = { ref, card, provider };
    // clients name models too
    if (found.size < MOST_FOUND) found.set(model.id, one);
    return one;
  }

  function endpointOf(ref: ModelRef): Endpoint | null {
    if (ref.provider === 'builtin') return null;
    return ref.provider === 'compatible' ? compatibleEndpoint(config, ref.name) : config[ref.provider];
  }

  function breakerOf(ref: ModelRef): Breaker | null {
    const endpoint = endpointOf(ref);
    return endpoint === null
      ? null
      : breakers.of({ provider: ref.provider, baseUrl: endpoint.baseUrl, model: ref.name });
  }

  return {
    list: () => listModels(config),
    choose: (service, requested) =>
      priced(
        config,
        requested === null ? configuredRoute(config, service, routes()[service]) : [resolveName(config, requested)],
      ),
    window(model) {
      const { card } = lookUp(model);
      return { context: card.context, maxOutput: card.maxOutput };
    },
    maxCost(model, prompt) {
      const { card } = lookUp(model);
      if (isFree(card)) return microUsd(0);
      return maxCostOf(card, maxPromptTokens(prompt), Math.min(prompt.maxOutputTokens, card.maxOutput ?? Infinity));
    },
    costOf: (model, { input, output }) => costOf(lookUp(model).card, { input, output, cached: 0, cacheWrite: 0 }),
    expect(model) {
      const ref = parseModelId(model.id);
      const endpoint = ref === null ? null : endpointOf(ref);
      if (ref !== null && endpoint !== null && breakerOf(ref)?.refusal() == null)
        connectAhead(endpoint.baseUrl, connection);
    },
    async call(model, prompt, { signal, onToken, catalog }) {
      const { ref, card, provider } = lookUp(model);
      if (signal.aborted) throw cancelled();
      if (ref.provider !== 'builtin') requireContext(model, card, prompt);
      const recorder = createRecorder(model, card, prompt, onToken);
      try {
        const upstream = { model: ref.name, card, prompt, signal, progress: recorder, catalog };
        await guarded(breakerOf(ref), signal, () => provider.call(upstream));
        // An aborted stream may end quietly: what comes after a cancel is no answer.
        signal.throwIfAborted();
      } catch (error) {
        const failed = withUsage(signal.aborted ? cancelled() : error, recorder.settle());
        throw isOutputLimit(failed) ? new CutAnswer(failed, recorder.answer()) : failed;
      }
      const usage = recorder.settle();
      if (usage === null)
        throw new GenrtlError('INTERNAL', `The provider of ${model.id} answered without having begun.`);
      if (ref.provider === 'compatible') requireWholePrompt(model, prompt, usage);
      return { text: recorder.answer(), usage };
    },
    refusal(model) {
      const ref = parseModelId(model.id);
      return ref === null ? null : (breakerOf(ref)?.refusal() ?? null);
    },
    retryDelayMs: (error, n) => retryDelayMs(error, n),
  };
}

function cancelled(): GenrtlError {
  return new GenrtlError('CANCELLED', 'The model call was cancelled.');
}

function maxPromptTokens(prompt: ModelPrompt): number {
  const parts = [prompt.system, ...prompt.messages.map((message) => message.content)];
  if (prompt.schema !== undefined) parts.push(JSON.stringify(prompt.schema));
  return parts.reduce((sum, part) => sum + maxTextTokens(part) + MESSAGE_OVERHEAD, 0);
}

/** Windows are set in these steps, and a server that cuts reads exactly as much as its window holds. */
const WINDOW_STEP = 1024;
/** At most this share of our own count then; below the other one whatever the number. */
const WINDOW_READ_SHARE = 0.6;
const LEAST_READ_SHARE = 0.15;
const LEAST_MISSING_TOKENS = 2000;

/**
 * Some servers cut a prompt that is longer than their window without a word: an answer to a part of the specification
 * must not pass for one to all of it.
 */
function requireWholePrompt(model: RoutedModel, prompt: ModelPrompt, usage: ModelUsage): void {
  if (usage.estimated || usage.cached_tokens > 0) return;
  // a schema guides the decoder and is no part of the prompt
  const { schema: _schema, ...text } = prompt;
  const sent = countPromptTokens(text);
  const read = usage.input_tokens;
  const isWindow = (read + 1) % WINDOW_STEP <= 2;
  if (read >= sent * (isWindow ? WINDOW_READ_SHARE : LEAST_READ_SHARE) || sent - read < LEAST_MISSING_TOKENS) return;
  throw withUsage(
    new GenrtlError(
      'MODEL_CONTEXT_EXCEEDED',
      `The server of ${model.id} read ${String(read)} tokens of a prompt of about ${String(sent)}: it cuts prompts at its own window.`,
      {
        hint: 'Start the server with a larger window (Ollama: num_ctx; vLLM: --max-model-len; llama.cpp: -c), and declare the window of the model.',
        details: { prompt_tokens: sent, read_tokens: read },
      },
    ),
    usage,
  );
}

/** Refuses before sending what cannot fit; the count is local, so only a clear excess is refused. */
function requireContext(model: RoutedModel, card: ModelCard, prompt: ModelPrompt): void {
  if (card.context === null) return;
  const tokens = countPromptTokens(prompt);
  const room = card.context - Math.min(prompt.maxOutputTokens, card.maxOutput ?? Infinity);
  if (tokens <= room) return;
  throw new GenrtlError(
    'MODEL_CONTEXT_EXCEEDED',
    `The prompt has about ${String(tokens)} tokens; ${model.id} takes ${String(Math.max(room, 0))} beside its answer.`,
    {
      details: { prompt_tokens: tokens, limit_tokens: Math.max(room, 0), context_tokens: card.context },
    },
  );
}
