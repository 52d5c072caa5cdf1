// Reads what earlier steps of the job left in their run folders: specification, plan, patch.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Plan, type FileRef, type JobRequest, type PatchRules } from '@genrtl/contracts';
import { loadProject } from '../project/load-project.ts';
import type { LoadedProject } from '../project/load-project.ts';
import { readModelSources } from '../project/model-sources.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';
import { AGENTS, agentsRules, planScope, rulesPart } from './project-scope.ts';
import type { Sending } from './sending.ts';
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

/** Spec, plan and the workspace's own sources for a model to see, by hash. */
export async function addInputs(
  context: StepContext<'spec_step' | 'spec_name' | 'plan_step' | 'cbbs'>,
  sending: Sending,
): Promise<{
  spec: string;
  spec_name: string;
  plan: string;
  files: FileRef[];
  cbbs: { cbb_id: string; version: string }[];
  rules?: PatchRules;
  agents?: string;
}> {
  const project = await loadProject(context.paths.root, context.env);
  const specName = need(context.facts, 'spec_name');
  return {
    spec: sending.add('spec', specName, readSpec(context)),
    plan: sending.add('plan', 'plan.json', readPlanText(context)),
    spec_name: specName,
    cbbs: context.facts.cbbs ?? [],
    ...rulesPart(project),
    ...(await addSources(context, project, sending)),
  };
}

/** The workspace's own sources and rules. */
async function addSources(
  context: StepContext<never>,
  project: LoadedProject,
  sending: Sending,
): Promise<{ files: FileRef[]; agents?: string }> {
  const files = await readModelSources(project, context.settings.accept_dir, (file) => sending.leaveOut(file));
  const agents = await agentsRules(project);
  return {
    files: files.map((file) => ({ path: file.path, sha256: sending.addSource(file) })),
    ...(agents === null ? {} : { agents: sending.add('rules', AGENTS, agents) }),
  };
}

/** What a plan is told of the workspace. */
export async function addPlanScope(
  context: StepContext<never>,
  sending: Sending,
): Promise<Pick<Extract<JobRequest, { kind: 'plan' }>, 'rules' | 'existing' | 'files' | 'agents'>> {
  const project = await loadProject(context.paths.root, context.env);
  return { ...planScope(project), ...(await addSources(context, project, sending)) };
}
