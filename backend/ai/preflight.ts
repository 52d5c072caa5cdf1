// Before a long document is worked on: does it go as it is, to a model with a longer window, or in parts; what that
// costs; and which of the parts are known.
import { createHash } from 'node:crypto';
import { GenrtlError, microUsd, type MicroUsd } from '@genrtl/contracts';
import type { AiRequest } from '@genrtl/contracts/http/ai.ts';
import { documentFormat } from '@genrtl/core/chunks/chunk.ts';
import type { Pool } from '../db/index.ts';
import type { FlowLimits } from '../flows/context.ts';
import { flowId, type InlineFlow, type PromptTemplate } from '../flows/flow.ts';
import { expectedOutput, strategyOf, type LongContext, type LongPart } from '../flows/long/long-context.ts';
import { LONG_TEMPLATES, partPrompt } from '../flows/long/part-prompts.ts';
import type { ModelRouter, RoutedModel } from '../models/model.ts';
import { countPromptTokens } from '../models/progress.ts';
import { countTextTokens } from '../models/tokens.ts';
import { signal } from '../telemetry/signals.ts';
import type { AiConfig } from './config.ts';
import { knownParts } from './repository/part-answers.ts';
import { splitText } from '../flows/long/split-text.ts';

const OVERLAP_RATIO = 0.08;
const CONCURRENCY = 4;
/** A chunk is so small a part of what a model takes that one change asks little again. */
const CHUNKS_OF_A_WINDOW = 64;
const LEAST_TARGET = 64;
const MOST_TARGET = 4_096;
/** About so many parts at most, whatever the window. */
const MOST_PARTS = 2_000;
/** Overlap, and texts that count differently beside others. */
const SLACK = 1.25;
/** `L12345| ` */
const NUMBER_TOKENS = 6;
/** An answer that replaces a part may become so much longer. */
const GROWTH = 1.3;
/** A part of fewer tokens says nothing to anybody. */
const LEAST_BOUND = 64;
export const EXPECTED_ANSWER_TOKENS = 1_024;

export interface Preflight {
  readonly pool: Pool;
  readonly accountId: string;
  readonly router: ModelRouter;
  readonly request: AiRequest;
  readonly flow: InlineFlow;
  readonly template: PromptTemplate;
  readonly models: readonly RoutedModel[];
  readonly limits: FlowLimits;
  readonly contextText: string;
  readonly config: AiConfig;
}

/** What decides the answer to a part beside the part itself; null: answers are not kept. */
export function partKeys(
  accountId: string,
  request: AiRequest,
  flow: InlineFlow,
  template: PromptTemplate,
  model: RoutedModel,
): ((reuse: string) => string) | null {
  if (request.options.retention === 'none') return null;
  const { temperature, maxTokens, locale } = request.options;
  const decides = JSON.stringify([
    accountId,
    flowId(flow),
    flow.tools.id,
    template.id,
    LONG_TEMPLATES.map(({ id }) => id),
    model.id,
    model.rateCard,
    [temperature ?? null, maxTokens ?? null, locale ?? null],
    request.schema,
    request.instruction,
    request.selectionRef?.snapshot ?? null,
  ]);
  return (reuse) => createHash('sha256').update(decides).update('\0').update(reuse).digest('hex');
}

