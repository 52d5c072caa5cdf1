// The three gates: plan, purchase, patch. A gate on `ask` without a person's yes stops the job before anything is spent or written.
import { GenrtlError, formatUsd, parseUsd, type StepName } from '@genrtl/contracts';
import { halt, need, type Step, type StepContext, type StepOutcome } from '../step.ts';

type GateName = 'plan' | 'purchase' | 'patch';

function passGate(context: StepContext, gate: GateName, question: string): StepOutcome {
  const automatic = context.settings.gates[gate] === 'auto';
  if (automatic || context.approval !== 'none') return { kind: 'next', event: 'OK', summary: automatic ? 'auto' : 'approved' };
  context.emit({ type: 'gate', gate, step_id: context.stepId });
  return halt(new GenrtlError('APPROVAL_NEEDED', question));
}

function gateStep(name: StepName, reads: Step['reads'], ask: (context: StepContext) => StepOutcome): Step {
  return { name, reads, writes: [], run: async (context) => ask(context) };
}

export const approvePlanStep = gateStep('approve_plan', ['contradictions'], (context) => {
  const contradictions = context.facts.contradictions ?? [];
  if (contradictions.length > 0 && context.approval === 'none') {
    return halt(new GenrtlError('INTERFACE_CONTRADICTION', contradictions.join(' ')));
  }
  return passGate(context, 'plan', 'The plan waits for your approval.');
});

export const approvePurchaseStep = gateStep('approve_purchase', ['quotes'], (context) => {
  const quotes = need(context.facts, 'quotes');
  const total = quotes.reduce((sum, quote) => sum + (quote.owned ? 0 : parseUsd(quote.price_usd)), 0);
  return passGate(context, 'purchase', `${quotes.length} packages for ${formatUsd(total)} USD wait for your approval.`);
});

export const approvePatchStep = gateStep('approve_patch', ['patch_step'], (context) =>
  passGate(context, 'patch', 'The patch waits for your approval.'));
