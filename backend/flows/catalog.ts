// The flows of a process, found by what asks for them.
import { AI_INTENT_NAMES, JobKind, type AiIntent } from '@genrtl/contracts';
import { flowId, type Flow, type InlineFlow, type JobFlow } from './flow.ts';

export interface FlowCatalog {
  readonly list: readonly Flow[];
  readonly jobs: { readonly [K in JobKind]: JobFlow<K> };
  /** every version that can answer an intent; the first one does, unless the configuration gives shares to others */
  readonly intents: Readonly<Record<AiIntent, readonly [InlineFlow, ...InlineFlow[]]>>;
}

/** Throws for a flow that stands there twice, and for a kind of job or an intent that nothing answers. */
export function catalogOf(list: readonly Flow[]): FlowCatalog {
  const ids = list.map(flowId);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw new Error(`two flows are ${twice}`);
  const jobs = Object.fromEntries(
    JobKind.options.map((kind) => {
      const [flow] = list.filter((each) => each.runner === 'durable' && each.kind === kind);
      if (flow === undefined) throw new Error(`no flow does the job ${kind}`);
      return [kind, flow];
    }),
  ) as unknown as FlowCatalog['jobs'];
  const intents = Object.fromEntries(
    AI_INTENT_NAMES.map((intent) => {
      const flows = list.filter((each) => each.runner === 'inline' && each.intent === intent);
      if (flows.length === 0) throw new Error(`no flow answers the intent ${intent}`);
      return [intent, flows];
    }),
  ) as unknown as FlowCatalog['intents'];
  return { list, jobs, intents };
}
