// The floor for killed mutants: what a sample may say of the mutants that there was no time for.
import { describe, expect, it } from 'vitest';
import type { Strength } from '@genrtl/contracts';
import { weaknessOf } from './strength-verdict.ts';

const strength = (killed: number, total: number, notTried: number): Strength => ({
  stubs: [],
  mutants: { killed, total, not_tried: notTried },
  survivors: [],
  floor: 0.6,
});

describe('killed mutants', () => {
  it.each([
    [8, 14],
    [14, 25],
    [2, 5],
  ])('%i of %i in the time that there was may be chance: a busy machine refuses no good bench', (killed, total) => {
    expect(weaknessOf(strength(killed, total, 27), 'd', null)).toBeNull();
  });

  it.each([
    [0, 3, 27],
    [4, 14, 27],
    [9, 25, 27],
    [17, 30, 27],
    // all that there are
    [8, 14, 0],
  ])('%i of %i, %i not tried: too few', (killed, total, notTried) => {
    expect(weaknessOf(strength(killed, total, notTried), 'd', null)?.message).toMatch(/notices (too few|no) change/);
  });

  it('bits that nobody looks at are not made good by few mutants', () => {
    const q = {
      module: 'd',
      output: 'q',
      variants: [],
      bits: { width: 8, tried: 8, caught: 0, missed: [0, 1, 2, 3, 4, 5, 6, 7] },
    };
    const judged = weaknessOf({ ...strength(2, 5, 27), outputs: [q] }, 'd', null);
    expect(judged?.message).toContain('too few bits of the outputs: 0 of 8');
  });

  it('all that there are, at the floor', () => {
    expect(weaknessOf(strength(3, 5, 0), 'd', null)).toBeNull();
  });
});
