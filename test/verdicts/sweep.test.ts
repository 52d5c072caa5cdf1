// One of each kind of `scripts/soak verdicts`: a good pair is not refused, an output that is wrong and unchecked is.
import { describe, expect, it } from 'vitest';
import { pairOf, TEMPLATE_NAMES } from './designs.ts';
import { judgeGood, judgeWrong } from './sweep.ts';

const at = (name: string): number => TEMPLATE_NAMES.indexOf(name);

describe('outputs that are wrong and that no testbench looks at', () => {
  it.each([
    ['fifo', 'full'],
    ['divider', 'div_clk'],
    ['bus', 'pad'],
  ])('%s: %s', async (name, output) => {
    const { refused, strength } = await judgeWrong(pairOf(11, at(name)), output);
    expect(refused).toMatch(/^No testbench fails when the output/);
    const found = strength?.outputs?.find((one) => one.output === output);
    expect(found?.variants.some(({ caught }) => !caught)).toBe(true);
  });
});

describe('good pairs', () => {
  it.each(['fifo', 'divider', 'bus', 'tied', 'constant'])('%s', async (name) => {
    const { refused, strength } = await judgeGood(pairOf(11, at(name)), 0);
    expect(refused).toBeNull();
    expect(strength?.outputs?.every(({ variants }) => variants.every(({ caught }) => caught))).toBe(true);
  });
});
