// Whether the testbenches still catch what earlier ones of the same job caught: mutants that survive now, and outputs
// that nobody looks at any more.
import path from 'node:path';
import { toolPlace, type BenchChange, type CheckedOutput, type Diagnostic, type Strength } from '@genrtl/contracts';
import { applyMutant, judge, measureStrength, type Candidate } from '@genrtl/eda/strength/index.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import { collectFilelists } from '../cbb/index.ts';
import { judgedBy, type BenchChangeFacts } from './bench-change.ts';
import {
  inScratch,
  readBenchFiles,
  readVersion,
  withBenches,
  type BenchRun,
  type OpenBenches,
} from './bench-versions.ts';
import type { StepContext } from './step.ts';

export interface Comparison {
  /** an earlier testbench that nobody accepted still fails on the design */
  readonly change: Omit<BenchChange, 'accepted'> | null;
  /** code BENCH_WEAKER */
  readonly diagnostics: readonly Diagnostic[];
  readonly compared: NonNullable<Strength['compared']>;
}

/** Mutants that earlier testbenches are asked about; more take longer than they tell. */
const MAX_ASKED = 40;
const MUTANT_TIMEOUT_MS = 20_000;

export async function comparedWithEarlier(
  context: StepContext<BenchChangeFacts>,
  strength: Strength,
  survivors: readonly Candidate[],
  limits: { readonly budgetMs: number },
): Promise<Comparison> {
  const versions = context.facts.bench_versions ?? [];
  const { root } = context.paths;
  const present = await readBenchFiles(await collectFilelists(root, context.env));
  const until = performance.now() + limits.budgetMs;
  const asked = survivors.slice(0, MAX_ASKED);
  const diagnostics: Diagnostic[] = [];
  let reached = asked.length;
  for (const version of versions) {
    const files = await readVersion(context, version);
    if (files === null) continue;
    if (!version.accepted) {
      const found = await judgedBy(context, present, files, new Map(), false);
      if (found !== null) {
        const change = { step_id: context.stepId, files: Object.keys(files).sort(), ...found };
        return { change, diagnostics: [], compared: { versions: versions.length, mutants: 0, of: survivors.length } };
      }
    }
    await inScratch(context, withBenches(present, files), async (set) => {
      const good = await set.runAll();
      for (const [at, candidate] of asked.entries()) {
        if (at > 0 && performance.now() > until) {
          reached = Math.min(reached, at);
          break;
        }
        const bench = await noticedBy(set, good, candidate, root, context.signal);
        if (bench !== null) diagnostics.push(lostMutant(candidate, bench));
      }
      diagnostics.push(...(await lostOutputs(context, set, good, strength)));
    });
  }
  return { change: null, diagnostics, compared: { versions: versions.length, mutants: reached, of: survivors.length } };
}

/**
 * The earlier testbench that tells this mutant from the design: it fails, or where it fails on the design too, it fails
 * otherwise.
 */
async function noticedBy(
  { open }: OpenBenches,
  good: readonly BenchRun[],
  { file, mutant }: Candidate,
  root: string,
  signal: AbortSignal,
): Promise<string | null> {
  const text = applyMutant(await readRegular(path.join(root, file), 'utf8'), mutant);
  for (const [at, bench] of open.entries()) {
    const before = good[at]?.run;
    if (before === undefined || judge(before) === 'untried') continue;
    const run = await bench.run({ files: new Map([[file, text]]) }, { timeoutMs: MUTANT_TIMEOUT_MS, signal });
    if (judge(run) !== 'caught') continue;
    if (judge(before) === 'passed' || !sameSet(before.failures, run.failures)) return bench.name;
  }
  return null;
}

const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((one) => b.has(one));

const lostMutant = ({ file, mutant }: Candidate, bench: string): Diagnostic => ({
  tool: 'genrtl',
  severity: 'error',
  code: 'BENCH_WEAKER',
  message: `The earlier testbench ${bench} noticed this change of the design, the present one does not: ${mutant.description}. Bring back the check that was lost.`,
  file,
  line: mutant.line,
});

/** Outputs that are unchecked now although the earlier testbenches looked at them. */
async function lostOutputs(
  context: StepContext<never>,
  { root, lists, open }: OpenBenches,
  good: readonly BenchRun[],
  strength: Strength,
): Promise<Diagnostic[]> {
  const unchecked = (strength.outputs ?? []).filter(
    (one) => one.waived === undefined && one.variants.some(({ caught }) => !caught),
  );
  if (unchecked.length === 0 || good.some(({ run }) => judge(run) !== 'passed')) return [];
  const earlier = await measureStrength({
    benches: open,
    workspace: root,
    design: lists.rtl,
    includeDirs: lists.includeDirs,
    defines: lists.defines,
    confinement: context.confinement,
    judged: [...new Set(unchecked.map(({ module }) => module))].map((module) => ({ module })),
    mutate: [],
    simulator: toolPlace(context.settings.sim_tool, 'simulate')?.id ?? context.settings.sim_tool,
    timeBudgetMs: 0,
    scratchDir: root,
    signal: context.signal,
    env: context.env,
  });
  return unchecked.flatMap((one): Diagnostic[] => {
    const before = earlier.outputs?.find(({ module, output }) => module === one.module && output === one.output);
    const bench = before === undefined ? null : caughtBy(before, one);
    return bench === null
      ? []
      : [
          {
            tool: 'genrtl',
            severity: 'error',
            code: 'BENCH_WEAKER',
            message: `The earlier testbench ${bench} looked at the output ${one.output}, the present one does not. Bring back the check that was lost.`,
          },
        ];
  });
}

function caughtBy(before: CheckedOutput, now: CheckedOutput): string | null {
  for (const { variant, caught } of now.variants) {
    const earlier = before.variants.find((one) => one.variant === variant);
    if (!caught && earlier?.caught) return earlier.bench ?? 'before';
  }
  return null;
}
