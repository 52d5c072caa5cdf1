// Accounts for one call as it runs: the text so far, the server's counts, and an honest estimate where it gave none.
import { GenrtlError, ModelUsage, formatUsd } from '@genrtl/contracts';
import type { ModelPrompt, RoutedModel } from './model.ts';
import { costOf } from './pricing.ts';
import type { ModelCard, TokenUsage } from './pricing.ts';
import type { Progress } from './providers/provider.ts';
import { MESSAGE_OVERHEAD, countTextTokens } from './tokens.ts';

export interface Recorder extends Progress {
  answer(): string;
  /** The usage of a call that ended, well or badly; null when the server never began. */
  settle(): ModelUsage | null;
}

export function createRecorder(
  model: RoutedModel,
  card: ModelCard,
  prompt: ModelPrompt,
  onToken: (text: string) => void | Promise<void>,
): Recorder {
  const pieces: string[] = [];
  const thoughts: string[] = [];
  const startedAt = performance.now();
  let firstAt: number | null = null;
  let began = false;
  let final = false;
  let count: Partial<TokenUsage> = {};
  return {
    began() {
      began = true;
    },
    text(piece) {
      firstAt ??= performance.now();
      pieces.push(piece);
      return onToken(piece);
    },
    hidden(piece) {
      firstAt ??= performance.now();
      thoughts.push(piece);
    },
    usage(next, isFinal) {
      const both = { ...count, ...next };
      // what was reported as the whole is not taken back by a later, smaller report
      if (final && sizeOf(both) < sizeOf(count)) return;
      count = both;
      final ||= isFinal;
    },
    answer: () => pieces.join('').toWellFormed(),
    settle() {
      if (!began) return null;
      const usage: TokenUsage =
        final && count.input !== undefined && count.output !== undefined
          ? { input: count.input, output: count.output, cached: count.cached ?? 0, cacheWrite: count.cacheWrite ?? 0 }
          : {
              input: count.input ?? countPromptTokens(prompt),
              output: Math.max(
                count.output ?? 0,
                countTextTokens(pieces.join('')) + countTextTokens(thoughts.join('')),
              ),
              cached: count.cached ?? 0,
              cacheWrite: count.cacheWrite ?? 0,
            };
      return {
        ...toModelUsage(model, card, usage, !final),
        ...(firstAt === null ? {} : { first_token_ms: Math.round(firstAt - startedAt) }),
        duration_ms: Math.round(performance.now() - startedAt),
        ...(model.insteadOf === undefined ? {} : { instead_of: model.insteadOf }),
      };
    },
  };
}

const sizeOf = ({ input = 0, output = 0 }: Partial<TokenUsage>): number => input + output;

const COUNTED = new WeakMap<ModelPrompt, number>();

/** The prompt's tokens as a local estimate. Counted once a prompt, which nobody changes. */
export function countPromptTokens(prompt: ModelPrompt): number {
  const known = COUNTED.get(prompt);
  if (known !== undefined) return known;
  const tokens = countParts(prompt);
  COUNTED.set(prompt, tokens);
  return tokens;
}

function countParts(prompt: ModelPrompt): number {
  const parts = [prompt.system, ...prompt.messages.map((message) => message.content)];
  if (prompt.schema !== undefined) parts.push(JSON.stringify(prompt.schema));
  return parts.reduce((sum, part) => sum + countTextTokens(part) + MESSAGE_OVERHEAD, 0);
}

export function toModelUsage(model: RoutedModel, card: ModelCard, usage: TokenUsage, estimated: boolean): ModelUsage {
  return {
    model: model.id,
    rate_card: card.card,
    input_tokens: usage.input,
    output_tokens: usage.output,
    cached_tokens: usage.cached,
    ...(usage.cacheWrite > 0 ? { cache_write_tokens: usage.cacheWrite } : {}),
    cost_usd: formatUsd(costOf(card, usage)),
    estimated,
  };
}

/** The same error with what the call used, so that the ledger can settle it. */
export function withUsage(error: unknown, usage: ModelUsage | null): unknown {
  if (!(error instanceof GenrtlError) || usage === null) return error;
  return new GenrtlError(error.code, error.message, {
    hint: error.hint,
    details: { ...error.details, usage },
    cause: error.cause,
  });
}

/** What a failed call used, or null when nothing was consumed. */
export function usageOf(error: unknown): ModelUsage | null {
  const parsed = error instanceof GenrtlError ? ModelUsage.safeParse(error.details?.['usage']) : null;
  return parsed?.success === true ? parsed.data : null;
}

/** Unknown or nothing: marked as estimated, since no provider reported it. */
export function nothingUsed(model: RoutedModel): ModelUsage {
  return {
    model: model.id,
    rate_card: model.rateCard,
    input_tokens: 0,
    output_tokens: 0,
    cached_tokens: 0,
    cost_usd: '0.00',
    estimated: true,
  };
}
