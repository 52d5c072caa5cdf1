// Follows the cost of a run's streamed answers: each every 32 pieces or 200 ms, and piece by piece where the budget is
// near, with what its prompt costs from the start. Answers that come side by side count together.
import type { MicroUsd } from '@genrtl/contracts';
import type { ModelRouter, RoutedModel } from '../models/model.ts';
import { countTextTokens } from '../models/tokens.ts';

const EVERY_PIECES = 32;
const EVERY_MS = 200;
/** A budget is near when so many tokens would pass it: a piece is about one token, few servers send more in one. */
const NEAR_TOKENS = 4 * EVERY_PIECES;

export class RunBudget {
  readonly limit: MicroUsd | null;
  readonly #stop: number;
  readonly #running = new Set<AnswerCost>();
  /** settled */
  spent = 0;

  /** It may be passed by the share `epsilon` before a model is stopped. */
  constructor(limit: MicroUsd | null, epsilon: number) {
    this.limit = limit;
    this.#stop = limit === null ? Infinity : limit * (1 + epsilon);
  }

  /** An answer begins; `end` it when it is settled. */
  watch(router: ModelRouter, model: RoutedModel, promptTokens: number): AnswerCost {
    const answer = new AnswerCost(
      (output) => router.costOf(model, { input: promptTokens, output }),
      (more) => this.#isPassed(more),
      (ended) => this.#running.delete(ended),
    );
    this.#running.add(answer);
    return answer;
  }

  /** Another answer of this price would be one too many. */
  wouldPass(entry: MicroUsd): boolean {
    return this.#isPassed(entry);
  }

  #isPassed(more = 0): boolean {
    let cost = this.spent + more;
    for (const answer of this.#running) cost += answer.cost;
    return cost > this.#stop;
  }
}

export class AnswerCost {
  readonly #costOf: (outputTokens: number) => MicroUsd;
  readonly #isPassed: (more?: number) => boolean;
  readonly #ended: (answer: AnswerCost) => void;
  #uncounted = '';
  #pieces = 0;
  #tokens = 0;
  #looked = performance.now();
  /** pieces from one look to the next */
  #every: number;
  cost: number;

  constructor(
    costOf: (outputTokens: number) => MicroUsd,
    isPassed: (more?: number) => boolean,
    ended: (answer: AnswerCost) => void,
  ) {
    this.#costOf = costOf;
    this.#isPassed = isPassed;
    this.#ended = ended;
    this.cost = costOf(0);
    this.#every = isPassed(costOf(NEAR_TOKENS)) ? 1 : EVERY_PIECES;
  }

  /** True when the run's budget is passed. */
  add(piece: string): boolean {
    this.#uncounted += piece;
    this.#pieces += 1;
    const now = performance.now();
    if (this.#pieces < this.#every && now - this.#looked < EVERY_MS) return false;
    this.#tokens += countTextTokens(this.#uncounted);
    this.#uncounted = '';
    this.#pieces = 0;
    this.#looked = now;
    this.cost = this.#costOf(this.#tokens);
    const ahead = this.#costOf(this.#tokens + NEAR_TOKENS) - this.cost;
    this.#every = this.#isPassed(ahead) ? 1 : EVERY_PIECES;
    return this.#isPassed();
  }

  end(): void {
    this.#ended(this);
  }
}
