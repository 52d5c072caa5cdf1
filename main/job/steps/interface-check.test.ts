// The plan's top beside what the specification says of it.
import { readStepSummary } from '@genrtl/contracts/step-summary.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { COUNTER_PLAN, COUNTER_SPEC, stepSite, type StepSite } from '../step-fixture.ts';
import { interfaceCheckStep } from './interface-check.ts';

let site: StepSite;
beforeEach(() => {
  site = stepSite();
});
afterEach(() => site.remove());

function checking(spec: string, plan = COUNTER_PLAN) {
  site.leave('import_1', 'spec.md', spec);
  site.leave('plan_1', 'plan.json', JSON.stringify(plan));
  const facts = { spec_step: 'import_1', plan_step: 'plan_1', spec_name: 'counter.md' };
  return interfaceCheckStep.run(site.context({ stepId: 'interface_check_1', facts }));
}

it('a plan that says what the specification says goes on', async () => {
  const outcome = await checking(COUNTER_SPEC);
  expect(outcome).toMatchObject({ event: 'OK', facts: { contradictions: [], interface: { not_stated: [] } } });
});

it('another width is a contradiction, with the line that says otherwise', async () => {
  const outcome = await checking(COUNTER_SPEC.replace('| q | output | 8 |', '| q | output | 4 |'));
  expect(outcome).toMatchObject({
    event: 'CONTRADICTION',
    facts: { diagnostics: [{ file: 'counter.md', line: 7 }] },
  });
  expect(outcome.kind === 'next' ? outcome.summary : '').toContain('line 7 of the specification');
});

it('silence is no agreement: what the specification does not state is counted', async () => {
  const outcome = await checking('# Counter\n\nIt counts.\n');
  expect(outcome).toMatchObject({ event: 'OK', facts: { interface: { stated: 0 } } });
  expect(readStepSummary(outcome.kind === 'next' ? outcome.summary : '')?.name).toBe('planNotStated');
});
