// repair: evidence of a failing run becomes a patch that is known to apply.
import { GenrtlError } from '@genrtl/contracts';
import type { JobOutput } from '@genrtl/contracts';
import type { PhaseContext } from '../context.ts';
import { REPAIR_1, REPAIR_1_SYSTEM, repairMessage } from './prompt-1.ts';
import { askForPatch } from '../asking/ask-for-patch.ts';
import { evidenceText } from './evidence-text.ts';
import { manifestsOf, readEvidence, readFiles, readPlan } from '../asking/inputs.ts';
import { projectPart } from '../asking/project-rules.ts';
import { packagePorts } from '../asking/package-ports.ts';

/**
 * Throws CBB_NOT_FOUND, NOT_FOUND, REQUEST_INVALID, PATCH_* after the last refused answer, and what the model call
 * throws.
 */
export async function runRepair(context: PhaseContext): Promise<JobOutput> {
  const { request } = context;
  if (request.kind !== 'repair')
    throw new GenrtlError('INTERNAL', `A repair flow was given a ${request.kind} request.`);
  await context.phase('repair');
  const spec = await context.readText(request.spec);
  const files = await readFiles(context, request.files);
  const content = repairMessage({
    specName: request.spec_name,
    spec,
    plan: JSON.stringify(await readPlan(context, request.plan), null, 1),
    packages: packagePorts(manifestsOf(await context.catalog(), request.cbbs)),
    files,
    project: projectPart(request),
    evidence: evidenceText(await readEvidence(context, request.evidence)),
    feedback: request.feedback,
    notes: request.notes ?? [],
  });
  const patch = await askForPatch(context, 'repair', files, {
    service: 'repair',
    template: REPAIR_1,
    system: REPAIR_1_SYSTEM,
    messages: [{ role: 'user', content }],
    composer: { spec, specName: request.spec_name, request, files },
  });
  return { kind: 'repair', patch };
}
