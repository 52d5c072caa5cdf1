import { describe, expect, it } from 'vitest';
import { STEP_NAMES } from '@genrtl/contracts/steps.ts';
import { nextFlow, startFlow, type FlowEvent, type FlowState } from './index.ts';

function run(events: FlowEvent['type'][], from = startFlow(2)): FlowState {
  return events.reduce((state, type) => nextFlow(state, { type }), from);
}
/** The road on which all goes well, acceptance tests or not: the steps on it, and where it ends. */
function straight(): string[] {
  const road: string[] = [];
  let state = startFlow(2);
  while (state.at !== 'done' && road.length <= STEP_NAMES.length) {
    road.push(state.at);
    state = nextFlow(state, { type: state.at === 'acceptance' ? 'NONE' : 'OK' });
  }
  return [...road, state.at];
}
const TO_IMPLEMENT = ['OK', 'OK', 'OK', 'OK', 'NONE'] as const;
const TO_LINT = [...TO_IMPLEMENT, 'OK', 'OK', 'OK'] as const;

describe('the flow table', () => {
  it('runs a job with a purchase straight to done, through every step in the order of their list', () => {
    expect(straight()).toEqual([...STEP_NAMES.filter((step) => step !== 'repair'), 'done']);
  });

  it('skips checkout, deliver and install when nothing is to be bought', () => {
    expect(run([...TO_IMPLEMENT]).at).toBe('implement');
  });

  it('sends a contradicting plan back once, then to the person', () => {
    const again = run(['OK', 'OK', 'CONTRADICTION']);
    expect(again.at).toBe('plan');
    expect(run(['OK', 'CONTRADICTION'], again).at).toBe('approve_plan');
  });

  it('fails when the repair turns are used up, wherever they went', () => {
    const afterTwo = run([...TO_LINT, 'FAIL', 'OK', 'OK', 'OK', 'OK', 'FAIL', 'OK', 'OK', 'OK']);
    expect(afterTwo).toMatchObject({ at: 'lint', context: { repairs: 2 } });
    expect(run(['FAIL'], afterTwo).at).toBe('failed');
  });

  it('returns a refused patch to the step that wrote it and counts refusals in a row', () => {
    const rejected = run([...TO_IMPLEMENT, 'OK', 'OK', 'REJECTED']);
    expect(rejected).toMatchObject({ at: 'implement', context: { patchRejections: 1 } });
    expect(run(['OK', 'OK', 'REJECTED', 'OK', 'OK', 'REJECTED'], rejected).at).toBe('failed');
    const repairing = run([...TO_LINT, 'FAIL', 'OK', 'OK', 'REJECTED']);
    expect(repairing.at).toBe('repair');
    expect(run(['OK', 'OK', 'OK'], repairing).context.patchRejections).toBe(0);
  });

  it('throws on an outcome that the step does not know', () => {
    expect(() => run(['FAIL'])).toThrow(RangeError);
  });
});
