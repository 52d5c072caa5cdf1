// The three gates: plan, purchase, patch. A gate on `ask` without a person's yes stops the job before anything is spent
// or written.
import { COMPOSER_MODEL, GenrtlError, formatUsd, parseUsd, type StepName } from '@genrtl/contracts';
import { stepSummary } from '@genrtl/contracts/step-summary.ts';
import { applyToWorkspace } from '../../patch/index.ts';
import { returningChanges } from '../../review/index.ts';
import { patchedBenches } from '../bench-change.ts';
import { keepVersion } from '../bench-versions.ts';
import { filesOfPatch, letChange } from '../file-owners.ts';
import { readPlan, readRunFile } from '../job-files.ts';
import { defineStep, halt, need, type FactName, type Step, type StepContext, type StepOutcome } from '../step.ts';

type GateName = 'plan' | 'purchase' | 'patch';

function passGate(context: StepContext<never>, gate: GateName, question: string): StepOutcome<never> {
  const automatic = context.settings.gates[gate] === 'auto';
  if (automatic || context.approval !== 'none')
    return { kind: 'next', event: 'OK', summary: stepSummary(automatic ? 'approvedByRule' : 'approved') };
  context.emit({ type: 'gate', gate, step_id: context.stepId });
  return halt(new GenrtlError('APPROVAL_NEEDED', question));
}

function gateStep<const N extends StepName, const R extends FactName>(
  name: N,
  reads: readonly R[],
  ask: (context: StepContext<R>) => StepOutcome<never> | Promise<StepOutcome<never>>,
): Step<N> {
  return defineStep({ name, reads, writes: [], run: async (context: StepContext<R>) => ask(context) });
}

export const approvePlanStep = defineStep({
  name: 'approve_plan',
  reads: ['contradictions', 'plan_step', 'may_change', 'only_files'],
  writes: ['may_change'],
  async run(context): Promise<StepOutcome<'may_change'>> {
    const contradictions = context.facts.contradictions ?? [];
    if (contradictions.length > 0 && context.approval === 'none')
      return halt(new GenrtlError('INTERFACE_CONTRADICTION', contradictions.join(' ')));
    const files = readPlan(context).files.map((file) => file.path);
    const { may_change, refused } = await letChange(context, files);
    if (refused !== null) {
      context.emit({ type: 'gate', gate: 'plan', step_id: context.stepId });
      return halt(refused);
    }
    const passed = passGate(context, 'plan', 'The plan waits for your approval.');
    return passed.kind === 'halt' ? passed : { ...passed, facts: { may_change } };
  },
});

export const approvePurchaseStep = gateStep('approve_purchase', ['quotes'], (context) => {
  const quotes = need(context.facts, 'quotes');
  const total = quotes.reduce((sum, quote) => sum + (quote.owned ? 0 : parseUsd(quote.price_usd)), 0);
  return passGate(context, 'purchase', `${quotes.length} packages for ${formatUsd(total)} USD wait for your approval.`);
});

export const approvePatchStep = defineStep({
  name: 'approve_patch',
  reads: [
    'patch_step',
    'seen',
    'plan_model',
    'bench_versions',
    'bench_changes',
    'spec_step',
    'spec_name',
    'plan_step',
    'may_change',
    'only_files',
  ],
  writes: ['bench_versions', 'bench_changes', 'may_change'],
  async run(context): Promise<StepOutcome<'bench_versions' | 'bench_changes' | 'may_change'>> {
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
    // what the composer writes is the specification's own table of checks
    const composed = context.facts.plan_model === COMPOSER_MODEL && context.flow.author === 'implement';
    const { before, change } = composed
      ? { before: null, change: null }
      : await patchedBenches(context, patchOf(context));
    const accepted =
      context.settings.accept_bench_changes === true ? 'flag' : context.approval === 'gate' ? 'person' : null;
    const changes = (context.facts.bench_changes ?? []).filter(({ step_id: id }) => id !== context.stepId);
    if (change !== null) changes.push({ ...change, accepted });
    if (change !== null && accepted === null) {
      context.emit({ type: 'gate', gate: 'patch', step_id: context.stepId });
      const error = new GenrtlError('BENCH_CHANGED', `${change.why}.`, { details: { change } });
      return halt(error, { facts: { bench_changes: changes } });
    }
    const { may_change, refused } = await letChange(context, filesOfPatch(patchOf(context)));
    if (refused !== null) {
      context.emit({ type: 'gate', gate: 'patch', step_id: context.stepId });
      return halt(refused);
    }
    const passed = passGate(context, 'patch', 'The patch waits for your approval.');
    if (passed.kind === 'halt') return passed;
    if (before !== null) await keepVersion(context, before);
    const versions = (context.facts.bench_versions ?? [])
      .filter(({ step_id: id }) => id !== context.stepId)
      .concat(before === null ? [] : [{ step_id: context.stepId, accepted: false }])
      .map((version) => (change === null ? version : { ...version, accepted: true }));
    return { ...passed, facts: { bench_versions: versions, bench_changes: changes, may_change } };
  },
});

const patchOf = (context: StepContext<'patch_step'>): string =>
  readRunFile(context.paths, context.jobId, need(context.facts, 'patch_step'), 'patch.diff');

/**
 * Files in which the patch undoes a rejection, whatever the gate is set to; a patch that does not apply is the next
 * step's matter.
 */
async function rejectedBefore(context: StepContext<'patch_step' | 'seen'>): Promise<string[]> {
  const outcome = await applyToWorkspace({
    workspace: context.paths.root,
    diff: patchOf(context),
    check: true,
    seen: context.facts.seen ?? {},
  });
  if (!outcome.ok) return [];
  return [...new Set((await returningChanges(context.paths.root, outcome.changes)).map((hunk) => hunk.path))];
}
