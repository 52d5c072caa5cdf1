// Which model answers: matching of names to configured servers, default routing by service, refusal of what has no
// price.
import { COMPOSER_MODEL, GenrtlError, ModelService, formatUsd } from '@genrtl/contracts';
import type { ModelView } from '@genrtl/contracts';
import type { RoutedModel } from './model.ts';
import type { ModelConfig } from './config.ts';
import type { ModelCard } from './pricing.ts';
import { isListed } from './servers.ts';
import { COMPOSER_CARD, RATE_CARDS, builtInCard, cardFromPrice } from './rate-cards.ts';

type ProviderId = ModelView['provider'];

export interface ModelRef {
  readonly provider: ProviderId;
  /** the provider's own name of the model */
  readonly name: string;
}

export const COMPOSER: ModelRef = { provider: 'builtin', name: COMPOSER_MODEL.slice('builtin/'.length) };

export function modelId(ref: ModelRef): string {
  return `${ref.provider}/${ref.name}`;
}

/** The inverse of modelId; names of compatible servers may hold slashes themselves. */
export function parseModelId(id: string): ModelRef | null {
  const slash = id.indexOf('/');
  const provider = id.slice(0, Math.max(slash, 0));
  const name = id.slice(slash + 1);
  if (name === '') return null;
  switch (provider) {
    case 'openai':
    case 'anthropic':
    case 'compatible':
    case 'builtin':
      return { provider, name };
    default:
      return null;
  }
}

/** The price and limits of a model: the person's own price first, then the built-in card. */
export function cardOf(config: ModelConfig, ref: ModelRef): ModelCard | null {
  if (ref.provider === 'builtin') return ref.name === COMPOSER.name ? COMPOSER_CARD : null;
  const builtIn = ref.provider === 'compatible' ? undefined : builtInCard(ref.provider, ref.name);
  const own = ownPrice(config, ref);
  if (own === undefined) return builtIn ?? null;
  const card = cardFromPrice(own);
  return {
    ...card,
    context: card.context ?? builtIn?.context ?? null,
    maxOutput: card.maxOutput ?? builtIn?.maxOutput ?? null,
  };
}

function ownPrice(config: ModelConfig, ref: ModelRef): ModelConfig['prices'][string] | undefined {
  for (const key of [modelId(ref), ref.name]) {
    if (Object.hasOwn(config.prices, key)) return config.prices[key];
  }
  return undefined;
}

/** Finds the model that a person means by `--model`. Throws MODEL_UNKNOWN. */
export function resolveName(config: ModelConfig, requested: string): ModelRef {
  // what a further server lists is its own, whatever the name looks like
  if (isListed(config, requested)) return { provider: 'compatible', name: requested };
  const named = parseModelId(requested);
  if (named !== null) {
    if (named.provider === 'compatible' && isListed(config, named.name)) return named;
    if (named.provider === 'builtin') {
      if (named.name === COMPOSER.name) return COMPOSER;
      throw new GenrtlError('MODEL_UNKNOWN', `There is no built-in model “${named.name}”; there is ${COMPOSER_MODEL}.`);
    }
    if (config[named.provider] !== null) return named;
    // Servers such as vLLM have model names like "openai/gpt-oss-120b".
    if (config.compatible !== null) return { provider: 'compatible', name: requested };
    throw new GenrtlError('MODEL_UNKNOWN', `The model ${requested} needs a server that is not configured.`, {
      hint: CONFIGURE[named.provider],
    });
  }
  if (requested === COMPOSER.name) return COMPOSER;
  const configured = (['openai', 'anthropic', 'compatible'] as const).filter((id) => config[id] !== null);
  const byCard = configured.find((id) => id !== 'compatible' && builtInCard(id, requested) !== undefined);
  if (byCard !== undefined) return { provider: byCard, name: requested };
  const byFamily = familyOf(requested);
  if (byFamily !== null && config[byFamily] !== null) return { provider: byFamily, name: requested };
  if (config.compatible !== null) return { provider: 'compatible', name: requested };
  if (byFamily === null && configured.length === 1 && configured[0] !== undefined)
    return { provider: configured[0], name: requested };
  throw new GenrtlError(
    'MODEL_UNKNOWN',
    `No configured server is known to offer the model “${requested.slice(0, 100)}”.`,
    {
      hint: byFamily === null ? 'Name it as openai/NAME, anthropic/NAME or compatible/NAME.' : CONFIGURE[byFamily],
    },
  );
}

const CONFIGURE = {
  openai: 'Set OPENAI_API_KEY.',
  anthropic: 'Set ANTHROPIC_API_KEY.',
  compatible: 'Set OPENAI_BASE_URL to the server’s address.',
} as const;

function familyOf(name: string): 'openai' | 'anthropic' | null {
  if (name.startsWith('claude-')) return 'anthropic';
  return /^(gpt-|o\d|chatgpt-)/.test(name) ? 'openai' : null;
}

/** Planning goes to OpenAI-type servers first, writing code to Anthropic first. */
const PREFERENCE: Record<ModelService, readonly ('openai' | 'compatible' | 'anthropic')[]> = {
  plan: ['openai', 'compatible', 'anthropic'],
  implement: ['anthropic', 'openai', 'compatible'],
  repair: ['anthropic', 'openai', 'compatible'],
  assist: ['anthropic', 'openai', 'compatible'],
};

