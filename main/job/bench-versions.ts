// The testbenches of a job as they were before its patches: a later one has to catch whatever an earlier one caught.
import path from 'node:path';
import { GenrtlError, toolPlace, type JobFacts } from '@genrtl/contracts';
import { readJson, writeJson } from '@genrtl/disk/records.ts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { judge, ToolBench, type VariantRun } from '@genrtl/eda/strength/index.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import { z } from 'zod';
import { collectFilelists, type CompileInput } from '../cbb/index.ts';
import { findBenches, setupOf, type Bench } from './benches.ts';
import { withScratch, type Overrides } from './scratch.ts';
import type { StepContext } from './step.ts';
import { toolTimeoutMs } from './tool-run.ts';

const NAME = 'bench_before.json';
/** Texts by path of everything below tb/ that is text. */
const BenchFiles = z.object({ files: z.record(z.string(), z.string()) });
export type BenchFiles = z.infer<typeof BenchFiles>['files'];
export type BenchVersion = NonNullable<JobFacts['bench_versions']>[number];

/** Tells testbenches and what lies beside them, where no source of the design does. */
export function benchFileOf({ rtl, tb }: Pick<CompileInput, 'rtl' | 'tb'>): (file: string) => boolean {
  const listed = new Set(tb);
  const folders = [...new Set(['tb', ...tb.map((file) => path.posix.dirname(file))])].filter(
    (folder) => folder !== '.' && !rtl.some((file) => file.startsWith(`${folder}/`)),
  );
  return (file) => listed.has(file) || folders.some((folder) => file.startsWith(`${folder}/`));
}

export async function readBenchFiles({ project, ...lists }: CompileInput): Promise<BenchFiles> {
  const files: BenchFiles = {};
  const isBench = benchFileOf(lists);
  for (const file of new Set([...lists.tb, ...project.files.filter(isBench)])) {
    const bytes = await readRegular(path.join(project.root, file)).catch(() => null);
    if (bytes !== null && !bytes.includes(0)) files[file] = bytes.toString('utf8');
  }
  return files;
}

export async function keepVersion(context: StepContext<never>, files: BenchFiles): Promise<void> {
  await writeJson(path.join(context.runDir, NAME), { files });
}

/** Null when the run folder is gone. */
export async function readVersion(
  context: StepContext<never>,
  { step_id: id }: BenchVersion,
): Promise<BenchFiles | null> {
  return (await readJson(path.join(context.paths.run(context.jobId, id), NAME), BenchFiles))?.files ?? null;
}

/** The present design with `files` in the place of all testbenches, `design` on top. */
export function withBenches(present: BenchFiles, files: BenchFiles, design: Overrides = new Map()): Overrides {
  const gone = Object.keys(present).filter((file) => !(file in files));
  return new Map<string, string | null>([
    ...design,
    ...gone.map((file) => [file, null] as const),
    ...Object.entries(files),
  ]);
}

export interface BenchRun {
  readonly bench: string;
  readonly file: string;
  readonly run: VariantRun;
}

export interface OpenBenches {
  readonly root: string;
  readonly lists: CompileInput;
  readonly benches: readonly Bench[];
  readonly open: readonly ToolBench[];
  /** each bench once on the design as it is */
  runAll(): Promise<BenchRun[]>;
}

/** Every testbench of a scratch copy, ready to be run. Throws TOOL_MISSING. */
export async function inScratch<T>(
  context: StepContext<never>,
  overrides: Overrides,
  work: (benches: OpenBenches) => Promise<T>,
): Promise<T> {
  const id = toolPlace(context.settings.sim_tool, 'simulate')?.id;
  const adapter = id && adapterById(id);
  if (!adapter) throw new GenrtlError('TOOL_MISSING', `There is no adapter for ${context.settings.sim_tool}.`);
  const own = await collectFilelists(context.paths.root, context.env);
  const isBench = benchFileOf(own);
  const more = [...own.rtl, ...own.tb, ...own.includeDirs, ...own.project.files.filter(isBench)];
  return withScratch(context.paths.root, more, overrides, async (root) => {
    const lists = await collectFilelists(root, context.env);
    const benches = findBenches(lists);
    const open = await Promise.all(
      benches.map((bench) => ToolBench.open(setupOf(bench, adapter, root, context), root)),
    );
    try {
      return await work({
        root,
        lists,
        benches,
        open,
        runAll: async () => {
          const runs: BenchRun[] = [];
          for (const [at, bench] of open.entries()) {
            const limits = { timeoutMs: toolTimeoutMs(context.env), signal: context.signal };
            const run = await bench.run({ files: new Map() }, limits);
            if (run.verdict === 'cancelled') throw new GenrtlError('CANCELLED', 'Cancelled.');
            runs.push({ bench: bench.name, file: benches[at]?.file ?? '', run });
          }
          return runs;
        },
      });
    } finally {
      await Promise.all(open.map((bench) => bench.close()));
    }
  });
}

export const passes = (runs: readonly BenchRun[]): boolean =>
  runs.length > 0 && runs.every(({ run }) => judge(run) === 'passed');
