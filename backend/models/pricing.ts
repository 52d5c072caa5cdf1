// What tokens cost: integer micro-dollars from rates in micro-dollars per million tokens, rounded up once per call.
import { microUsd } from '@genrtl/contracts';
import type { MicroUsd } from '@genrtl/contracts';

/** Prices of one model in micro-dollars per million tokens. */
export interface Rates {
  readonly input: MicroUsd;
  readonly cached: MicroUsd;
  /** tokens that the provider writes to its cache; equals `input` where it does not charge extra */
  readonly cacheWrite: MicroUsd;
  readonly output: MicroUsd;
}

/** Prices and limits of one model, with the card's version for the ledger. */
export interface ModelCard {
  readonly card: string;
  readonly rates: Rates;
  /** rates of the whole call once the prompt is longer than `above` tokens */
  readonly long?: { readonly above: number; readonly rates: Rates };
  /** tokens of prompt and answer together; null when nobody told */
  readonly context: number | null;
  readonly maxOutput: number | null;
}

/** Tokens of one call; `cached` and `cacheWrite` are parts of `input`. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly cacheWrite: number;
}

const PER_MILLION = 1_000_000n;

/** The price of one call, rounded up to whole micro-dollars. */
export function costOf(card: ModelCard, usage: TokenUsage): MicroUsd {
  const rates = ratesFor(card, usage.input);
  const plain = usage.input - usage.cached - usage.cacheWrite;
  const sum =
    BigInt(plain) * BigInt(rates.input) +
    BigInt(usage.cached) * BigInt(rates.cached) +
    BigInt(usage.cacheWrite) * BigInt(rates.cacheWrite) +
    BigInt(usage.output) * BigInt(rates.output);
  return microUsd(Number((sum + PER_MILLION - 1n) / PER_MILLION));
}

/** No call with at most these tokens costs more, however the provider's cache behaves. */
export function maxCostOf(card: ModelCard, inputTokens: number, outputTokens: number): MicroUsd {
  const bound = (rates: Rates): bigint => {
    const input = BigInt(Math.max(rates.input, rates.cached, rates.cacheWrite));
    return BigInt(inputTokens) * input + BigInt(outputTokens) * BigInt(rates.output);
  };
  const base = bound(card.rates);
  const long = card.long !== undefined && inputTokens > card.long.above ? bound(card.long.rates) : 0n;
  const sum = base > long ? base : long;
  return microUsd(Number((sum + PER_MILLION - 1n) / PER_MILLION));
}

/** A price of 0 throughout: nothing to count before a call. */
export function isFree(card: ModelCard): boolean {
  return [card.rates, card.long?.rates].every(
    (rates) =>
      rates === undefined || (rates.input === 0 && rates.cached === 0 && rates.cacheWrite === 0 && rates.output === 0),
  );
}

function ratesFor(card: ModelCard, inputTokens: number): Rates {
  return card.long !== undefined && inputTokens > card.long.above ? card.long.rates : card.rates;
}
