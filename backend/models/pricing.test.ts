import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microUsd } from '@genrtl/contracts';
import { costOf, maxCostOf } from './pricing.ts';
import type { ModelCard } from './pricing.ts';
import { builtInCard, cardFromPrice, parseModelPrices, RATE_CARDS } from './rate-cards.ts';

const rates = (input: number, output: number, cached = input, cacheWrite = input) => ({
  input: microUsd(input),
  output: microUsd(output),
  cached: microUsd(cached),
  cacheWrite: microUsd(cacheWrite),
});
const card = (over: Partial<ModelCard> = {}): ModelCard => ({
  card: 't',
  rates: rates(2_000_000, 10_000_000, 100_000, 2_500_000),
  context: null,
  maxOutput: null,
  ...over,
});

describe('costs', () => {
  it('charges each part at its own rate', () => {
    expect(costOf(card(), { input: 1000, output: 100, cached: 400, cacheWrite: 200 })).toBe(
      400 * 2 + 400 * 0.1 + 200 * 2.5 + 100 * 10,
    );
  });

  it('rounds up once, to whole micro-dollars', () => {
    const cheap = card({ rates: rates(50_000, 400_000) });
    expect(costOf(cheap, { input: 1, output: 0, cached: 0, cacheWrite: 0 })).toBe(1);
    expect(costOf(cheap, { input: 1, output: 1, cached: 0, cacheWrite: 0 })).toBe(1);
    expect(costOf(cheap, { input: 21, output: 0, cached: 0, cacheWrite: 0 })).toBe(2);
    expect(costOf(cheap, { input: 20, output: 0, cached: 0, cacheWrite: 0 })).toBe(1);
  });

  it('nothing costs nothing', () => {
    expect(
      costOf(card({ rates: rates(0, 0) }), { input: 5_000_000, output: 5_000_000, cached: 0, cacheWrite: 0 }),
    ).toBe(0);
  });

  it('a long prompt is charged at the long rate as a whole', () => {
    const tiered = card({ long: { above: 272_000, rates: rates(4_000_000, 15_000_000) } });
    expect(costOf(tiered, { input: 272_000, output: 0, cached: 0, cacheWrite: 0 })).toBe(544_000);
    expect(costOf(tiered, { input: 272_001, output: 1, cached: 0, cacheWrite: 0 })).toBe(272_001 * 4 + 15);
  });

  it('no usage within the bound costs more than the bound', () => {
    const price = fc.integer({ min: 0, max: 100_000_000 });
    fc.assert(
      fc.property(
        price,
        price,
        price,
        price,
        price,
        price,
        fc.nat(2_000_000),
        fc.nat(200_000),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (input, output, cached, write, longInput, longOutput, maxInput, maxOutput, parts) => {
          const model = card({
            rates: rates(input, output, cached, write),
            long: { above: 272_000, rates: rates(longInput, longOutput) },
          });
          const used = Math.floor(maxInput * parts[0]!);
          const fromCache = Math.floor(used * parts[1]!);
          const written = Math.floor((used - fromCache) * parts[2]!);
          const usage = {
            input: used,
            output: Math.floor(maxOutput * parts[3]!),
            cached: fromCache,
            cacheWrite: written,
          };
          expect(costOf(model, usage)).toBeLessThanOrEqual(maxCostOf(model, maxInput, maxOutput));
        },
      ),
    );
  });

  it('stays exact where floating point would not', () => {
    const dear = card({ rates: rates(999_999_999_999, 1) });
    expect(costOf(dear, { input: 7, output: 1, cached: 0, cacheWrite: 0 })).toBe(7_000_000);
  });
});

describe('rate cards', () => {
  it('hold their defaults, and long rates that are dearer', () => {
    for (const one of Object.values(RATE_CARDS)) {
      expect(one.models.has(one.defaultModel)).toBe(true);
      for (const model of one.models.values()) {
        expect(model.rates.cached).toBeLessThanOrEqual(model.rates.input);
        expect(model.rates.output).toBeGreaterThan(model.rates.input);
        expect(model.maxOutput).toBeLessThan(model.context ?? 0);
        if (model.long) expect(model.long.rates.input).toBeGreaterThan(model.rates.input);
      }
    }
  });

  it('price a dated snapshot like its family, and nothing else', () => {
    expect(builtInCard('openai', 'gpt-5.1-2025-11-13')).toBe(builtInCard('openai', 'gpt-5.1'));
    expect(builtInCard('anthropic', 'claude-sonnet-4-5-20250929')).toBe(builtInCard('anthropic', 'claude-sonnet-4-5'));
    expect(builtInCard('openai', 'gpt-5.1-codex')).toBeUndefined();
    expect(builtInCard('openai', 'constructor')).toBeUndefined();
  });

  it('read prices from the environment', () => {
    const prices = parseModelPrices(
      '{"llama":{"input":"0","output":"0","cached":"0"},"x/y":{"input":"1.5","output":"2","context":8192}}',
    );
    expect(cardFromPrice(prices['llama']!)).toMatchObject({ rates: rates(0, 0), context: null });
    expect(cardFromPrice(prices['x/y']!)).toMatchObject({ rates: rates(1_500_000, 2_000_000), context: 8192 });
    expect(cardFromPrice(prices['llama']!).card).not.toBe(cardFromPrice(prices['x/y']!).card);
  });

  it.each([
    'nonsense',
    '[]',
    '{"m":{"input":"-1","output":"0"}}',
    '{"m":{"input":1,"output":"0"}}',
    '{"m":{"input":"1"}}',
    '{"m":{"input":"1","output":"1","outptu":"1"}}',
    '{"m":{"input":"1e3","output":"1"}}',
  ])('refuse %s', (text) => {
    expect(() => parseModelPrices(text)).toThrowError(expect.objectContaining({ code: 'USAGE' }));
  });
});