/** Throws MODEL_CONTEXT_EXCEEDED: the model takes too little for any part. */
export async function planLong(preflight: Preflight): Promise<LongContext> {
  const { pool, accountId, router, request, flow, template, models, limits, contextText, config } = preflight;
  const [model] = models;
  if (model === undefined) throw new GenrtlError('AI_NEEDS_MODEL', 'No model is configured that answers questions.');
  const strategy = strategyOf(request);
  const nothing = { text: '', overlap: '', lines: { first: 1, last: 1 }, tokens: 0 };
  const overhead = countPromptTokens(partPrompt(strategy, template, request, nothing, limits));
  const room = (limits.maxInputTokens - overhead) / SLACK;
  const answers = strategy === 'in-place' ? limits.reservedOutputTokens / GROWTH : Infinity;
  const configured = config.lcg?.chunking?.max_chunk_tokens;
  const bound = Math.floor(Math.min(room, answers, typeof configured === 'number' ? configured : Infinity));
  if (bound < LEAST_BOUND)
    throw new GenrtlError(
      'MODEL_CONTEXT_EXCEEDED',
      `${model.id} takes ${String(limits.maxInputTokens)} tokens beside its answer: too few for any part of the document.`,
    );
  const total = countTextTokens(contextText);
  const wanted = Math.min(MOST_TARGET, Math.max(LEAST_TARGET, bound / CHUNKS_OF_A_WINDOW));
  const overlapRatio = config.lcg?.chunking?.overlap_ratio ?? OVERLAP_RATIO;
  const { cuts, boundaryErrorRate } = await splitText({
    text: contextText,
    format: documentFormat(request.docId, contextText.slice(0, 200_000)),
    bound,
    target: Math.min(bound, Math.max(wanted, total / MOST_PARTS)),
    overlapRatio,
    lineTokens: strategy === 'in-place' ? 0 : NUMBER_TOKENS,
  });
  const parts = cuts.map(
    ({ at: [overlap, start, textStart, textEnd, end], ...cut }, nth): LongPart => ({
      id: `c${String(nth + 1)}`,
      overlap: contextText.slice(overlap, start),
      before: contextText.slice(start, textStart),
      text: contextText.slice(textStart, textEnd),
      after: contextText.slice(textEnd, end),
      tokens: cut.tokens,
      blocks: cut.blocks,
      lines: cut.lines,
      hash: cut.hash,
    }),
  );
  const keyOf = partKeys(accountId, request, flow, template, model);
  const kept =
    keyOf === null || request.options.refresh === true
      ? new Set<string>()
      : await knownParts(
          pool,
          accountId,
          parts.map(({ hash }) => keyOf(hash)),
        );
  const known = new Set(parts.filter(({ hash }) => keyOf !== null && kept.has(keyOf(hash))).map(({ id }) => id));
  const asked = parts.filter(({ id, text }) => !known.has(id) && text !== '');
  let cost = 0;
  let inputTokens = 0;
  for (const { tokens } of asked) {
    const input = Math.ceil(overhead + tokens * (1 + overlapRatio));
    inputTokens += input;
    cost += router.costOf(model, { input, output: expectedOutput(strategy, tokens) });
  }
  if (strategy !== 'in-place') {
    const notes = parts.reduce((sum, { tokens }) => sum + expectedOutput(strategy, tokens), overhead);
    const input = Math.min(notes, limits.maxInputTokens);
    inputTokens += input;
    cost += router.costOf(model, { input, output: Math.min(EXPECTED_ANSWER_TOKENS, limits.reservedOutputTokens) });
  }
  signal('long_plan', {
    intent: request.intent,
    chunks: parts.length,
    chunkTokens: parts.reduce((sum, { tokens }) => sum + tokens, 0),
    overlapRatio,
    concurrency: config.lcg?.map?.concurrency ?? CONCURRENCY,
    reused: known.size,
    boundaryErrorRate,
  });
  return {
    strategy,
    parts,
    known,
    cutBlocks: cuts.filter(({ insideBlock }) => insideBlock).length,
    boundaryErrorRate,
    overlapRatio,
    concurrency: config.lcg?.map?.concurrency ?? CONCURRENCY,
    inputTokens,
    cost: microUsd(cost),
  };
}

/**
 * The cheapest model of the same providers that takes the whole prompt, when it costs no more than the parts would;
 * null: there is none.
 */
export function longWindowModel(
  router: ModelRouter,
  models: readonly RoutedModel[],
  prompt: { readonly tokens: number; readonly reserved: number; readonly expected: number },
  partsCost: MicroUsd,
): RoutedModel | null {
  let best: { model: RoutedModel; cost: number } | null = null;
  for (const { id, provider, priced } of router.list()) {
    if (!priced || provider === 'builtin' || !models.some((model) => model.provider === provider)) continue;
    const [model] = chosen(router, id);
    const context = model === undefined ? null : router.window(model).context;
    if (model?.id !== id || context === null) continue;
    // the same share that prompts leave free elsewhere
    if (prompt.tokens + prompt.reserved > context * 0.92) continue;
    const cost = router.costOf(model, { input: prompt.tokens, output: prompt.expected });
    if (cost <= partsCost && (best === null || cost < best.cost)) best = { model, cost };
  }
  return best?.model ?? null;
}

function chosen(router: ModelRouter, id: string): readonly RoutedModel[] {
  try {
    return router.choose('assist', id);
  } catch (error) {
    if (error instanceof GenrtlError) return [];
    throw error;
  }
}
