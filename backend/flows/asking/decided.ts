// What a plan decided, as code and its mending see it: the same text in both, so that it is found in caches.
import type { CbbManifest, JobRequest, Plan } from '@genrtl/contracts';
import { fence } from './fence.ts';
import { packagePorts } from './package-ports.ts';
import { projectPart } from './project-rules.ts';

export function decidedBy(plan: Plan, packages: readonly CbbManifest[], request: JobRequest): (string | null)[] {
  const ports = packagePorts(packages);
  return [
    `The plan:\n${fence('plan', JSON.stringify(plan, null, 1))}`,
    ports === ''
      ? 'No packages were purchased: every module of the plan is written.'
      : `Purchased packages, already in the build:\n${fence('packages', ports)}`,
    projectPart(request),
  ];
}
