// Which models have a price: the built-in versioned cards of OpenAI and Anthropic, and the prices that the person sets.
import { createHash } from 'node:crypto';
import { GenrtlError, microUsd, parseUsd } from '@genrtl/contracts';
import { UsdString } from '@genrtl/contracts';
import { z } from 'zod';
import anthropicJson from './rate-cards/anthropic.json' with { type: 'json' };
import openaiJson from './rate-cards/openai.json' with { type: 'json' };
import type { ModelCard, Rates } from './pricing.ts';

const Price = UsdString.refine((text) => !text.startsWith('-'), 'a price is not negative');
const RatesJson = { input: Price, output: Price, cached: Price.optional(), cache_write: Price.optional() };
const CardJson = z.object({
  version: z.string(),
  provider: z.enum(['openai', 'anthropic']),
  source: z.string(),
  default: z.string(),
  models: z.record(
    z.string(),
    z.object({
      ...RatesJson,
      context: z.number().int().positive(),
      max_output: z.number().int().positive(),
      long: z.object({ ...RatesJson, above: z.number().int().positive() }).optional(),
    }),
  ),
});

/**
 * Prices that the person sets: dollars per million tokens by model name or `<provider>/<name>`.
 * `cached` defaults to `input`; `context` and `max_output` are token limits of the server, when known.
 */
export const ModelPrices = z.record(
  z.string().min(1),
  z.strictObject({
    ...RatesJson,
    context: z.number().int().positive().optional(),
    max_output: z.number().int().positive().optional(),
  }),
);
export type ModelPrices = z.infer<typeof ModelPrices>;

export interface RateCard {
  readonly version: string;
  /** the model that this provider's jobs use when nobody names one */
  readonly defaultModel: string;
  readonly models: ReadonlyMap<string, ModelCard>;
}

function ratesFrom(json: {
  input: string;
  output: string;
  cached?: string | undefined;
  cache_write?: string | undefined;
}): Rates {
  const input = parseUsd(json.input);
  return {
    input,
    output: parseUsd(json.output),
    cached: json.cached === undefined ? input : parseUsd(json.cached),
    cacheWrite: json.cache_write === undefined ? input : parseUsd(json.cache_write),
  };
}

function loadCard(json: unknown): RateCard {
  const card = CardJson.parse(json);
  const models = new Map<string, ModelCard>();
  for (const [name, entry] of Object.entries(card.models)) {
    models.set(name, {
      card: card.version,
      rates: ratesFrom(entry),
      context: entry.context,
      maxOutput: entry.max_output,
      ...(entry.long ? { long: { above: entry.long.above, rates: ratesFrom(entry.long) } } : {}),
    });
  }
  return { version: card.version, defaultModel: card.default, models };
}

export const RATE_CARDS = { openai: loadCard(openaiJson), anthropic: loadCard(anthropicJson) } as const;

/** The deterministic composer costs nothing and has no token limits. */
export const COMPOSER_CARD: ModelCard = {
  card: 'builtin-1',
  rates: { input: microUsd(0), output: microUsd(0), cached: microUsd(0), cacheWrite: microUsd(0) },
  context: null,
  maxOutput: null,
};

/** Entry of a built-in card; dated snapshots (`-2025-11-13`, `-20251101`) cost what their family costs. */
export function builtInCard(provider: 'openai' | 'anthropic', name: string): ModelCard | undefined {
  const { models } = RATE_CARDS[provider];
  return models.get(name) ?? models.get(name.replace(/-(\d{4}-\d{2}-\d{2}|\d{8})$/, ''));
}

/**
 * A card made of the person's own price; its version is a hash of that price, so that the ledger can tell two apart.
 */
export function cardFromPrice(price: ModelPrices[string]): ModelCard {
  const known = OWN_CARDS.get(price);
  if (known !== undefined) return known;
  const card = makeCard(price);
  OWN_CARDS.set(price, card);
  return card;
}

/** Prices that somebody configured do not change, and each question asks for those of its models. */
const OWN_CARDS = new WeakMap<ModelPrices[string], ModelCard>();

function makeCard(price: ModelPrices[string]): ModelCard {
  const hash = createHash('sha256').update(
    JSON.stringify([price.input, price.output, price.cached ?? null, price.cache_write ?? null]),
  );
  return {
    card: `own-${hash.digest('hex').slice(0, 12)}`,
    rates: ratesFrom(price),
    context: price.context ?? null,
    maxOutput: price.max_output ?? null,
  };
}

/** Parses GENRTL_MODEL_PRICES. Throws USAGE naming what is wrong. */
export function parseModelPrices(text: string): ModelPrices {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new GenrtlError('USAGE', 'GENRTL_MODEL_PRICES is not JSON.', { hint: PRICES_HINT, cause });
  }
  const parsed = ModelPrices.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new GenrtlError(
      'USAGE',
      `GENRTL_MODEL_PRICES: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}.`,
      { hint: PRICES_HINT },
    );
  }
  return parsed.data;
}

const PRICES_HINT = 'Dollars per million tokens, e.g. GENRTL_MODEL_PRICES=\'{"llama3":{"input":"0","output":"0"}}\'.';
