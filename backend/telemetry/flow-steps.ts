// A step of a flow as a span and a signal, the same in both runners.
import { signal, type Signals } from './signals.ts';
import { traced } from './traces.ts';

export type StepStatus = Signals['flow_step']['status'];

export interface StepInRun {
  readonly runId: string;
  /** `<flow>@<version>` */
  readonly flow: string;
  readonly step: { readonly name: string; readonly type: string };
  /** how it ended; `failed` when it threw, unless this says otherwise */
  readonly statusOf: (threw: boolean) => StepStatus;
}

export function tracedStep<T>({ runId, flow, step, statusOf }: StepInRun, work: () => Promise<T>): Promise<T> {
  const attributes = {
    'genrtl.run_id': runId,
    'genrtl.flow': flow,
    'genrtl.step': step.name,
    'genrtl.step_type': step.type,
  };
  const begun = performance.now();
  let threw = true;
  return traced('step', attributes, async () => {
    try {
      const output = await work();
      threw = false;
      return output;
    } finally {
      const durationMs = performance.now() - begun;
      signal('flow_step', { flow, step: step.name, type: step.type, status: statusOf(threw), durationMs });
    }
  });
}
