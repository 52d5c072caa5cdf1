// interface_check: what the plan promises of the top against what the specification says of it, before any code is paid
// for.
import { stepSummary } from '@genrtl/contracts/step-summary.ts';
import type { InterfaceReading } from '@genrtl/contracts';
import { checkInterface, extractInterface, unstatedPorts } from '@genrtl/core/plan/index.ts';
import { readPlan, readSpec } from '../job-files.ts';
import { defineStep, need } from '../step.ts';

export const interfaceCheckStep = defineStep({
  name: 'interface_check',
  reads: ['spec_step', 'plan_step', 'spec_name'],
  writes: ['contradictions', 'diagnostics', 'interface'],
  async run(context) {
    const plan = readPlan(context);
    const said = extractInterface(
      readSpec(context),
      plan.top.name,
      plan.modules.map(({ name }) => name),
    );
    const found = checkInterface(plan, said);
    const unstated = unstatedPorts(plan, said);
    const reading = { stated: plan.top.ports.length - unstated.length, not_stated: unstated };
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
        summary: summaryOf(reading),
        facts: { contradictions: [], diagnostics: [], interface: reading },
      };
    return {
      kind: 'next',
      event: 'CONTRADICTION',
      summary: contradictions.join(' '),
      facts: { contradictions, diagnostics, interface: reading },
    };
  },
});

/** Silence is no agreement. */
function summaryOf({ stated, not_stated: { length: count } }: InterfaceReading): string {
  if (count === 0) return stepSummary('planAgrees');
  return stated === 0 ? stepSummary('planNotStated', { count }) : stepSummary('planAgreesPartly', { count });
}
