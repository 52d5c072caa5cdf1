// Gathers the evidence of a job's failing step from its run folder, the workspace and the waveform, and writes
// evidence.json.
import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Seal } from '@genrtl/core/evidence/index.ts';
import { readPlan, readSpec } from '../job-files.ts';
import type { StepContext } from '../step.ts';
import { installedPackages } from '../../cbb/index.ts';
import { writeAtomic } from '@genrtl/disk/records.ts';
import { bundleOf } from './bundle.ts';
import { traceToSpec } from './trace.ts';

export { bundleOf } from './bundle.ts';
export type { FailedRun } from './bundle.ts';

/** What the bundle is made of. */
export type EvidenceFacts = 'plan_step' | 'spec_step' | 'spec_name' | 'diagnostics' | 'bench_changes';

/** Builds the bundle of `failedStep`, writes it to the run folder of the present step, and returns its JSON text. */
export async function collectEvidence(context: StepContext<EvidenceFacts>, failedStep: string): Promise<string> {
  const { root } = context.paths;
  const acceptance = failedStep.startsWith('acceptance');
  const plan = readPlan(context);
  const packages = await installedPackages(root);
  const bundle = await bundleOf({
    root,
    jobId: context.jobId,
    stepId: failedStep,
    folder: context.paths.run(context.jobId, failedStep),
    diagnostics: context.facts.diagnostics ?? [],
    lintFolder: await lastLint(context.paths.run(context.jobId), failedStep),
    top: plan.top,
    packages: packages.map(({ manifest }) => manifest),
    acceptDir: context.settings.accept_dir,
    seal: await sealOf(root, context.settings.accept_dir, acceptance),
    env: context.env,
    benchChanges: (context.facts.bench_changes ?? []).map(({ why, files }) => `${files.join(', ')}: ${why}`),
    trace: (failure) =>
      traceToSpec(
        readSpec(context),
        context.facts.spec_name ?? 'spec.md',
        packages.map((each) => each.manifest),
        plan,
        failure,
      ),
  });
  const text = `${JSON.stringify(bundle, null, 1)}\n`;
  await writeAtomic(path.join(context.runDir, 'evidence.json'), text);
  return text;
}

/**
 * Every simulation follows a lint of the same sources, and the next lint comes after the repair that this evidence is
 * for.
 */
async function lastLint(runs: string, failedStep: string): Promise<string | null> {
  if (failedStep.startsWith('lint')) return null;
  const number = (name: string): number => Number(name.slice('lint_'.length));
  const [last] = (await readdir(runs).catch(() => []))
    .filter((name) => name.startsWith('lint_'))
    .sort((a, b) => number(b) - number(a));
  return last === undefined ? null : path.join(runs, last);
}

async function sealOf(root: string, acceptDir: string | null, acceptance: boolean): Promise<Seal> {
  if (acceptDir === null) return { isSealed: () => false, folders: [], acceptance };
  const absolute = path.resolve(acceptDir);
  const folders = [...new Set([absolute, await realpath(absolute).catch(() => absolute)])];
  return {
    folders,
    acceptance,
    isSealed: (file) => {
      const target = path.resolve(root, file);
      return folders.some((folder) => target === folder || target.startsWith(folder + path.sep));
    },
  };
}
