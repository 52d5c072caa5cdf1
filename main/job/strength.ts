// Measures the testbenches of a job: which designs, which benches, which changes count.
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { GenrtlError, toolPlace, type Strength, type Waiver } from '@genrtl/contracts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { measureBenches } from '@genrtl/eda/strength/index.ts';
import type { Candidate } from '@genrtl/eda/strength/index.ts';
import { collectFilelists } from '../cbb/index.ts';
import { readSettings } from '../project/effective.ts';
import { isVendorFile } from '@genrtl/core/cbb/vendor-path.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import { findBenches, setupOf } from './benches.ts';
import { measureOnServer } from './cloud-strength.ts';
import type { Bench } from './benches.ts';
import { changesOfJob } from './job-changes.ts';
import { readPlan } from './job-files.ts';
import { judgedDesign } from './judged.ts';
import type { StepContext } from './step.ts';

/** All of it takes so long at most; GENRTL_STRENGTH_SECONDS overrides it, 0 leaves only outputs and stubs. */
const DEFAULT_BUDGET_S = 15;
const MAX_MUTANTS = 200;

export function strengthBudgetMs(env: NodeJS.ProcessEnv): number {
  const seconds = Number(env['GENRTL_STRENGTH_SECONDS'] ?? DEFAULT_BUDGET_S);
  return (Number.isFinite(seconds) && seconds >= 0 ? seconds : DEFAULT_BUDGET_S) * 1000;
}

export interface MeasuredBenches {
  readonly strength: Strength;
  readonly survivors: readonly Candidate[];
  readonly benches: readonly Bench[];
}

/** Throws DESIGN_FAILED, TOOL_MISSING, CANCELLED. */
export async function measureJob(
  context: StepContext<'plan_step' | 'files' | 'checks' | 'tests'>,
  waivers: readonly Waiver[],
): Promise<MeasuredBenches> {
  const { root } = context.paths;
  const place = toolPlace(context.settings.sim_tool, 'simulate');
  const adapter = place && adapterById(place.id);
  if (!adapter) throw new GenrtlError('TOOL_MISSING', `There is no adapter for ${context.settings.sim_tool}.`);
  const [lists, changes, settings] = await Promise.all([
    collectFilelists(root, context.env),
    changesOfJob(root, context.jobId),
    readSettings(context.env, root),
  ]);
  const plan = readPlan(context);
  const passing = new Set((context.facts.tests ?? []).filter(({ passed }) => passed).map(({ name }) => name));
  // where the project says what verifies it, a bench that failed before the job or that no check runs verifies nothing
  const benches = findBenches(lists).filter(({ name }) => context.facts.checks === undefined || passing.has(name));
  const own = lists.rtl.filter((file) => !isVendorFile(file));
  const texts = new Map(
    await Promise.all(own.map(async (file) => [file, await readRegular(path.join(root, file), 'utf8')] as const)),
  );
  const { judged, mutateLines, reachable } = judgedDesign(texts, plan.top.name, changes);
  const written = new Set([
    ...(context.facts.files ?? []),
    ...plan.files.map((file) => file.path),
    ...changes.before.keys(),
  ]);
  const request = {
    design: lists.rtl,
    includeDirs: lists.includeDirs,
    defines: lists.defines,
    judged,
    mutate: own.filter((file) => written.has(file)),
    mutateLines,
    reachable,
    waived: new Map(waivers.filter(({ kind }) => kind === 'output').map(({ name, reason }) => [name, reason])),
    floor: settings.min_strength,
    timeBudgetMs: strengthBudgetMs(context.env),
    maxMutants: MAX_MUTANTS,
  };
  const { strength, survivors } = place.cloud
    ? await measureOnServer(context, { ...request, tool: place.id, benches, texts })
    : await measureBenches(
        benches.map((bench) => setupOf(bench, adapter, root, context)),
        {
          ...request,
          parallel: availableParallelism(),
          signal: context.signal,
          env: context.env,
          confinement: context.confinement,
        },
      );
  return { strength, survivors, benches };
}
