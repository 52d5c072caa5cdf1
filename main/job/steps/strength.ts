// strength: whether the testbenches look at what they say they verify. A bench that does not notice a wrong output is
// not done, and what could not be tried is nobody's pass.
import path from 'node:path';
import {
  COMPOSER_MODEL,
  GenrtlError,
  type AppliedWaiver,
  type BenchChange,
  type JobFacts,
  type Strength,
} from '@genrtl/contracts';
import { stepSummary } from '@genrtl/contracts/step-summary.ts';
import { writeJson } from '@genrtl/disk/records.ts';
import { comparedWithEarlier } from '../bench-weaker.ts';
import { readPlan } from '../job-files.ts';
import { defineStep, halt, type StepContext } from '../step.ts';
import { measureJob, strengthBudgetMs } from '../strength.ts';
import { waivedOutputs, weaknessOf } from '../strength-verdict.ts';
import { judgeUntried, waiversOf } from '../waivers.ts';

/** The person's own word, given by the environment: no mutants. */
const byEnvironment = (name: string): AppliedWaiver => ({
  kind: 'mutants',
  name,
  reason: 'GENRTL_STRENGTH_SECONDS=0',
  why: 'no mutant was run',
});

function summaryOf({ mutants, outputs = [], not_applicable }: Strength): string {
  if (not_applicable || mutants === null) return stepSummary('outputsChecked', { count: outputs.length });
  const { killed, total, not_tried = 0 } = mutants;
  return not_tried > 0
    ? stepSummary('mutantsOf', { killed, total, left: not_tried })
    : stepSummary('mutants', { killed, total });
}

export const strengthStep = defineStep({
  name: 'strength',
  reads: [
    'plan_step',
    'plan_model',
    'files',
    'checks',
    'tests',
    'waived',
    'seen',
    'bench_versions',
    'bench_changes',
    'spec_step',
    'spec_name',
  ],
  writes: [
    'strength',
    'untried',
    'waived',
    'bench_changes',
    'bench_versions',
    'diagnostics',
    'failed_step',
    'patch_feedback',
  ],
  async run(context) {
    const top = readPlan(context).top.name;
    const waivers = await waiversOf(context);
    const measured = await measureJob(context, waivers);
    const { benches, survivors } = measured;
    const budgetMs = strengthBudgetMs(context.env);
    const comparison =
      (context.facts.bench_versions ?? []).length === 0
        ? null
        : await comparedWithEarlier(context, measured.strength, survivors, { budgetMs: budgetMs / 2 });
    const strength: Strength = {
      ...measured.strength,
      ...(comparison === null ? {} : { compared: comparison.compared }),
    };
    await writeJson(path.join(context.runDir, 'strength.json'), strength);
    const weakness = weaknessOf(strength, top, benches[0]?.file ?? null);
    const diagnostics = [...(weakness?.diagnostics ?? []), ...(comparison?.diagnostics ?? [])];
    if (weakness !== null && context.facts.plan_model === COMPOSER_MODEL)
      return halt(new GenrtlError('SPEC_CHECKS_WEAK', inChecks(weakness.message)), { facts: { strength } });
    if (diagnostics.length > 0)
      return {
        kind: 'next',
        event: 'FAIL',
        summary: stepSummary('benchWeak', { count: diagnostics.length }),
        facts: { strength, diagnostics, failed_step: context.stepId, patch_feedback: [] },
      };
    const accepted = acceptedChange(context, comparison?.change ?? null);
    if (accepted.error !== null) return halt(accepted.error, { facts: { strength, ...accepted.facts } });
    const { facts, error } = await judgeUntried(context, strength.untried ?? []);
    const passed = [
      ...waivedOutputs(strength, waivers, top),
      ...(strengthBudgetMs(context.env) === 0 ? [byEnvironment(top)] : []),
    ];
    const all = { strength, ...facts, ...accepted.facts, waived: [...(facts.waived ?? []), ...passed] };
    if (error !== null) return halt(error, { facts: all });
    return { kind: 'next', event: 'OK', summary: summaryOf(strength), facts: all };
  },
});

/** The last word on testbenches that were changed before anybody could tell what the change was worth. */
function acceptedChange(
  context: StepContext<'bench_changes' | 'bench_versions'>,
  change: Omit<BenchChange, 'accepted'> | null,
): { error: GenrtlError | null; facts: Pick<JobFacts, 'bench_changes' | 'bench_versions'> } {
  if (change === null) return { error: null, facts: {} };
  const accepted: BenchChange['accepted'] =
    context.settings.accept_bench_changes === true ? 'flag' : context.approval === 'gate' ? 'person' : null;
  const others = (context.facts.bench_changes ?? []).filter(({ step_id: id }) => id !== context.stepId);
  const facts = {
    bench_changes: [...others, { ...change, accepted }],
    ...(accepted === null
      ? {}
      : { bench_versions: (context.facts.bench_versions ?? []).map((version) => ({ ...version, accepted: true })) }),
  };
  const error = accepted === null ? new GenrtlError('BENCH_CHANGED', `${change.why}.`, { details: { change } }) : null;
  return { error, facts };
}

/** A structured specification has a table of checks, not a testbench. */
const inChecks = (message: string): string =>
  message
    .replace('No testbench fails when', 'No row of the Checks table notices when')
    .replace('The testbench passes', 'The Checks table is met')
    .replace('The testbench', 'The Checks table');
