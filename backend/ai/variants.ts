// Which version of a flow and of its template answers an account: what the request names, what the run was begun with,
// or the share that the configuration gives, always the same for the same account.
import { createHash } from 'node:crypto';
import type { AiIntent } from '@genrtl/contracts';
import type { FlowCatalog } from '../flows/catalog.ts';
import { flowId, type InlineFlow, type PromptTemplate } from '../flows/flow.ts';
import type { AiConfig } from './config.ts';

export interface Variant {
  readonly flow: InlineFlow;
  readonly template: PromptTemplate;
}

interface Asked {
  readonly accountId: string;
  readonly intent: AiIntent;
  /** `<flow>@<version>` that the request names */
  readonly flow: string | null;
  /** what the run was begun with, where it goes on */
  readonly recorded?: { readonly flow: string; readonly template: string } | undefined;
}

export function variantOf(flows: FlowCatalog, config: AiConfig, asked: Asked): Variant {
  const { accountId, intent, recorded } = asked;
  const versions = flows.intents[intent];
  const shares = config.shares[intent];
  const named = recorded?.flow ?? asked.flow;
  const flow =
    versions.find((each) => flowId(each) === named) ?? share(versions, flowId, shares?.flows, [accountId, intent]);
  const template =
    flow.templates.find(({ id }) => id === recorded?.template) ??
    share(flow.templates, ({ id }) => id, shares?.templates, [accountId, flowId(flow), 'template']);
  return { flow, template };
}

/** What the configuration names and no flow has. */
export function unknownVariants(flows: FlowCatalog, config: AiConfig): string[] {
  return Object.entries(config.shares).flatMap(([intent, given]) => {
    const versions = flows.intents[intent as AiIntent];
    const ids = [...versions.map(flowId), ...versions.flatMap(({ templates }) => templates.map(({ id }) => id))];
    return [...Object.keys(given.flows ?? {}), ...Object.keys(given.templates ?? {})].filter((id) => !ids.includes(id));
  });
}

/** The first one where nothing that exists has a share. */
function share<T>(
  all: readonly [T, ...T[]],
  idOf: (each: T) => string,
  shares: Readonly<Record<string, number>> | undefined,
  who: readonly string[],
): T {
  const weighted = all.map((each) => ({ each, weight: shares?.[idOf(each)] ?? 0 }));
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return all[0];
  const digest = createHash('sha256').update(who.join('\n')).digest();
  let at = (digest.readUInt32BE(0) / 2 ** 32) * total;
  for (const { each, weight } of weighted) {
    at -= weight;
    if (at < 0) return each;
  }
  return all[0];
}
