// What a job's requests say of the project that they are for.
import type { JobRequest, PatchRules } from '@genrtl/contracts';
import { loadProject } from '../project/load-project.ts';
import type { LoadedProject } from '../project/load-project.ts';

/** Nothing for a workspace without a project file: `src/` and `tb/` are what everybody knows. */
export const rulesPart = (project: LoadedProject): { rules?: PatchRules } =>
  project.config === null ? {} : { rules: project.rules };

/** Of a plan: what it may change and what it may instantiate. Throws PROJECT_INVALID. */
export async function planScope(
  root: string,
  env: NodeJS.ProcessEnv,
): Promise<Pick<Extract<JobRequest, { kind: 'plan' }>, 'rules' | 'existing'>> {
  const project = await loadProject(root, env);
  if (project.config === null) return {};
  const benches = new Set(project.benches.map(({ name }) => name));
  return {
    ...rulesPart(project),
    existing: [...new Set(project.units.map(({ name }) => name))].filter((name) => !benches.has(name)).sort(),
  };
}
