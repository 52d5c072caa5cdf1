// The recovery matrix, a row each.
import { describe, expect, it } from 'vitest';
import type { Step } from './flow.ts';
import { planRecovery, recoveryOf, type StepEnd } from './recovery.ts';

const ENDS: readonly StepEnd[] = ['succeeded', 'failed', 'interrupted'];

describe('a step of a run that goes on', () => {
  it.each([
    // deterministic, retryable, resumable → succeeded, failed, interrupted
    [true, true, true, ['skip', 'rerun', 'rerun']],
    [true, false, true, ['skip', 'fail', 'rerun']],
    [false, true, false, ['rerun', 'rerun', 'rerun']],
    [false, false, false, ['fail', 'fail', 'fail']],
  ] as const)('deterministic %s, retryable %s, resumable %s', (deterministic, retryable, resumable, expected) => {
    expect(ENDS.map((end) => recoveryOf({ deterministic, retryable, resumable }, end))).toEqual(expected);
  });
});

describe('resume_from', () => {
  const step = (name: string, kind: [boolean, boolean, boolean]): Step => ({
    name,
    type: 'tool',
    deterministic: kind[0],
    retryable: kind[1],
    resumable: kind[2],
    run: async () => null,
  });
  const steps = [
    step('prepare', [true, true, true]),
    step('draft', [false, true, false]),
    step('check', [true, false, true]),
  ];
  const plan = (ends: Record<string, StepEnd>, from: string | null) =>
    Object.fromEntries(planRecovery(steps, new Map(Object.entries(ends)), from));

  it('passes over what is finished and may be passed over; missing: from the one that failed', () => {
    const ends = { prepare: 'succeeded', draft: 'failed' } as const;
    const expected = { prepare: 'skip', draft: 'rerun', check: 'rerun' };
    expect(plan(ends, 'draft')).toEqual(expected);
    expect(plan(ends, null)).toEqual(expected);
  });

  it('what had not begun begins, also where it may be done only once; unless nobody knows whether it had', () => {
    const delivering = [...steps, step('deliver', [false, false, false])];
    const planned = (ends: Record<string, StepEnd>) => planRecovery(delivering, new Map(Object.entries(ends)), null);
    expect(planned({ prepare: 'succeeded', draft: 'failed' }).get('deliver')).toBe('rerun');
    expect(() => planned({})).toThrowError(/deliver/);
    expect(() => planned({ prepare: 'succeeded', draft: 'succeeded', check: 'succeeded' })).toThrowError(/deliver/);
  });

  it.each([
    [{ prepare: 'failed' }, 'draft'],
    [{ prepare: 'succeeded', draft: 'succeeded', check: 'failed' }, 'check'],
    [{}, 'nowhere'],
  ] as const)('refused: %j from %s', (ends, from) => {
    expect(() => plan(ends, from)).toThrowError(/resume_from/);
  });
});
