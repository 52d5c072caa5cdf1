// How much of a model's window answer and prompt may take.
import type { ModelRouter, RoutedModel } from '../../models/model.ts';
import { countTextTokens } from '../../models/tokens.ts';

export interface ModelWindow {
  /** tokens of prompt and answer together; null: not declared */
  readonly context: number | null;
  /** null: no limit of its own */
  readonly maxOutput: number | null;
}

/** What fits every model that may come to be asked. */
export function smallestWindow(router: ModelRouter, models: readonly RoutedModel[]): ModelWindow {
  const windows = models.map((model) => router.window(model));
  const least = (limits: readonly (number | null)[]): number | null => {
    const known = limits.filter((limit) => limit !== null);
    return known.length === 0 ? null : Math.min(...known);
  };
  return {
    context: least(windows.map(({ context }) => context)),
    maxOutput: least(windows.map(({ maxOutput }) => maxOutput)),
  };
}

/** An answer may take this share of a window, as far as it is wanted. */
const ANSWER_SHARE = 0.35;
const LEAST_ANSWER = 1024;
/** Models count a little differently, and questions asked again add to the conversation. */
const MARGIN_SHARE = 0.08;
/** Prompt of a model whose window nobody declared. */
const UNDECLARED_PROMPT = 100_000;
/** More than any window that a prompt gets better by. */
const LARGEST_PROMPT = 400_000;

/** Output tokens to ask for: what the work wants, as far as the window leaves room beside the prompt. */
export function outputAllowance({ context, maxOutput }: ModelWindow, wanted: number): number {
  const share = context === null ? wanted : Math.max(LEAST_ANSWER, Math.floor(context * ANSWER_SHARE));
  return Math.min(wanted, share, maxOutput ?? Number.POSITIVE_INFINITY);
}

/** Tokens that the prompt may have beside such an answer. */
export function promptRoom(window: ModelWindow, allowance: number): number {
  if (window.context === null) return UNDECLARED_PROMPT;
  return Math.min(LARGEST_PROMPT, Math.floor(window.context * (1 - MARGIN_SHARE)) - allowance);
}

export const tokensOf = (text: string): number => countTextTokens(text);

/** At most so many tokens: no encoding makes more than one of a byte. Asked first, it spares loading the tokenizer. */
export const mostTokens = (texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

/** Whether all of them together have at most `room` tokens. */
export const fit = (texts: readonly string[], room: number): boolean =>
  mostTokens(texts) <= room || texts.reduce((sum, text) => sum + tokensOf(text), 0) <= room;
