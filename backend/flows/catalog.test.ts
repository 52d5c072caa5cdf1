// The list of flows, and what holds for every one of them.
import { describe, expect, it } from 'vitest';
import { AI_INTENT_NAMES, JobKind } from '@genrtl/contracts';
import { catalogOf } from './catalog.ts';
import { flowId, type Step } from './flow.ts';
import { FLOWS } from './index.ts';
import { recoveryOf } from './recovery.ts';
import { runSteps } from './run-steps.ts';

describe('the list of flows', () => {
  it('has a flow for each kind of job and each intent, under names and versions of their own', () => {
    for (const kind of JobKind.options) expect(flowId(FLOWS.jobs[kind])).toBe(`${kind}@1`);
    for (const intent of AI_INTENT_NAMES) expect(FLOWS.intents[intent][0].intent).toBe(intent);
    expect(new Set(FLOWS.list.map(flowId)).size).toBe(FLOWS.list.length);
  });

  it('is refused while one is missing, or stands there twice', () => {
    const without = (name: string) => FLOWS.list.filter((flow) => flow.name !== name);
    expect(() => catalogOf(without('plan'))).toThrow('no flow does the job plan');
    expect(() => catalogOf(without('chat'))).toThrow('no flow answers the intent chat');
    expect(() => catalogOf([...FLOWS.list, FLOWS.jobs.plan])).toThrow('two flows are plan@1');
  });

  it('lets a second version of a flow stand beside the first, which answers', () => {
    const second = { ...FLOWS.intents.ask[0], version: 2 };
    expect(catalogOf([...FLOWS.list, second]).intents.ask.map(flowId)).toEqual(['ask@1', 'ask@2']);
  });
});

describe('every step of every flow', () => {
  const all = FLOWS.list.flatMap((flow) => flow.steps.map((step) => ({ flow, step: step as Step })));

  it('has a name of its own in its flow, and flags that the recovery matrix knows', () => {
    for (const { steps } of FLOWS.list) expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
    for (const { step } of all) {
      expect(recoveryOf(step, 'interrupted')).not.toBe('skip');
      // What asks a model is never the same twice, so what it gave is never taken for granted.
      if (step.type === 'llm') expect([step.deterministic, step.resumable]).toEqual([false, false]);
    }
  });
});

describe('steps', () => {
  it('take what the one before them gives, and stop at the first that fails', async () => {
    const seen: unknown[] = [];
    const step = (name: string, run: (input: unknown) => Promise<unknown>) =>
      ({ name, type: 'tool', deterministic: true, retryable: true, resumable: true, run }) as const;
    const doubled = step('double', async (input) => Number(input) * 2);
    const around = <T>(each: Step, input: unknown, work: () => Promise<T>): Promise<T> => {
      seen.push([each.name, input]);
      return work();
    };
    expect(await runSteps([doubled, doubled], 3, {} as never, { around })).toBe(12);
    expect(seen).toEqual([
      ['double', 3],
      ['double', 6],
    ]);
    const failing = step('fail', () => Promise.reject(new Error('no')));
    await expect(runSteps([failing, doubled], 3, {} as never, { around })).rejects.toThrow('no');
    expect(seen).toHaveLength(3);
  });
});
