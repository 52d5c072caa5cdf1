// What the job's own lines of code may not say, before any of them is run.
import path from 'node:path';
import { COMPOSER_MODEL } from '@genrtl/contracts';
import { composeFiles, elaborateSpec, parseSpec } from '@genrtl/core/spec/index.ts';
import { judgePurity } from '@genrtl/core/purity/index.ts';
import type { Purity } from '@genrtl/core/purity/index.ts';
import { readHeaders } from '@genrtl/eda/strength/index.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import { installedPackages } from '../cbb/index.ts';
import type { Filelists } from '../cbb/index.ts';
import { changesOfJob } from './job-changes.ts';
import { readSpec } from './job-files.ts';
import type { StepContext } from './step.ts';

type PurityFacts = 'plan_model' | 'spec_step' | 'spec_name';

export async function judgeJobPurity(context: StepContext<PurityFacts>, lists: Filelists): Promise<Purity> {
  const { root } = context.paths;
  const { added } = await changesOfJob(root, context.jobId);
  if (added.size === 0) return { findings: [], untried: [] };
  const files = [...lists.rtl, ...lists.tb];
  const texts = new Map(
    await Promise.all(files.map(async (file) => [file, await readRegular(path.join(root, file), 'utf8')] as const)),
  );
  const source = (file: string): { path: string; text: string } => ({ path: file, text: texts.get(file) ?? '' });
  return judgePurity({
    design: lists.rtl.map(source),
    benches: lists.tb.map(source),
    include: await readHeaders({ workspace: root, design: files, includeDirs: lists.includeDirs }, texts),
    added: context.facts.plan_model === COMPOSER_MODEL ? await withoutComposed(context, added, texts) : added,
  });
}

/** Lines that the composer writes are its own, which means genRTL's: a later author of the same file gets the rest. */
async function withoutComposed(
  context: StepContext<PurityFacts>,
  added: ReadonlyMap<string, ReadonlySet<number>>,
  texts: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const parsed = parseSpec(readSpec(context), context.facts.spec_name ?? 'spec.md');
  const packages = (await installedPackages(context.paths.root)).map(({ manifest }) => manifest);
  const result = parsed.kind === 'structured' ? elaborateSpec(parsed, packages) : null;
  if (result === null || !('design' in result)) return added;
  const composed = new Map(composeFiles(result.design).map((file) => [file.path, new Set(file.text.split('\n'))]));
  return new Map(
    [...added].map(([file, lines]) => {
      const own = texts.get(file)?.split('\n') ?? [];
      return [file, new Set([...lines].filter((line) => !composed.get(file)?.has(own[line - 1] ?? '')))];
    }),
  );
}
