// Plans as clients meet them, over HTTP: what a plan refuses, a model that answers instead of a dearer one, and
// consent.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microUsd, type ErrorBody } from '@genrtl/contracts';
import type { BillingView } from '@genrtl/contracts/http/billing.ts';
import type { MadeKey } from '@genrtl/contracts/http/accounts.ts';
import { AiClient } from '../test/ai-client.ts';
import { fakeFlows, fakeRouter, HOLD_MICRO, upstreamCalls } from '../test/fake-models.ts';
import { openHosted, type Hosted, type Person } from '../test/hosted.ts';

let hosted: Hosted;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'genrtl-plans-'));
  const plans = join(folder, 'plans.yaml');
  // the first call of a job fits, the second one does not
  writeFileSync(
    plans,
    `plans:
  - plan: free
    version: 1
    name: { en: Trial, zh-CN: 试用版 }
    price_usd: "0"
    stripe_lookup_key: null
    included_usd: "0.055"
    models: ["fake/*"]
    unfinished_jobs: 2
    starts_per_minute: 6
    prepaid_valid_days: 30
    on_demand: true
    over_quota: { then: downgrade, to: [fake/small] }
`,
  );
  const router = fakeRouter(join(folder, 'upstream.txt'));
  const model = (id: string) => ({ id, provider: 'compatible', rateCard: 'fake@1' }) as const;
  hosted = await openHosted({
    router: {
      ...router,
      choose: (service, asked) =>
        asked === 'fake/small' || asked === 'other/big' ? [model(asked)] : router.choose(service, asked),
      maxCost: ({ id }) => microUsd(id === 'fake/small' ? 10_000 : HOLD_MICRO),
    },
    flows: fakeFlows,
    env: { GENRTL_PLANS: plans, GENRTL_STRIPE_KEY: 'sk_test', GENRTL_STRIPE_WEBHOOK_SECRETS: 'whsec_test' },
  });
}, 120_000);
afterAll(async () => {
  await hosted.close();
  rmSync(folder, { recursive: true, force: true });
});

async function clientOf(person: Person): Promise<AiClient> {
  const scopes = ['work', 'usage', 'account'];
  const made = await person.call<MadeKey>('POST', '/v1/account/keys', { name: 'test', scopes, expires_in_days: null });
  return new AiClient({ url: hosted.url, token: made.body.key });
}

describe('a plan', () => {
  it('has a model answer instead of one that the account can no longer pay: told in stream, usage and job', async () => {
    const client = await clientOf(await hosted.person('Ada'));
    const request = await client.planRequest('ok');
    const { run_id: runId } = (await client.submit(request)).body;
    const run = await client.finished(runId);
    expect(run.status).toBe('succeeded');
    const insteadOf = { model: 'fake/first', reason: 'over_quota' };
    expect(run.usage.map(({ model, instead_of }) => [model, instead_of])).toEqual([
      ['fake/first', undefined],
      ['fake/small', insteadOf],
    ]);
    const events = await client.events(runId);
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'retry',
        reason: 'fake/small answers instead of fake/first: what the plan includes does not suffice for it',
      }),
    );
    expect(events.flatMap((event) => (event.type === 'usage' ? [event.usage.instead_of] : []))).toEqual([
      undefined,
      insteadOf,
    ]);
    const asked = await client.ask('/api/ai/ask', { instruction: 'ok', context: { text: 'a counter' } });
    expect(asked.events).toContainEqual(
      expect.objectContaining({
        type: 'artifact',
        name: 'model_substituted',
        value: { asked: 'fake/first', model: 'fake/small', reason: 'over_quota' },
      }),
    );
    expect(asked.events).toContainEqual(expect.objectContaining({ type: 'usage', instead_of: insteadOf }));
    const usage = await client.usage(request.job_id);
    expect(usage.included).toMatchObject({ used_usd: '0.03', limit_usd: '0.055' });
  });

  it('excludes models, and begins so much a minute', async () => {
    const client = await clientOf(await hosted.person('Bob'));
    const excluded = await client.submit(await client.planRequest('ok', { model: 'other/big' }));
    expect([excluded.status, (excluded.body as unknown as ErrorBody).code]).toEqual([403, 'PLAN_EXCLUDES']);
    const codes: (string | undefined)[] = [];
    for (let nth = 0; nth < 8; nth++) {
      const answer = await client.submit(await client.planRequest('spec'));
      codes.push((answer.body as unknown as ErrorBody).code);
      if (answer.status === 200) await client.finished(answer.body.run_id);
    }
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(2);
  });

  it('asks once before it bills in addition; the same request then goes on, and pays nothing twice', async () => {
    const grace = await hosted.person('Grace');
    const client = await clientOf(grace);
    const opened = await grace.call<BillingView>('PUT', '/v1/billing/on-demand', { limit_usd: '1.00' });
    expect(opened.body).toMatchObject({
      plan: { name: { en: 'Trial' }, for_sale: false },
      on_demand: { limit_usd: '1.00', consented_until: null },
      grants: [{ kind: 'period', amount_usd: '0.055' }],
      page: `${hosted.url}/account/billing`,
    });
    const request = await client.planRequest('ok');
    const { run_id: runId } = (await client.submit(request)).body;
    const stopped = await client.finished(runId);
    expect(stopped.error).toMatchObject({
      code: 'ON_DEMAND_CONSENT',
      details: { needed_usd: '0.05', beyond_usd: '0.005', limit_usd: '1.00' },
    });
    const consent = await grace.call<{ consented_until: string }>('POST', '/v1/billing/consent', {});
    expect(new Date(consent.body.consented_until).getTime()).toBeGreaterThan(Date.now());
    expect((await client.submit(request)).body.run_id).toBe(runId);
    const done = await client.finished(runId);
    expect([done.status, done.cost_usd]).toEqual(['succeeded', '0.02']);
    expect(upstreamCalls(join(folder, 'upstream.txt'), request.job_id)).toHaveLength(2);
  });
});

it('an event that Stripe did not sign is refused, and nothing of it is kept', async () => {
  const event = JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'x',
    data: { object: { object: 'invoice', id: 'in_1' } },
  });
  const answer = await hosted.ask<ErrorBody>('POST', '/v1/billing/stripe', JSON.parse(event), {
    'stripe-signature': 't=1,v1=00',
  });
  expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN']);
  expect((await hosted.database.pool.query('SELECT 1 FROM stripe_events')).rows).toEqual([]);
});
