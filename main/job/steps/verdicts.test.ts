// What lint and simulation answer before any tool runs.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { COUNTER_PLAN, stepSite, type StepSite } from '../step-fixture.ts';
import { lintStep } from './lint.ts';
import { simulateStep } from './simulate.ts';

let site: StepSite;
beforeEach(() => {
  site = stepSite();
  site.leave('plan_1', 'plan.json', JSON.stringify(COUNTER_PLAN));
});
afterEach(() => site.remove());

it('a design without the plan’s top fails at lint, and the finding names the top', async () => {
  site.write('src/other.sv', 'module other; endmodule\n');
  const outcome = await lintStep.run(site.context({ stepId: 'lint_1', facts: { plan_step: 'plan_1' } }));
  expect(outcome).toMatchObject({ event: 'FAIL', facts: { failed_step: 'lint_1' } });
  expect(outcome.facts?.diagnostics?.[0]?.message).toContain('counter');
});

it('nothing simulated is no pass: a design without a testbench fails, and what only looks like one is named', async () => {
  site.write('src/counter.sv', 'module counter(input clk, output [7:0] q); endmodule\n');
  site.write('tb/model.sv', 'module model(input clk); endmodule\n');
  const outcome = await simulateStep.run(site.context({ stepId: 'sim_1', facts: { plan_step: 'plan_1' } }));
  expect(outcome).toMatchObject({ event: 'FAIL', facts: { tests: [], failed_step: 'sim_1' } });
  expect(outcome.facts?.diagnostics?.[0]?.message).toContain('model in tb/model.sv');
});

it('a linter that is not there ends the job as that, not as a fault of the design', async () => {
  site.write('src/counter.sv', 'module counter(input clk, output [7:0] q); endmodule\n');
  const context = site.context({
    stepId: 'lint_1',
    facts: { plan_step: 'plan_1' },
    settings: { lint_tool: 'spyglass' },
  });
  await expect(lintStep.run(context)).rejects.toMatchObject({ code: 'TOOL_MISSING' });
});
