import { expect, it } from 'vitest';
import { isMissing } from './fixtures/packages.ts';
import { randomSpec } from './fixtures/random-spec.ts';
import { trySpecs } from './fixtures/try-specs.ts';

const noTools = isMissing('iverilog', '-V') || isMissing('verilator', '--version') || isMissing('yosys', '-V');

it.skipIf(noTools)(
  'specs made at random are composed into what every tool accepts (more of them: scripts/soak specs)',
  () => {
    expect(trySpecs(Array.from({ length: 15 }, (_, seed) => randomSpec(`random_${seed}`, seed)))).toEqual([]);
  },
);

it('a seed always gives the same spec', () => {
  expect(randomSpec('m', 5)).toBe(randomSpec('m', 5));
  expect(randomSpec('m', 5)).not.toBe(randomSpec('m', 6));
});
