// What the plan needs is found, bought once and made available.
import { readdirSync } from 'node:fs';
import { GenrtlError, type Plan, type Quote, type Receipt, type Resolution } from '@genrtl/contracts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkoutKey } from '../../cbb/checkout-key.ts';
import { COUNTER_PLAN, stepSite, type StepSite } from '../step-fixture.ts';
import { checkoutStep, resolveStep } from './cbb-supply.ts';

let site: StepSite;
beforeEach(() => {
  site = stepSite();
});
afterEach(() => site.remove());

const quote = (cbb_id: string): Quote => ({
  cbb_id,
  version: '1.0.0',
  price_usd: '2.00',
  sha256: 'a'.repeat(64),
  owned: false,
  compatibility: { tools: [], notes: '' },
  entrypoints: { top: cbb_id, tb: '', filelist: '' },
});
const found = (requirement_id: string, cbb_id: string): Resolution => ({
  requirement_id,
  status: 'found',
  quote: quote(cbb_id),
  candidates: [],
});
const planNeeding = (...functions: string[]): Plan => ({
  ...COUNTER_PLAN,
  cbb_requirements: functions.map((name, at) => ({ id: `r${at}`, function: name, needs_tb: false })),
});

const resolving = (plan: Plan, answers: Record<string, string>, declined: Record<string, string | null> = {}) => {
  site.leave('plan_1', 'plan.json', JSON.stringify(plan));
  return resolveStep.run(
    site.context({
      stepId: 'cbb_resolve_1',
      facts: { plan_step: 'plan_1', declined },
      backend: {
        resolve: async (_workspace, requirements) =>
          requirements.map(({ id, function: wanted }) => {
            const cbb = answers[wanted];
            return cbb === undefined
              ? { requirement_id: id, status: 'not_found', quote: null, candidates: [] }
              : found(id, cbb);
          }),
      },
    }),
  );
};

it('a plan without requirements asks nobody', async () => {
  expect(await resolving(COUNTER_PLAN, {})).toMatchObject({ event: 'NONE', facts: { quotes: [], unresolved: [] } });
});

it('one package for two needs is quoted once, and what nobody sells is the author’s to write', async () => {
  const outcome = await resolving(planNeeding('sync FIFO', 'request FIFO', 'flux capacitor'), {
    'sync FIFO': 'cbb_fifo_sync',
    'request FIFO': 'cbb_fifo_sync',
  });
  expect(outcome).toMatchObject({
    event: 'OK',
    facts: { cbbs: [{ cbb_id: 'cbb_fifo_sync', version: '1.0.0' }], unresolved: ['flux capacitor'] },
  });
  expect(outcome.facts?.quotes).toHaveLength(1);
});

it('a declined package is replaced by the one that the person named, or by none', async () => {
  const plan = planNeeding('sync FIFO');
  const answers = { 'sync FIFO': 'cbb_fifo_sync', cbb_other_fifo: 'cbb_other_fifo' };
  expect(await resolving(plan, answers, { cbb_fifo_sync: 'cbb_other_fifo' })).toMatchObject({
    facts: { cbbs: [{ cbb_id: 'cbb_other_fifo', version: '1.0.0' }] },
  });
  expect(await resolving(plan, answers, { cbb_fifo_sync: null })).toMatchObject({
    event: 'NONE',
    facts: { cbbs: [], unresolved: ['sync FIFO'] },
  });
});

it('what is installed is not bought again', async () => {
  const installed = {
    cbb_id: 'cbb_fifo_sync',
    version: '1.0.0',
    receipt_id: 'rcp_1',
    price_usd: '2.00',
    sha256: 'a'.repeat(64),
    installed_at: '2026-01-01T00:00:00.000Z',
    verified_with: [],
  };
  site.write(
    '.genRTL/genRTL.lock.json',
    JSON.stringify({ lockfile_version: 1, workspace_id: 'ws_1', installed: [installed] }),
  );
  const outcome = await resolving(planNeeding('sync FIFO'), { 'sync FIFO': 'cbb_fifo_sync' });
  expect(outcome).toMatchObject({ event: 'NONE', facts: { quotes: [], cbbs: [{ cbb_id: 'cbb_fifo_sync' }] } });
});

it('the request of a purchase lies on the disk, with the key of package and workspace, before it is sent', async () => {
  const sent: string[] = [];
  const context = site.context({
    stepId: 'cbb_checkout_1',
    facts: { quotes: [quote('cbb_fifo_sync'), quote('cbb_uart_tx')] },
    backend: {
      checkout: async (body, key): Promise<Receipt> => {
        const { cbb_id } = JSON.parse(body) as { cbb_id: string };
        expect(key).toBe(checkoutKey('job_1', cbb_id, '1.0.0', 'ws_1'));
        expect(JSON.parse(site.read(`.genRTL/runs/job_1/cbb_checkout_1/request-${cbb_id}.json`))).toEqual({
          idempotency_key: key,
          body,
        });
        sent.push(cbb_id);
        if (cbb_id === 'cbb_uart_tx') throw new GenrtlError('CBB_PRICE_CHANGED', 'cbb_uart_tx costs 3.00 now.');
        return {
          receipt_id: 'rcp_1',
          cbb_id,
          version: '1.0.0',
          workspace_id: 'ws_1',
          charged_usd: '2.00',
          price_usd: '2.00',
          bucket: 'included',
          sha256: 'a'.repeat(64),
          at: '2026-01-01T00:00:00.000Z',
        };
      },
    },
  });
  // a price that changed goes back to its quote; what was bought before stays bought, by its key
  expect(await checkoutStep.run(context)).toMatchObject({
    event: 'PRICE_CHANGED',
    summary: 'cbb_uart_tx costs 3.00 now.',
  });
  expect(sent).toEqual(['cbb_fifo_sync', 'cbb_uart_tx']);
  expect(readdirSync(context.runDir).sort()).toEqual(['request-cbb_fifo_sync.json', 'request-cbb_uart_tx.json']);
});
