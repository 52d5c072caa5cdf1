// cbb_resolve, cbb_checkout, cbb_deliver: what the plan needs is found, bought once and made available.
import path from 'node:path';
import {
  GenrtlError,
  formatUsd,
  microUsd,
  parseUsd,
  type Quote,
  type Receipt,
  type Resolution,
} from '@genrtl/contracts';
import { idAsFileName } from '@genrtl/core/cbb/package-id.ts';
import { stepSummary } from '@genrtl/contracts/step-summary.ts';
import { dieAt } from '@genrtl/disk/die-at.ts';
import { writeAtomic, writeJson } from '@genrtl/disk/records.ts';
import { readLockfile } from '../../workspace/read-lockfile.ts';
import { readPlan } from '../job-files.ts';
import { checkoutKey } from '../../cbb/checkout-key.ts';
import { defineStep, need } from '../step.ts';

const versionKey = (item: { cbb_id: string; version: string }): string => `${item.cbb_id}@${item.version}`;

function unique(quotes: readonly Quote[]): Quote[] {
  return [...new Map(quotes.map((quote) => [versionKey(quote), quote])).values()];
}

function explain(resolution: Resolution, wish: string): string {
  if (resolution.status === 'not_found') return wish;
  return `${wish} (several packages match: ${resolution.candidates.map((candidate) => candidate.cbb_id).join(', ')})`;
}

/** What the person did not want is replaced by what he or she named, or not found at all. */
async function withoutDeclined(
  resolutions: readonly Resolution[],
  declined: Readonly<Record<string, string | null>>,
  resolve: (others: ReadonlyMap<string, string>) => Promise<readonly Resolution[]>,
): Promise<Resolution[]> {
  const others = new Map<string, string>();
  const kept = resolutions.map((resolution): Resolution => {
    const instead = declined[resolution.quote?.cbb_id ?? ''];
    if (instead === undefined) return resolution;
    if (instead !== null) others.set(resolution.requirement_id, instead);
    return { ...resolution, status: 'not_found', quote: null, candidates: [] };
  });
  if (others.size === 0) return kept;
  const found = new Map((await resolve(others)).map((resolution) => [resolution.requirement_id, resolution]));
  return kept.map((resolution) => found.get(resolution.requirement_id) ?? resolution);
}

export const resolveStep = defineStep({
  name: 'cbb_resolve',
  reads: ['plan_step', 'declined'],
  writes: ['quotes', 'cbbs', 'unresolved'],
  async run(context) {
    const declined = context.facts.declined ?? {};
    const requirements = readPlan(context).cbb_requirements;
    if (requirements.length === 0)
      return {
        kind: 'next',
        event: 'NONE',
        summary: stepSummary('noPackages'),
        facts: { quotes: [], cbbs: [], unresolved: [] },
      };
    const backend = await context.backend();
    const asked = await backend.resolve(context.workspaceId, requirements);
    const resolutions = await withoutDeclined(asked, declined, (others) =>
      backend.resolve(
        context.workspaceId,
        requirements.flatMap((requirement) => {
          const other = others.get(requirement.id);
          return other === undefined ? [] : [{ ...requirement, function: other }];
        }),
      ),
    );
    const wish = (id: string): string => requirements.find((requirement) => requirement.id === id)?.function ?? id;
    const found = unique(
      resolutions.flatMap((resolution) =>
        resolution.status === 'found' && resolution.quote ? [resolution.quote] : [],
      ),
    );
    const unresolved = resolutions
      .filter((resolution) => resolution.status !== 'found')
      .map((resolution) => explain(resolution, wish(resolution.requirement_id)));
    const installed = new Set((await readLockfile(context.paths))?.installed.map(versionKey));
    const quotes = found.filter((quote) => !installed.has(versionKey(quote)));
    const price = quotes.reduce((sum, quote) => sum + (quote.owned ? 0 : parseUsd(quote.price_usd)), 0);
    return {
      kind: 'next',
      event: quotes.length > 0 ? 'OK' : 'NONE',
      summary: stepSummary('resolved', {
        found: found.length,
        installed: found.length - quotes.length,
        price: formatUsd(price),
      }),
      facts: { quotes, cbbs: found.map(({ cbb_id, version }) => ({ cbb_id, version })), unresolved },
    };
  },
});

export const checkoutStep = defineStep({
  name: 'cbb_checkout',
  reads: ['quotes'],
  writes: ['receipts'],
  async run(context) {
    const backend = await context.backend();
    const receipts: Receipt[] = [];
    for (const { cbb_id, version, price_usd } of need(context.facts, 'quotes')) {
      const key = checkoutKey(context.jobId, cbb_id, version, context.workspaceId);
      const body = JSON.stringify({
        job_id: context.jobId,
        step_id: context.stepId,
        workspace_id: context.workspaceId,
        cbb_id,
        version,
        price_usd,
        cap_usd: context.settings.max_usd,
      });
      await writeAtomic(
        path.join(context.runDir, `request-${idAsFileName(cbb_id)}.json`),
        JSON.stringify({ idempotency_key: key, body }),
      );
      dieAt('cbb_checkout:request_written', context.env);
      try {
        receipts.push(await backend.checkout(body, key));
      } catch (error) {
        if (error instanceof GenrtlError && error.code === 'CBB_PRICE_CHANGED')
          return { kind: 'next', event: 'PRICE_CHANGED', summary: error.message };
        throw error;
      }
      dieAt('cbb_checkout:charged', context.env);
    }
    const price = microUsd(receipts.reduce((sum, receipt) => sum + parseUsd(receipt.charged_usd), 0));
    return {
      kind: 'next',
      event: 'OK',
      summary: stepSummary('receipts', { count: receipts.length, price: formatUsd(price) }),
      facts: { receipts },
    };
  },
});

export const deliverStep = defineStep({
  name: 'cbb_deliver',
  reads: ['receipts'],
  writes: ['deliver_step'],
  async run(context) {
    const receipts = need(context.facts, 'receipts');
    const deliveries = await (await context.backend()).deliver(receipts.map((receipt) => receipt.receipt_id));
    await writeJson(path.join(context.runDir, 'deliveries.json'), deliveries);
    return {
      kind: 'next',
      event: 'OK',
      summary: stepSummary('packages', { count: deliveries.length }),
      facts: { deliver_step: context.stepId },
    };
  },
});
