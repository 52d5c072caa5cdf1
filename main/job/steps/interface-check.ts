// interface_check: what the plan promises of the top against what the specification says of it, before any code is paid
// for.
import { stepSummary } from '@genrtl/contracts';
import { checkInterface, extractInterface } from '@genrtl/core/plan/index.ts';
import { readPlan, readSpec } from '../job-files.ts';
import { defineStep, need } from '../step.ts';

export const interfaceCheckStep = defineStep({
  name: 'interface_check',
  reads: ['spec_step', 'plan_step', 'spec_name'],
  writes: ['contradictions', 'diagnostics'],
  async run(context) {
    const plan = readPlan(context);
    const found = checkInterface(plan, extractInterface(readSpec(context), plan.top.name));
    const diagnostics = found.map((diagnostic) => ({
      ...diagnostic,
      file: diagnostic.file ?? need(context.facts, 'spec_name'),
    }));
    const contradictions = found.map((diagnostic) =>
      diagnostic.line ? `line ${diagnostic.line} of the specification: ${diagnostic.message}` : diagnostic.message,
    );
    if (contradictions.length === 0)
      return {
        kind: 'next',
        event: 'OK',
        summary: stepSummary('planAgrees'),
        facts: { contradictions: [], diagnostics: [] },
      };
    return {
      kind: 'next',
      event: 'CONTRADICTION',
      summary: contradictions.join(' '),
      facts: { contradictions, diagnostics },
    };
  },
});
