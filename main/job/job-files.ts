// Reads what earlier steps of the job left in their run folders: specification, plan, patch.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Plan, type FileRef, type JobRequest, type PatchRules } from '@genrtl/contracts';
import { loadProject } from '../project/load-project.ts';
import type { LoadedProject } from '../project/load-project.ts';
import { readModelSources } from '../project/model-sources.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';
import { agentsRules, planScope, rulesPart } from './project-scope.ts';
import { need, type StepContext } from './step.ts';

/** Throws ENOENT where the step left no such file. */
export function readRunFile(paths: WorkspacePaths, jobId: string, stepId: string, name: string): string {
  return readFileSync(path.join(paths.run(jobId, stepId), name), 'utf8');
}

export function readSpec(context: StepContext<'spec_step'>): string {
  return readRunFile(context.paths, context.jobId, need(context.facts, 'spec_step'), 'spec.md');
}

export function readPlanText(context: StepContext<'plan_step'>): string {
  return readRunFile(context.paths, context.jobId, need(context.facts, 'plan_step'), 'plan.json');
}

export function readPlan(context: StepContext<'plan_step'>): Plan {
  return Plan.parse(JSON.parse(readPlanText(context)));
}

/** Uploads spec, plan and the workspace's own sources; what a model is to see of them, by hash. */
export async function uploadInputs(context: StepContext<'spec_step' | 'spec_name' | 'plan_step' | 'cbbs'>): Promise<{
  spec: string;
  spec_name: string;
  plan: string;
  files: FileRef[];
  cbbs: { cbb_id: string; version: string }[];
  rules?: PatchRules;
  agents?: string;
}> {
  const backend = await context.backend();
  const project = await loadProject(context.paths.root, context.env);
  const sources = await uploadSources(context, project);
  const [spec, plan] = await Promise.all([backend.putText(readSpec(context)), backend.putText(readPlanText(context))]);
  return {
    spec,
    plan,
    spec_name: need(context.facts, 'spec_name'),
    cbbs: context.facts.cbbs ?? [],
    ...rulesPart(project),
    ...sources,
  };
}

/** The workspace's own sources and rules, as blobs. */
async function uploadSources(
  context: StepContext<never>,
  project: LoadedProject,
): Promise<{ files: FileRef[]; agents?: string }> {
  const backend = await context.backend();
  const files = await readModelSources(project, context.settings.accept_dir);
  for (const file of files) await backend.putText(file.text);
  const agents = await agentsRules(project);
  return {
    files: files.map(({ path, sha256 }) => ({ path, sha256 })),
    ...(agents === null ? {} : { agents: await backend.putText(agents) }),
  };
}

/** What a plan is told of the workspace. */
export async function uploadPlanScope(
  context: StepContext<never>,
): Promise<Pick<Extract<JobRequest, { kind: 'plan' }>, 'rules' | 'existing' | 'files' | 'agents'>> {
  const project = await loadProject(context.paths.root, context.env);
  return { ...planScope(project), ...(await uploadSources(context, project)) };
}
