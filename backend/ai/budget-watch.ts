// Follows the cost of a streamed answer: every 32 pieces or 200 ms, with what the prompt costs from the start.
import type { MicroUsd } from '@genrtl/contracts';
import type { ModelRouter, RoutedModel } from '../models/model.ts';
import { countTextTokens } from '../models/tokens.ts';

const EVERY_PIECES = 32;
const EVERY_MS = 200;

export class BudgetWatch {
  readonly #cost: (outputTokens: number) => MicroUsd;
  readonly #limit: number;
  #uncounted = '';
  #pieces = 0;
  #tokens = 0;
  #looked = performance.now();

  constructor(
    router: ModelRouter,
    model: RoutedModel,
    promptTokens: number,
    budget: { readonly micro: MicroUsd; readonly epsilon: number },
  ) {
    this.#cost = (output) => router.costOf(model, { input: promptTokens, output });
    this.#limit = budget.micro * (1 + budget.epsilon);
  }

  /** True when the budget is passed. */
  add(piece: string): boolean {
    this.#uncounted += piece;
    this.#pieces += 1;
    const now = performance.now();
    if (this.#pieces < EVERY_PIECES && now - this.#looked < EVERY_MS) return false;
    this.#tokens += countTextTokens(this.#uncounted);
    this.#uncounted = '';
    this.#pieces = 0;
    this.#looked = now;
    return this.#cost(this.#tokens) > this.#limit;
  }
}
