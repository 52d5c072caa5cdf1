// Reads what earlier steps of the job left: the specification and the plan.
import { Plan, type FileRef } from '@genrtl/contracts';
import { readRunFile } from './request-log.ts';
import { readModelSources } from '../workspace/sources.ts';
import { need, type StepContext } from './step.ts';

export function readSpec(context: StepContext): string {
  return readRunFile(context.paths, context.jobId, need(context.facts, 'spec_step'), 'spec.md');
}

export function readPlanText(context: StepContext): string {
  return readRunFile(context.paths, context.jobId, need(context.facts, 'plan_step'), 'plan.json');
}

export function readPlan(context: StepContext): Plan {
  return Plan.parse(JSON.parse(readPlanText(context)));
}

/** Uploads spec, plan and the workspace's own sources; what a model is to see of them, by hash. */
export async function uploadInputs(context: StepContext): Promise<{
  spec: string;
  spec_name: string;
  plan: string;
  files: FileRef[];
  cbbs: { cbb_id: string; version: string }[];
}> {
  const backend = await context.backend();
  const files = await readModelSources(context.paths.root, context.settings.accept_dir);
  const [spec, plan] = await Promise.all([backend.putText(readSpec(context)), backend.putText(readPlanText(context))]);
  for (const file of files) await backend.putText(file.text);
  return {
    spec,
    plan,
    spec_name: need(context.facts, 'spec_name'),
    cbbs: context.facts.cbbs ?? [],
    files: files.map(({ path, sha256 }) => ({ path, sha256 })),
  };
}
