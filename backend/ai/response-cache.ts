// Answers that were given already: by everything that decides an answer, for a while, in memory of this process.
import { createHash } from 'node:crypto';
import type { AiRequest } from '@genrtl/contracts/http/ai.ts';
import type { ModelUsage, RenderMode } from '@genrtl/contracts';
import { flowId, type InlineFlow, type PromptTemplate } from '../flows/flow.ts';
import type { ModelPrompt, RoutedModel } from '../models/model.ts';

export interface CachedAnswer {
  readonly text: string;
  readonly usage: ModelUsage;
}

const MAX_CHARS = 32 << 20;
const TTL_MS = 10 * 60_000;

export interface CacheQuestion {
  readonly accountId: string;
  readonly flow: InlineFlow;
  readonly template: PromptTemplate;
  readonly model: RoutedModel;
  readonly request: AiRequest;
  readonly renderMode: RenderMode;
  /** holds template, selection, context, words and language as the model sees them */
  readonly prompt: ModelPrompt | null;
}

/** Null where an answer is neither looked for nor kept. */
export function cacheKey({
  accountId,
  flow,
  template,
  model,
  request,
  renderMode,
  prompt,
}: CacheQuestion): string | null {
  if (!flow.cached || prompt === null || request.options.retention === 'none') return null;
  // What is asked of the server, not of the answer.
  const { refresh: _refresh, budgetUsd: _budget, cancelOnDisconnect: _cancel, ...options } = request.options;
  const parts = [
    accountId,
    flowId(flow),
    flow.tools.id,
    template.id,
    model.id,
    model.rateCard,
    renderMode,
    options,
    request.schema,
    request.selectionRef?.snapshot ?? null,
    prompt,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

export class ResponseCache {
  /** oldest first */
  readonly #answers = new Map<string, CachedAnswer & { readonly until: number }>();
  readonly #now: () => number;
  #chars = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  clear(): void {
    this.#answers.clear();
    this.#chars = 0;
  }

  get(key: string | null): CachedAnswer | null {
    if (key === null) return null;
    const found = this.#answers.get(key);
    if (found === undefined) return null;
    this.#remove(key);
    if (found.until < this.#now()) return null;
    this.#answers.set(key, found);
    this.#chars += found.text.length;
    return found;
  }

  put(key: string | null, answer: CachedAnswer): void {
    if (key === null || answer.text === '') return;
    this.#remove(key);
    this.#answers.set(key, { ...answer, until: this.#now() + TTL_MS });
    this.#chars += answer.text.length;
    for (const oldest of this.#answers.keys()) {
      if (this.#chars <= MAX_CHARS) break;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    const found = this.#answers.get(key);
    if (found === undefined) return;
    this.#answers.delete(key);
    this.#chars -= found.text.length;
  }
}
