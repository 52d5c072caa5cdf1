// The three gates: plan, purchase, patch. A gate on `ask` without a person's yes stops the job before anything is spent
// or written.
import { GenrtlError, formatUsd, parseUsd, stepSummary, type StepName } from '@genrtl/contracts';
import { applyToWorkspace } from '../../patch/index.ts';
import { returningChanges } from '../../review/index.ts';
import { readRunFile } from '../job-files.ts';
import { defineStep, halt, need, type FactName, type Step, type StepContext, type StepOutcome } from '../step.ts';

type GateName = 'plan' | 'purchase' | 'patch';

function passGate(context: StepContext<never>, gate: GateName, question: string): StepOutcome<never> {
  const automatic = context.settings.gates[gate] === 'auto';
  if (automatic || context.approval !== 'none')
    return { kind: 'next', event: 'OK', summary: stepSummary(automatic ? 'approvedByRule' : 'approved') };
  context.emit({ type: 'gate', gate, step_id: context.stepId });
  return halt(new GenrtlError('APPROVAL_NEEDED', question));
}

function gateStep<const R extends FactName>(
  name: StepName,
  reads: readonly R[],
  ask: (context: StepContext<R>) => StepOutcome<never> | Promise<StepOutcome<never>>,
): Step {
  return defineStep({ name, reads, writes: [], run: async (context: StepContext<R>) => ask(context) });
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

export const approvePatchStep = gateStep('approve_patch', ['patch_step', 'seen'], async (context) => {
  if (context.approval === 'none') {
    const returning = await rejectedBefore(context);
    if (returning.length > 0) {
      context.emit({ type: 'gate', gate: 'patch', step_id: context.stepId });
      return halt(
        new GenrtlError(
          'REJECTED_CHANGE_RETURNS',
          `The patch brings back changes that you rejected in ${returning.join(', ')}.`,
          { details: { files: returning } },
        ),
      );
    }
  }
  return passGate(context, 'patch', 'The patch waits for your approval.');
});

/**
 * Files in which the patch undoes a rejection, whatever the gate is set to; a patch that does not apply is the next
 * step's matter.
 */
async function rejectedBefore(context: StepContext<'patch_step' | 'seen'>): Promise<string[]> {
  const diff = readRunFile(context.paths, context.jobId, need(context.facts, 'patch_step'), 'patch.diff');
  const outcome = await applyToWorkspace({
    workspace: context.paths.root,
    diff,
    check: true,
    seen: context.facts.seen ?? {},
  });
  if (!outcome.ok) return [];
  return [...new Set((await returningChanges(context.paths.root, outcome.changes)).map((hunk) => hunk.path))];
}
