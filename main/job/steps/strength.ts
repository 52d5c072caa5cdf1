// strength: whether the testbenches look at what they say they verify. A bench that does not notice a wrong output is
// not done, and what could not be tried is nobody's pass.
import path from 'node:path';
import { COMPOSER_MODEL, GenrtlError, stepSummary, type AppliedWaiver, type Strength } from '@genrtl/contracts';
import { writeJson } from '@genrtl/disk/records.ts';
import { readPlan } from '../job-files.ts';
import { defineStep, halt } from '../step.ts';
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
  reads: ['plan_step', 'plan_model', 'files', 'waived'],
  writes: ['strength', 'untried', 'waived', 'diagnostics', 'failed_step', 'patch_feedback'],
  async run(context) {
    const top = readPlan(context).top.name;
    const waivers = await waiversOf(context);
    const { strength, benches } = await measureJob(context, waivers);
    await writeJson(path.join(context.runDir, 'strength.json'), strength);
    const weakness = weaknessOf(strength, top, benches[0]?.file ?? null);
    if (weakness !== null) {
      if (context.facts.plan_model === COMPOSER_MODEL)
        return halt(new GenrtlError('SPEC_CHECKS_WEAK', inChecks(weakness.message)), { facts: { strength } });
      const unchecked = weakness.diagnostics.length;
      return {
        kind: 'next',
        event: 'FAIL',
        summary: stepSummary('benchWeak', { count: unchecked }),
        facts: {
          strength,
          diagnostics: [...weakness.diagnostics],
          failed_step: context.stepId,
          patch_feedback: [],
        },
      };
    }
    const { facts, error } = await judgeUntried(context, strength.untried ?? []);
    const passed = [
      ...waivedOutputs(strength, waivers, top),
      ...(strengthBudgetMs(context.env) === 0 ? [byEnvironment(top)] : []),
    ];
    const all = { strength, ...facts, waived: [...(facts.waived ?? []), ...passed] };
    if (error !== null) return halt(error, { facts: all });
    return { kind: 'next', event: 'OK', summary: summaryOf(strength), facts: all };
  },
});

/** A structured specification has a table of checks, not a testbench. */
const inChecks = (message: string): string =>
  message
    .replace('No testbench fails when', 'No row of the Checks table notices when')
    .replace('The testbench passes', 'The Checks table is met')
    .replace('The testbench', 'The Checks table');
