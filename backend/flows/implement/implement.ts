// implement: the plan becomes a patch that is known to apply to the sources which the model saw.
import { GenrtlError } from '@genrtl/contracts';
import type { CbbManifest, JobOutput, Plan } from '@genrtl/contracts';
import type { PhaseContext } from '../context.ts';
import { IMPLEMENT_1, IMPLEMENT_1_SYSTEM, implementMessage } from './prompt-1.ts';
import type { SourceFile } from '../asking/sources.ts';
import { askForPatch } from '../asking/ask-for-patch.ts';
import { manifestsOf, readFiles, readPlan } from '../asking/inputs.ts';
import { projectPart } from '../asking/project-rules.ts';
import { packagePorts } from '../asking/package-ports.ts';

export interface ImplementInput {
  readonly spec: string;
  readonly specName: string;
  readonly plan: Plan;
  readonly packages: readonly CbbManifest[];
  readonly files: readonly SourceFile[];
  readonly feedback: readonly string[];
  readonly notes?: readonly string[];
}

/**
 * Throws CBB_NOT_FOUND, NOT_FOUND, REQUEST_INVALID, PATCH_* after the last refused answer, and what the model call
 * throws.
 */
export async function runImplement(context: PhaseContext): Promise<JobOutput> {
  const { request } = context;
  if (request.kind !== 'implement')
    throw new GenrtlError('INTERNAL', `An implement flow was given a ${request.kind} request.`);
  await context.phase('implement');
  const patch = await implement(context, {
    spec: await context.readText(request.spec),
    specName: request.spec_name,
    plan: await readPlan(context, request.plan),
    packages: manifestsOf(await context.catalog(), request.cbbs),
    files: await readFiles(context, request.files),
    feedback: request.feedback,
    notes: request.notes ?? [],
  });
  return { kind: 'implement', patch };
}

export function implement(context: PhaseContext, input: ImplementInput): Promise<string> {
  const content = implementMessage({
    specName: input.specName,
    spec: input.spec,
    plan: JSON.stringify(input.plan, null, 1),
    packages: packagePorts(input.packages),
    files: input.files,
    project: projectPart(context.request),
    feedback: input.feedback,
    notes: input.notes ?? [],
  });
  return askForPatch(context, 'implement', input.files, {
    service: 'implement',
    template: IMPLEMENT_1,
    system: IMPLEMENT_1_SYSTEM,
    messages: [{ role: 'user', content }],
    composer: { spec: input.spec, specName: input.specName, request: context.request, files: input.files },
  });
}
