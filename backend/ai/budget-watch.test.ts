// A budget is never passed by more than the piece that passes it, however the text comes, and far from it next to
// nothing is counted.
import { describe, expect, it } from 'vitest';
import { microUsd } from '@genrtl/contracts';
import type { RoutedModel } from '../models/model.ts';
import { countTextTokens } from '../models/tokens.ts';
import { RunBudget, type AnswerCost } from './budget-watch.ts';

const model: RoutedModel = { id: 'compatible/m', provider: 'compatible', rateCard: 'card' };
const IN = 3;
const OUT = 7;
let priced = 0;
const router = {
  costOf: (_model: RoutedModel, { input, output }: { input: number; output: number }) => {
    priced += 1;
    return microUsd(input * IN + output * OUT);
  },
} as Parameters<RunBudget['watch']>[0];

const PIECES = ['a', ' word', ' 计数器', 'always_ff @(posedge clk)', '\n', ' \u{1f600}', '0x1f', ' the'];

describe('answers under a budget', () => {
  it.each([1, 2, 5])('%d side by side: stopped by the piece that passes it, not before', (parallel) => {
    for (let limit = 500; limit < 20_000; limit = Math.round(limit * 1.7)) {
      const budget = new RunBudget(microUsd(limit), 0);
      const answers = Array.from({ length: parallel }, () => ({ cost: budget.watch(router, model, 10), text: '' }));
      const spent = (): number =>
        answers.reduce((sum, { text }) => sum + 10 * IN + countTextTokens(text) * OUT, 0) + budget.spent;
      let stopped = false;
      for (let nth = 0; !stopped; nth += 1) {
        const answer = answers[(nth * 7) % parallel];
        const piece = PIECES[(nth * 5 + limit) % PIECES.length] ?? '';
        if (answer === undefined) break;
        // a text in pieces has at most so many tokens more than the same in one
        if (spent() > limit + parallel * PIECES.length * OUT) throw new Error(`passed at ${String(spent())}`);
        answer.text += piece;
        stopped = answer.cost.add(piece);
      }
      const pieces = answers.reduce((sum, { text }) => sum + text.length, 0);
      expect(spent() + pieces * OUT).toBeGreaterThan(limit);
    }
  });

  it('what is settled, and another answer that begins, take from what the others may cost', () => {
    const budget = new RunBudget(microUsd(100_000), 0);
    const one = budget.watch(router, model, 0);
    expect(one.add('x')).toBe(false);
    budget.spend(microUsd(100_001));
    expect(one.add('x')).toBe(true);
    const other = new RunBudget(microUsd(100_000), 0);
    const first = other.watch(router, model, 0);
    expect(first.add('x')).toBe(false);
    other.watch(router, model, 40_000);
    expect(first.add('x')).toBe(true);
  });

  it('far from the budget a token costs no count and no price', () => {
    const budget = new RunBudget(microUsd(10_000_000), 0);
    const answer: AnswerCost = budget.watch(router, model, 10);
    answer.add('first');
    priced = 0;
    for (let nth = 0; nth < 10_000; nth += 1) expect(answer.add(' word')).toBe(false);
    expect(priced).toBeLessThan(5);
  });

  it('what costs nothing is never stopped', () => {
    const free = { costOf: () => microUsd(0) } as unknown as Parameters<RunBudget['watch']>[0];
    const answer = new RunBudget(microUsd(0), 0).watch(free, model, 10);
    for (let nth = 0; nth < 1_000; nth += 1) expect(answer.add('some words ')).toBe(false);
  });
});
