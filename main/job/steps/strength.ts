// strength: how well the testbench tells the design from stubs and mutants. A bench that lets a stub pass is not done.
import path from 'node:path';
import { availableParallelism } from 'node:os';
import {
  GenrtlError,
  toolIdFrom,
  stepSummary,
  type AppliedWaiver,
  type Diagnostic,
  type Strength,
  type Untried,
} from '@genrtl/contracts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { measureStrength } from '@genrtl/eda/strength/index.ts';
import { readFilelists } from '../../cbb/index.ts';
import { writeJson } from '@genrtl/disk/records.ts';
import { findBenches } from '../benches.ts';
import { readPlan } from '../job-files.ts';
import { halt, type Step, type StepContext } from '../step.ts';
import { judgeUntried } from '../waivers.ts';

/** Mutants are run for so long at most; GENRTL_STRENGTH_SECONDS overrides it, 0 leaves only the stubs. */
const DEFAULT_BUDGET_S = 15;
const MAX_MUTANTS = 200;

function budgetMs(env: NodeJS.ProcessEnv): number {
  const seconds = Number(env['GENRTL_STRENGTH_SECONDS'] ?? DEFAULT_BUDGET_S);
  return (Number.isFinite(seconds) && seconds >= 0 ? seconds : DEFAULT_BUDGET_S) * 1000;
}

/** The person's own word, given by the environment: no mutants. */
const byEnvironment = (name: string): AppliedWaiver => ({
  kind: 'mutants',
  name,
  reason: 'GENRTL_STRENGTH_SECONDS=0',
  why: 'no mutant was run',
});

/** What `strength` leaves open, in the words of the result. */
function untriedOf(strength: Strength, top: string, wanted: boolean): Untried[] {
  const stubs = strength.stubs
    .filter((stub) => stub.untried)
    .map(({ tied_to: name }): Untried => ({ kind: 'stub', name, why: 'it does not build with the testbench' }));
  if (strength.stubs.length === 0) stubs.push({ kind: 'stub', name: '*', why: 'no stub of the design could be built' });
  const { mutants } = strength;
  const tried = !wanted || mutants === null || mutants.total > 0 || (mutants.equivalent ?? 0) > 0;
  return tried ? stubs : [...stubs, { kind: 'mutants', name: top, why: 'no mutant of the design could be run' }];
}

async function measure(context: StepContext): Promise<Strength> {
  const root = context.paths.root;
  const lists = await readFilelists(root);
  const id = toolIdFrom(context.settings.sim_tool);
  const adapter = id && adapterById(id);
  if (!adapter) throw new GenrtlError('TOOL_MISSING', `There is no adapter for ${context.settings.sim_tool}.`);
  const plan = readPlan(context);
  const generated = new Set([...(context.facts.files ?? []), ...plan.files.map((file) => file.path)]);
  let measured: Strength | undefined;
  for (const bench of await findBenches(root, lists)) {
    const strength: Strength = await measureStrength({
      adapter,
      workspace: root,
      sources: bench.sources,
      includeDirs: bench.includeDirs,
      top: bench.name,
      dut: plan.top.name,
      mutate: lists.rtl.filter((file) => generated.has(file)),
      timeBudgetMs: budgetMs(context.env),
      maxMutants: MAX_MUTANTS,
      parallel: availableParallelism(),
      signal: context.signal,
      env: context.env,
    });
    // A stub has to fail somewhere: a later bench may catch what the first one lets pass.
    measured = measured === undefined ? strength : { ...strength, stubs: eitherFails(measured.stubs, strength.stubs) };
    if (measured.mutants !== null) break;
  }
  const strength = measured ?? { mutants: null, stubs: [], survivors: [] };
  return { ...strength, untried: untriedOf(strength, plan.top.name, budgetMs(context.env) > 0) };
}

function eitherFails(first: Strength['stubs'], second: Strength['stubs']): Strength['stubs'] {
  const ties = [...new Set([...first, ...second].map((stub) => stub.tied_to))];
  return ties.map((tie) => {
    const tries = [...first, ...second].filter((stub) => stub.tied_to === tie);
    return {
      tied_to: tie,
      failed: tries.some((stub) => stub.failed),
      ...(tries.every((stub) => stub.untried) ? { untried: true as const } : {}),
    };
  });
}

export const strengthStep: Step = {
  name: 'strength',
  reads: ['plan_step', 'plan_model', 'files', 'waived'],
  writes: ['strength', 'untried', 'waived', 'diagnostics', 'failed_step'],
  async run(context) {
    const strength = await measure(context);
    await writeJson(path.join(context.runDir, 'strength.json'), strength);
    const passing = strength.stubs.filter((stub) => !stub.failed && !stub.untried).map((stub) => stub.tied_to);
    const summary = strength.mutants ? stepSummary('mutants', strength.mutants) : stepSummary('stubsFail');
    if (passing.length === 0) {
      const { facts, error } = await judgeUntried(context, strength.untried ?? []);
      const optedOut = budgetMs(context.env) === 0 ? [byEnvironment(readPlan(context).top.name)] : [];
      const all = { strength, ...facts, waived: [...(facts.waived ?? []), ...optedOut] };
      return error === null ? { kind: 'next', event: 'OK', summary, facts: all } : halt(error, { facts: all });
    }
    const message = `The testbench passes although every output of the design is tied to ${passing.join(' or ')}: check outputs in states where they differ from that.`;
    if (context.facts.plan_model === 'builtin/composer') {
      return halt(
        new GenrtlError('SPEC_CHECKS_WEAK', message.replace('The testbench passes', 'The Checks table is met')),
        { facts: { strength } },
      );
    }
    const diagnostics: Diagnostic[] = [{ tool: 'genrtl', severity: 'error', code: 'BENCH_WEAK', message }];
    return {
      kind: 'next',
      event: 'FAIL',
      summary: stepSummary('stubPasses'),
      facts: { strength, diagnostics, failed_step: context.stepId, patch_feedback: [] },
    };
  },
};
