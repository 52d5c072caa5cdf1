// A flow: what one kind of durable job does with models. A new one is a folder here, a line in `index.ts` and its
// shapes in `contracts/http/jobs.ts`.
import type { JobKind, JobOutput, JobOutputOf, ModelService } from '@genrtl/contracts';
import type { PhaseContext } from './context.ts';

export interface Flow<K extends JobKind = JobKind> {
  readonly kind: K;
  /** What it asks the router for; a request is refused before it is recorded when one of them has no model. */
  readonly services: readonly ModelService[];
  run(context: PhaseContext<K>): Promise<JobOutputOf<K>>;
}

/** One of each kind: a kind without its flow does not compile. */
export type Flows = { readonly [K in JobKind]: Flow<K> };

export function defineFlow<K extends JobKind>(flow: Flow<K>): Flow<K> {
  return flow;
}

/** The flow of the context's own request. */
export function runFlow(flows: Flows, context: PhaseContext): Promise<JobOutput> {
  const flow: Flow = flows[context.request.kind];
  return flow.run(context);
}
