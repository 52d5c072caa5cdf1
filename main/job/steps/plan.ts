// plan: the backend turns the specification into a plan.
import path from 'node:path';
import { stepSummary } from '@genrtl/contracts/step-summary.ts';
import { sha256, writeAtomic } from '@genrtl/disk/records.ts';
import { wordsForModel } from '../notes.ts';
import { addPlanScope, readSpec } from '../job-files.ts';
import { authorModel, requestBase, runOnServer } from '../server-run.ts';
import { defineStep, need } from '../step.ts';

export const planStep = defineStep({
  name: 'plan',
  reads: ['spec_step', 'spec_name', 'spec_form', 'contradictions', 'only_files'],
  writes: ['plan_step', 'plan_sha256', 'plan_model'],
  async run(context) {
    const spec = readSpec(context);
    const answer = await runOnServer(context, 'plan', async (attempt, sending) => {
      const notes = await wordsForModel(context);
      return {
        kind: 'plan',
        ...requestBase(context, attempt, authorModel(context)),
        spec: sending.add('spec', need(context.facts, 'spec_name'), spec),
        spec_name: need(context.facts, 'spec_name'),
        feedback: context.facts.contradictions ?? [],
        ...(await addPlanScope(context, sending)),
        ...(notes.length === 0 ? {} : { notes }),
      };
    });
    const text = `${JSON.stringify(answer.output.plan, null, 2)}\n`;
    await writeAtomic(path.join(context.runDir, 'plan.json'), text);
    const { top, modules, cbb_requirements: requirements } = answer.output.plan;
    const model = answer.models.at(-1);
    return {
      kind: 'next',
      event: 'OK',
      summary: stepSummary('planned', { top: top.name, modules: modules.length, packages: requirements.length }),
      facts: { plan_step: context.stepId, plan_sha256: sha256(text), ...(model ? { plan_model: model } : {}) },
    };
  },
});
