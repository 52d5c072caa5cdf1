// implement: the plan becomes a patch that is known to apply to the sources which the model saw.
import type { CbbManifest, JobOutputOf, JobRequestOf, Plan } from '@genrtl/contracts';
import type { JobCtx } from '../context.ts';
import { IMPLEMENT_TEMPLATE, implementTask } from './task.ts';
import { ASKS_A_MODEL, jobFlow, steps } from '../flow.ts';
import type { SourceFile } from '../asking/sources.ts';
import { askForPatch } from '../asking/ask-for-patch.ts';
import { manifestsOf, readFiles, readPlan } from '../asking/inputs.ts';
import { codePrompt, wantedBy } from '../asking/code-prompt.ts';

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
export const implement = jobFlow({
  kind: 'implement',
  version: 1,
  services: ['implement'],
  steps: steps({
    name: 'implement',
    ...ASKS_A_MODEL,
    async run(request: JobRequestOf<'implement'>, context: JobCtx<'implement'>): Promise<JobOutputOf<'implement'>> {
      const patch = await askForCode(context, {
        spec: await context.readText(request.spec),
        specName: request.spec_name,
        plan: await readPlan(context, request.plan),
        packages: manifestsOf(await context.catalog(), request.cbbs),
        files: await readFiles(context, request.files),
        feedback: request.feedback,
        notes: request.notes ?? [],
      });
      return { kind: 'implement', patch };
    },
  }),
});

export async function askForCode(context: JobCtx, input: ImplementInput): Promise<string> {
  const { spec, specName, plan, files } = input;
  const prompt = await codePrompt(context, 'implement', {
    ...input,
    wanted: wantedBy(plan, []),
    task: implementTask({ feedback: input.feedback, notes: input.notes ?? [] }),
  });
  const asked = {
    ...prompt,
    template: IMPLEMENT_TEMPLATE,
    composer: { spec, specName, request: context.request, files },
  };
  return askForPatch(
    context,
    'implement',
    files,
    asked,
    plan.files.map(({ path }) => path),
  );
}
