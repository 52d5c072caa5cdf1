// Follows the cost of a run's streamed answers: an answer is counted as soon as what came since it was counted last
// could pass the budget, however its text is cut into tokens. Far from the budget that is almost never, near it piece
// by piece. Answers that come side by side count together.
import type { MicroUsd } from '@genrtl/contracts';
import type { ModelRouter, RoutedModel } from '../models/model.ts';
import { countTextTokens } from '../models/tokens.ts';

/** A byte-level encoding needs at most one token a byte, and no UTF-16 unit has more than three bytes. */
const MOST_TOKENS_A_CHAR = 3;
/** Prices are whole micro-dollars a call, so that of one token is seen in that of many. */
const PRICED_TOKENS = 1_000_000;
/** An answer that is far from its budget is counted every so many characters all the same: no string grows for ever. */
const MOST_UNCOUNTED_CHARS = 65_536;

export class RunBudget {
  readonly limit: MicroUsd | null;
  readonly #stop: number;
  readonly #running = new Set<AnswerCost>();
  #spent = 0;

  /** It may be passed by the share `epsilon` before a model is stopped. */
  constructor(limit: MicroUsd | null, epsilon: number) {
    this.limit = limit;
    this.#stop = limit === null ? Infinity : limit * (1 + epsilon);
  }

  /** An answer begins; `end` it when it is settled. */
  watch(router: ModelRouter, model: RoutedModel, promptTokens: number): AnswerCost {
    const answer = new AnswerCost(
      (output) => router.costOf(model, { input: promptTokens, output }),
      () => this.#lookAt(answer),
      () => {
        this.#running.delete(answer);
        this.#shareAnew();
      },
    );
    this.#running.add(answer);
    this.#shareAnew();
    return answer;
  }

  /** What is settled. */
  get spent(): number {
    return this.#spent;
  }

  spend(paid: MicroUsd): void {
    this.#spent += paid;
    this.#shareAnew();
  }

  /** Another answer of this price would be one too many. */
  wouldPass(entry: MicroUsd): boolean {
    return this.#cost() + entry > this.#stop;
  }

  #cost(): number {
    let cost = this.#spent;
    for (const answer of this.#running) cost += answer.cost;
    return cost;
  }

  /** True when the budget is passed; else the answer has its share of what is left. */
  #lookAt(answer: AnswerCost): boolean {
    const left = this.#stop - this.#cost();
    answer.mayCost(Math.max(0, left) / this.#running.size);
    return left < 0;
  }

  /** What was shared out before no longer holds: each is looked at with its next piece. */
  #shareAnew(): void {
    for (const answer of this.#running) answer.mayCost(0);
  }
}

export class AnswerCost {
  readonly #costOf: (outputTokens: number) => MicroUsd;
  readonly #look: () => boolean;
  readonly #ended: () => void;
  readonly #microPerToken: number;
  #uncounted = '';
  #tokens = 0;
  /** characters that may come before it is counted again */
  #room = 0;
  /** as it was counted last */
  cost: number;

  constructor(costOf: (outputTokens: number) => MicroUsd, look: () => boolean, ended: () => void) {
    this.#costOf = costOf;
    this.#look = look;
    this.#ended = ended;
    this.cost = costOf(0);
    this.#microPerToken = (costOf(PRICED_TOKENS) - this.cost) / PRICED_TOKENS;
  }

  /** No text of this price goes by uncounted. */
  mayCost(micro: number): void {
    const chars = micro / (this.#microPerToken * MOST_TOKENS_A_CHAR);
    this.#room = Number.isFinite(chars) ? Math.min(Math.floor(chars), MOST_UNCOUNTED_CHARS) : MOST_UNCOUNTED_CHARS;
  }

  /** True when the run's budget is passed. */
  add(piece: string): boolean {
    this.#uncounted += piece;
    if (this.#uncounted.length <= this.#room) return false;
    this.#tokens += countTextTokens(this.#uncounted);
    this.#uncounted = '';
    this.cost = this.#costOf(this.#tokens);
    return this.#look();
  }

  end(): void {
    this.#ended();
  }
}