/**
 * First choice, then fallbacks. Throws MODEL_UNKNOWN when a compatible server is configured, but no model of it named.
 */
export function defaultRoute(config: ModelConfig, service: ModelService): ModelRef[] {
  const route: ModelRef[] = [];
  for (const provider of PREFERENCE[service]) {
    if (provider === 'compatible') {
      const name = compatibleDefault(config);
      if (name !== null) route.push({ provider, name });
      continue;
    }
    if (config[provider] === null) continue;
    route.push({ provider, name: ownDefault(config, provider) });
  }
  if (route.length > 0) return route;
  // nothing else is there: the first model that a further server lists
  const [listed] = config.servers.flatMap((server) => server.models);
  if (listed !== undefined && config.compatible === null) return [{ provider: 'compatible', name: listed }];
  if (config.compatible === null) {
    if (service === 'assist') throw new GenrtlError('AI_NEEDS_MODEL', 'No model is configured.');
    return [COMPOSER];
  }
  throw new GenrtlError('MODEL_UNKNOWN', 'A model server is configured, but no model of it is named.', {
    hint: 'Name one with --model or GENRTL_MODEL, and its price with GENRTL_MODEL_PRICES.',
  });
}

/**
 * The default model where a compatible server answers for it. Without a first server it names one of OpenAI's or
 * Anthropic's, unless a further one lists it.
 */
function compatibleDefault(config: ModelConfig): string | null {
  const { defaultModel } = config;
  if (defaultModel === null) return null;
  return config.compatible !== null || isListed(config, defaultModel) ? defaultModel : null;
}

/** The operator's route, as far as its servers are configured; without any of them the default one. */
export function configuredRoute(
  config: ModelConfig,
  service: ModelService,
  names: readonly string[] | undefined,
): ModelRef[] {
  const route = (names ?? []).flatMap((name) => {
    try {
      return [resolveName(config, name)];
    } catch (error) {
      if (error instanceof GenrtlError && error.code === 'MODEL_UNKNOWN') return [];
      throw error;
    }
  });
  return route.length > 0 ? route : defaultRoute(config, service);
}

/** GENRTL_MODEL also replaces the card's default where it names a model of that provider. */
function ownDefault(config: ModelConfig, provider: 'openai' | 'anthropic'): string {
  const wanted = config.defaultModel;
  if (wanted !== null && config.compatible === null && !isListed(config, wanted)) {
    const named = parseModelId(wanted);
    if (named?.provider === provider) return named.name;
    if (named === null && (builtInCard(provider, wanted) !== undefined || familyOf(wanted) === provider)) return wanted;
  }
  return RATE_CARDS[provider].defaultModel;
}

/** Attaches prices. The first model must have one (MODEL_UNPRICED); fallbacks without a price are left out. */
export function priced(config: ModelConfig, route: readonly ModelRef[]): RoutedModel[] {
  const models: RoutedModel[] = [];
  for (const ref of route) {
    const card = cardOf(config, ref);
    if (card !== null) models.push({ id: modelId(ref), provider: ref.provider, rateCard: card.card });
    else if (models.length === 0) throw unpriced(ref);
  }
  return models;
}

export function unpriced(ref: ModelRef): GenrtlError {
  return new GenrtlError('MODEL_UNPRICED', `The model ${modelId(ref)} has no price.`, {
    hint: `Set one (0 is allowed), in dollars per million tokens: GENRTL_MODEL_PRICES='${JSON.stringify({ [ref.name]: { input: '0', output: '0' } })}'.`,
  });
}

/** Every model that is known by name, for the settings page and `GET /v1/models`. */
export function listModels(config: ModelConfig): ModelView[] {
  const refs = new Map<string, ModelRef>();
  const add = (ref: ModelRef): void => {
    refs.set(modelId(ref), ref);
  };
  for (const provider of ['openai', 'anthropic'] as const) {
    if (config[provider] === null) continue;
    for (const name of RATE_CARDS[provider].models.keys()) add({ provider, name });
  }
  const defaults = ModelService.options.map((service) => ({ service, ref: firstOf(config, service) }));
  for (const { ref } of defaults) if (ref !== null) add(ref);
  for (const name of config.servers.flatMap((server) => server.models)) add({ provider: 'compatible', name });
  for (const key of Object.keys(config.prices)) {
    try {
      add(resolveName(config, key));
    } catch (error) {
      // A price for a server that is not configured now is no fault.
      if (!(error instanceof GenrtlError)) throw error;
    }
  }
  add(COMPOSER);
  return [...refs.values()].map((ref) => {
    const card = cardOf(config, ref);
    return {
      id: modelId(ref),
      provider: ref.provider,
      priced: card !== null,
      input_usd_per_mtok: card === null ? null : formatUsd(card.rates.input),
      output_usd_per_mtok: card === null ? null : formatUsd(card.rates.output),
      default_for: defaults
        .filter((first) => first.ref !== null && modelId(first.ref) === modelId(ref))
        .map(({ service }) => service),
    };
  });
}

function firstOf(config: ModelConfig, service: ModelService): ModelRef | null {
  try {
    return defaultRoute(config, service)[0] ?? null;
  } catch (error) {
    if (error instanceof GenrtlError) return null;
    throw error;
  }
}
