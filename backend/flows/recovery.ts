// What becomes of a step when its run goes on, one row each.
import { GenrtlError } from '@genrtl/contracts';
import type { Step } from './flow.ts';

/** How the step ended in the attempt before; `interrupted`: nobody knows, its process died or it was cancelled. */
export type StepEnd = 'succeeded' | 'failed' | 'interrupted';

/**
 * | deterministic | retryable | resumable | |
 * |---|---|---|---|
 * | true | true | true | finished: passed over; else done again |
 * | true | false | true | finished: passed over; failed: the failure goes up |
 * | false | true | false | done again, whatever it was; another model may answer |
 * | false | false | false | done once: what failed stays failed, and nothing of it is repeated |
 *
 * The rows that the document leaves out follow from its words: what is not resumable is done again where it may be.
 */
export function recoveryOf(
  step: Pick<Step, 'deterministic' | 'retryable' | 'resumable'>,
  end: StepEnd,
): 'skip' | 'rerun' | 'fail' {
  if (end === 'succeeded' && step.deterministic && step.resumable) return 'skip';
  if (step.retryable) return 'rerun';
  // A deterministic step that was interrupted has done nothing that a second time would do differently.
  return end === 'interrupted' && step.deterministic ? 'rerun' : 'fail';
}

export type StepPlan = ReadonlyMap<string, 'skip' | 'rerun'>;

/**
 * What each step does when the run goes on from one of them. Steps before it are passed over where they may be. Throws
 * REQUEST_INVALID: no such step, a step before it that has not finished, or one that may not be done again.
 */
export function planRecovery(
  steps: readonly Pick<Step, 'name' | 'deterministic' | 'retryable' | 'resumable'>[],
  ends: ReadonlyMap<string, StepEnd>,
  from: string | null,
): StepPlan {
  const start = from ?? steps.find((step) => ends.get(step.name) !== 'succeeded')?.name ?? steps.at(-1)?.name;
  const at = steps.findIndex((step) => step.name === start);
  if (at < 0)
    throw new GenrtlError(
      'REQUEST_INVALID',
      `resume_from: this flow has the steps ${steps.map((step) => step.name).join(', ')}`,
    );
  // Behind the step where the run broke nothing had begun; without a word of any, nobody knows.
  const broke = steps.findIndex(({ name }) => ends.has(name) && ends.get(name) !== 'succeeded');
  return new Map(
    steps.map((step, index) => {
      if (broke >= 0 && index > broke && !ends.has(step.name)) return [step.name, 'rerun'] as const;
      const end = ends.get(step.name) ?? 'interrupted';
      if (index < at && end !== 'succeeded')
        throw new GenrtlError('REQUEST_INVALID', `resume_from: the step ${step.name} before it has not finished`);
      const recovery = recoveryOf(step, end);
      if (recovery === 'fail')
        throw new GenrtlError('REQUEST_INVALID', `resume_from: the step ${step.name} may not be done a second time`);
      return [step.name, recovery] as const;
    }),
  );
}
