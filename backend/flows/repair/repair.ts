// repair: evidence of a failing run becomes a patch that is known to apply.
import type { EvidenceBundle, JobOutputOf, JobRequestOf } from '@genrtl/contracts';
import type { JobCtx } from '../context.ts';
import { ASKS_A_MODEL, jobFlow, steps } from '../flow.ts';
import { REPAIR_TEMPLATE, repairTask } from './task.ts';
import { codePrompt, wantedBy } from '../asking/code-prompt.ts';
import { askForPatch } from '../asking/ask-for-patch.ts';
import { evidenceText } from './evidence-text.ts';
import { manifestsOf, readEvidence, readFiles, readPlan } from '../asking/inputs.ts';

/**
 * Throws CBB_NOT_FOUND, NOT_FOUND, REQUEST_INVALID, PATCH_* after the last refused answer, and what the model call
 * throws.
 */
export const repair = jobFlow({
  kind: 'repair',
  version: 1,
  services: ['repair'],
  steps: steps({
    name: 'repair',
    ...ASKS_A_MODEL,
    async run(request: JobRequestOf<'repair'>, context: JobCtx<'repair'>): Promise<JobOutputOf<'repair'>> {
      const spec = await context.readText(request.spec);
      const files = await readFiles(context, request.files);
      const evidence = await readEvidence(context, request.evidence);
      const plan = await readPlan(context, request.plan);
      const prompt = await codePrompt(context, 'repair', {
        spec,
        specName: request.spec_name,
        plan,
        packages: manifestsOf(await context.catalog(), request.cbbs),
        files,
        wanted: wantedBy(plan, filesOf(evidence)),
        task: repairTask({
          evidence: evidenceText(evidence),
          feedback: request.feedback,
          notes: request.notes ?? [],
        }),
      });
      const patch = await askForPatch(context, 'repair', files, {
        ...prompt,
        template: REPAIR_TEMPLATE,
        composer: { spec, specName: request.spec_name, request, files },
      });
      return { kind: 'repair', patch };
    },
  }),
});

function filesOf({ diagnostics, snippets }: EvidenceBundle): string[] {
  return [
    ...diagnostics.flatMap(({ file, related = [] }) => [file, ...related.map((other) => other.file)]),
    ...snippets.map(({ file }) => file),
  ].filter((file) => file !== undefined);
}
