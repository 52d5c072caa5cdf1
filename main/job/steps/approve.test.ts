// The gates of plan and purchase; what the gate of a patch asks stands with the edits of a job.
import type { Quote } from '@genrtl/contracts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { COUNTER_PLAN, stepSite, type StepSite } from '../step-fixture.ts';
import type { StepContext } from '../step.ts';
import { approvePlanStep, approvePurchaseStep } from './approve.ts';

let site: StepSite;
beforeEach(() => {
  site = stepSite();
  site.leave('plan_1', 'plan.json', JSON.stringify(COUNTER_PLAN));
});
afterEach(() => site.remove());

const planGate = (
  gate: 'auto' | 'ask',
  approval: StepContext['approval'] = 'none',
  facts: Parameters<StepSite['context']>[0]['facts'] = {},
) =>
  approvePlanStep.run(
    site.context({
      stepId: 'approve_plan_1',
      facts: { plan_step: 'plan_1', ...facts },
      settings: { gates: { plan: gate, purchase: 'ask', patch: 'auto' } },
      approval,
    }),
  );

it('a plan waits at its gate until a person says yes, and passes by rule where nobody is asked', async () => {
  expect(await planGate('ask')).toMatchObject({
    kind: 'halt',
    status: 'needs_input',
    error: { code: 'APPROVAL_NEEDED' },
  });
  expect(site.updates).toEqual([{ type: 'gate', gate: 'plan', step_id: 'approve_plan_1' }]);
  expect(await planGate('ask', 'gate')).toMatchObject({ kind: 'next', event: 'OK' });
  expect(await planGate('auto')).toMatchObject({ kind: 'next', event: 'OK' });
});

it('a plan that contradicts its specification is no rule’s to pass', async () => {
  const facts = { contradictions: ['line 7 of the specification: q has 4 bits'] };
  expect(await planGate('auto', 'none', facts)).toMatchObject({
    kind: 'halt',
    error: { code: 'INTERFACE_CONTRADICTION' },
  });
  expect(await planGate('auto', 'gate', facts)).toMatchObject({ kind: 'next' });
});

it('a plan that would write over a file of the person’s stops, whatever the gate is set to', async () => {
  site.write('src/counter.sv', 'module counter; endmodule\n');
  const outcome = await planGate('auto');
  expect(outcome).toMatchObject({ kind: 'halt', error: { code: 'FILE_OWNED' } });
  expect(site.updates).toEqual([{ type: 'gate', gate: 'plan', step_id: 'approve_plan_1' }]);
});

it('a purchase asks with its number of packages and what they cost, owned ones at nothing', async () => {
  const quote = (cbb_id: string, price_usd: string, owned: boolean): Quote => ({
    cbb_id,
    version: '1.0.0',
    price_usd,
    sha256: 'a'.repeat(64),
    owned,
    compatibility: { tools: [], notes: '' },
    entrypoints: { top: cbb_id, tb: '', filelist: '' },
  });
  const outcome = await approvePurchaseStep.run(
    site.context({
      stepId: 'approve_purchase_1',
      facts: { quotes: [quote('a', '1.50', false), quote('b', '0.75', false), quote('c', '9.00', true)] },
      settings: { gates: { plan: 'auto', purchase: 'ask', patch: 'auto' } },
    }),
  );
  expect(outcome).toMatchObject({
    kind: 'halt',
    error: { message: '3 packages for 2.25 USD wait for your approval.' },
  });
});
