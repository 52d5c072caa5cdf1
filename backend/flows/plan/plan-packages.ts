// Whether a plan asks for packages that the registry has: a model that invents one hears of it before the job stops for
// it.
import type { CbbManifest, Plan, Requirement } from '@genrtl/contracts';
import { matchFunction } from '@genrtl/core/cbb/match.ts';
import { unmetConstraints } from '../../registry/constraints.ts';

/** One sentence for each requirement that would not resolve; the registry's own rules decide. */
export function packageProblems(plan: Plan, catalog: readonly CbbManifest[]): string[] {
  return plan.cbb_requirements.flatMap((requirement) => {
    const problem = problemOf(requirement, catalog);
    return problem === null ? [] : [`cbb_requirements: ${requirement.id}: ${problem}`];
  });
}

function problemOf(requirement: Requirement, catalog: readonly CbbManifest[]): string | null {
  const wanted = JSON.stringify(requirement.function.slice(0, 80));
  const able = catalog.filter((manifest) => unmetConstraints(requirement, manifest).length === 0);
  const match = matchFunction(requirement.function, able);
  if (match.status === 'found') return null;
  if (match.status === 'ambiguous') {
    return `${wanted} is the function of ${match.candidates.map(({ cbb_id }) => cbb_id).join(', ')}: name one of them by its exact id`;
  }
  const byName = matchFunction(requirement.function, catalog);
  if (byName.status === 'found') {
    return `${byName.manifest.cbb_id} cannot serve it: ${unmetConstraints(requirement, byName.manifest).join('; ')}; change the numbers or plan a module instead`;
  }
  return `there is no package ${wanted}: name a listed one by its exact id, or plan a module instead`;
}
