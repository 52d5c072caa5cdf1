// Runs the steps of a flow in their order; what surrounds a step (records, announcements, spans) is the runner's.
import type { JobFlow, Step } from './flow.ts';
import type { Ctx, JobCtx } from './context.ts';
import type { FlowCatalog } from './catalog.ts';
import type { JobOutput } from '@genrtl/contracts';

export interface Surroundings {
  around<T>(step: Step, input: unknown, work: () => Promise<T>): Promise<T>;
}

const BARE: Surroundings = { around: (_step, _input, work) => work() };

export async function runSteps<C extends Ctx>(
  steps: readonly Step<C>[],
  input: unknown,
  ctx: C,
  { around }: Surroundings = BARE,
): Promise<unknown> {
  let value = input;
  for (const step of steps) {
    const given = value;
    value = await around(step as Step, given, () => step.run(given, ctx));
  }
  return value;
}

/** The flow of the context's own request; the beginning of each step is told. */
export async function runJob(flows: FlowCatalog, ctx: JobCtx, surroundings = BARE): Promise<JobOutput> {
  const flow: Pick<JobFlow, 'steps'> = flows.jobs[ctx.request.kind];
  const output = await runSteps(flow.steps, ctx.request, ctx, {
    around: (step, input, work) => {
      ctx.emit({ type: 'progress', name: step.name });
      return surroundings.around(step, input, work);
    },
  });
  return output as JobOutput;
}
