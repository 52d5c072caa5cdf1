// Whether a patch changes what the testbenches check: an earlier testbench still fails on the changed design while the
// changed one passes. Whatever else the patch edits, only a person lets that pass.
import type { BenchChange, EarlierFailure } from '@genrtl/contracts';
import { judge } from '@genrtl/eda/strength/index.ts';
import { collectFilelists, installedPackages } from '../cbb/index.ts';
import { applyToWorkspace } from '../patch/index.ts';
import {
  benchFileOf,
  inScratch,
  passes,
  readBenchFiles,
  readVersion,
  withBenches,
  type BenchFiles,
  type BenchRun,
  type BenchVersion,
} from './bench-versions.ts';
import { traceToSpec } from './evidence/trace.ts';
import { readPlan, readSpec } from './job-files.ts';
import type { Overrides } from './scratch.ts';
import type { StepContext } from './step.ts';

export type BenchChangeFacts = 'seen' | 'bench_versions' | 'spec_step' | 'spec_name' | 'plan_step';

export interface PatchedBenches {
  /** testbenches as they are now, when the patch touches them */
  readonly before: BenchFiles | null;
  readonly change: Omit<BenchChange, 'accepted'> | null;
}

const MAX_FAILURES = 20;

/** Throws TOOL_MISSING, CANCELLED. A patch that does not apply changes nothing. */
export async function patchedBenches(context: StepContext<BenchChangeFacts>, diff: string): Promise<PatchedBenches> {
  const nothing: PatchedBenches = { before: null, change: null };
  if (diff.trim() === '') return nothing;
  const { root } = context.paths;
  const outcome = await applyToWorkspace({ workspace: root, diff, check: true, seen: context.facts.seen ?? {} });
  if (!outcome.ok) return nothing;
  const lists = await collectFilelists(root, context.env);
  const isBench = benchFileOf(lists);
  const touched = outcome.changes.filter((change) => isBench(change.path) && change.before !== null);
  const earlier = (context.facts.bench_versions ?? []).filter((version) => !version.accepted);
  if (touched.length === 0 && earlier.length === 0) return nothing;
  const present = await readBenchFiles(lists);
  const after: Overrides = new Map(outcome.changes.map((change) => [change.path, change.after]));
  const before = touched.length === 0 ? null : present;
  if (!(await inScratch(context, after, async (set) => passes(await set.runAll())))) return { before, change: null };
  const design: Overrides = new Map([...after].filter(([file]) => !isBench(file)));
  const files = touched.map(({ path }) => path);
  const found =
    (before === null ? null : await judgedBy(context, present, before, design, true)) ??
    (await judgedByEarlier(context, present, earlier, design));
  return { before, change: found === null ? null : { step_id: context.stepId, files, ...found } };
}

type Found = Pick<BenchChange, 'failures' | 'why'>;

async function judgedByEarlier(
  context: StepContext<BenchChangeFacts>,
  present: BenchFiles,
  versions: readonly BenchVersion[],
  design: Overrides,
): Promise<Found | null> {
  for (const version of versions) {
    const files = await readVersion(context, version);
    const found = files === null ? null : await judgedBy(context, present, files, design, false);
    if (found !== null) return found;
  }
  return null;
}

/** What an earlier set of testbenches says of the changed design; `isPresent`: it builds with the design as it is. */
export async function judgedBy(
  context: StepContext<BenchChangeFacts>,
  present: BenchFiles,
  files: BenchFiles,
  design: Overrides,
  isPresent: boolean,
): Promise<Found | null> {
  const runs = await inScratch(context, withBenches(present, files, design), (set) => set.runAll());
  const failing = runs.filter(({ run }) => judge(run) === 'caught');
  if (failing.length > 0) {
    const failures = await failuresOf(context, failing);
    return { failures, why: whyOf(failing, failures) };
  }
  const broken = runs.filter(({ run }) => judge(run) === 'untried');
  if (broken.length === 0 || !isPresent) return null;
  // one that did not build before either never said anything
  const own = await inScratch(context, new Map(), (set) => set.runAll());
  const lost = broken.find(({ bench }) => own.some((one) => one.bench === bench && judge(one.run) !== 'untried'));
  if (lost === undefined) return null;
  const why = `With the changed design the earlier testbench ${lost.bench} does not build any more: ${lost.run.why}`;
  return { failures: [{ bench: lost.bench }], why };
}

async function failuresOf(
  context: StepContext<BenchChangeFacts>,
  runs: readonly BenchRun[],
): Promise<EarlierFailure[]> {
  const [spec, plan] = [readSpec(context), readPlan(context)];
  const manifests = (await installedPackages(context.paths.root)).map(({ manifest }) => manifest);
  const lines = spec.split('\n');
  return runs
    .flatMap(({ bench, run }): EarlierFailure[] => {
      if (run.failures.size === 0) return [{ bench }];
      return [...run.failures].map((one): EarlierFailure => {
        const at = one.lastIndexOf('@');
        const [signal, time] = [one.slice(0, at), one.slice(at + 1)];
        const trace = traceToSpec(spec, context.facts.spec_name ?? 'spec.md', manifests, plan, {
          signal,
          time: time === '' ? null : time,
        });
        const line = trace?.spec_line;
        return {
          bench,
          signal,
          ...(time === '' ? {} : { time }),
          ...(trace === null ? {} : { check_id: trace.check_id }),
          ...(line === undefined ? {} : { spec_line: line, spec_text: (lines[line - 1] ?? '').trim().slice(0, 300) }),
        };
      });
    })
    .slice(0, MAX_FAILURES);
}

function whyOf(runs: readonly BenchRun[], failures: readonly EarlierFailure[]): string {
  const [first] = failures;
  const where =
    first?.signal === undefined ? '' : ` (${first.signal}${first.time === undefined ? '' : ` at ${first.time}`})`;
  const line =
    first?.spec_line === undefined ? '' : `; line ${first.spec_line} of the specification says: ${first.spec_text}`;
  const names = [...new Set(runs.map(({ bench }) => bench))].join(', ');
  return `With the changed design the earlier testbench ${names} still fails${where}, and only the changed one passes${line}`;
}
