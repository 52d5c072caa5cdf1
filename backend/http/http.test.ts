// The HTTP contract on a whole backend with fake models: who is let in, keys, streams, budgets, supply.
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  AI_ENDPOINTS,
  API_ROUTES,
  JobEvent,
  RunView,
  type BudgetView,
  type CbbListing,
  type Delivery,
  type ErrorBody,
} from '@genrtl/contracts';
import { createPool, type Pool } from '../db/index.ts';
import { runningServerUrl } from '../processes/postgres.ts';
import { verifySignature } from '../registry/sign.ts';
import { flowId } from '../flows/flow.ts';
import { startBackend, type RunningBackend } from '../start.ts';
import type { BackendHome } from '../processes/home.ts';
import { TestClient, keyOf } from '../test/client.ts';
import { makeTestHome, removeTestHome } from '../test/database.ts';
import { answerFaults, type OpenApiDocument } from '../test/openapi.ts';
import { fakeFlows, fakeRouter, upstreamCalls } from '../test/fake-models.ts';

let home: BackendHome;
let backend: RunningBackend;
let client: TestClient;
beforeAll(async () => {
  home = await makeTestHome();
  backend = await startBackend({
    home: home.root,
    role: 'all',
    embedded: true,
    firstLeaseMs: 600_000,
    router: fakeRouter(join(home.root, 'upstream.txt')),
    flows: fakeFlows,
  });
  client = new TestClient(backend);
}, 60_000);
afterAll(async () => {
  await backend.stop();
  await removeTestHome(home);
});

/** A request that fetch would not let us send. */
function rawStatus(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    http
      .request(`${client.url}${path}`, { headers, method }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
      .on('error', reject)
      .end();
  });
}

describe('admission', () => {
  it('no token, a wrong one, another scheme: 401 with a stable code', async () => {
    for (const authorization of [
      undefined,
      'Bearer wrong',
      `Basic ${client.token}`,
      `Bearer ${client.token}x`,
      `Bearer ${client.token.slice(0, -1)}`,
    ]) {
      const response = await fetch(
        `${client.url}/v1/models`,
        authorization === undefined ? {} : { headers: { authorization } },
      );
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: 'UNAUTHORIZED', retryable: false });
    }
  });

  it('a foreign Host header: 421, also with a valid token (DNS rebinding)', async () => {
    const authorization = `Bearer ${client.token}`;
    expect(await rawStatus('/v1/models', { authorization, host: 'evil.example' })).toBe(421);
    expect(await rawStatus('/v1/models', { authorization, host: `localhost:${new URL(client.url).port}` })).toBe(200);
  });

  it('backend.json is private and names the process', async () => {
    const text = await readFile(home.backendFile, 'utf8');
    expect(JSON.parse(text)).toMatchObject({ url: client.url, token: client.token, pid: process.pid });
    const { mode } = await import('node:fs').then(({ statSync }) => statSync(home.backendFile));
    expect(mode & 0o077).toBe(0);
  });

  it('malformed requests name the field; unknown routes and too large bodies have codes', async () => {
    const bad = await client.call<ErrorBody>('POST', '/v1/jobs', { kind: 'plan' }, { 'idempotency-key': 'k' });
    expect(bad.status).toBe(400);
    expect(bad.body).toMatchObject({ code: 'REQUEST_INVALID' });
    expect(bad.body.message).toMatch(/job_id/);
    expect(
      (
        await client.call<ErrorBody>('POST', '/v1/jobs', '{"kind":', {
          'idempotency-key': 'k',
          'content-type': 'application/json',
        })
      ).status,
    ).toBe(400);
    expect((await client.call<ErrorBody>('POST', '/v1/jobs', await client.planRequest('ok'))).body.message).toMatch(
      /idempotency-key/i,
    );
    expect((await client.call<ErrorBody>('GET', '/v1/nothing')).body.code).toBe('NOT_FOUND');
    const large = await client.call<ErrorBody>('POST', '/v1/jobs', 'x'.repeat(5 << 20), {
      'content-type': 'application/json',
      'idempotency-key': 'k',
    });
    expect([large.status, large.body.code]).toEqual([413, 'REQUEST_TOO_LARGE']);
  });

  it('describes itself as OpenAPI 3.1: every route, and what each really answers', async () => {
    const { body: document } = await client.call<OpenApiDocument>('GET', '/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual(
      [...Object.values(API_ROUTES), ...Object.values(AI_ENDPOINTS).map(({ path }) => path)]
        .map((route) => route.replace(/:(\w+)/g, '{$1}'))
        .sort(),
    );
    const request = await client.planRequest('ok');
    const { body: run } = await client.submit(request);
    await client.finished(run.run_id);
    const headers = { 'idempotency-key': 'described' };
    const checkout = {
      job_id: 'described',
      step_id: 's_1',
      workspace_id: 'described',
      cbb_id: 'cbb_counter',
      version: '1.0.0',
      price_usd: '0.10',
      cap_usd: '1.00',
    };
    const asked: [method: 'GET' | 'POST' | 'PUT', path: string, described: string, status: number, body?: unknown][] = [
      ['GET', '/v1/health', '/v1/health', 200],
      ['GET', '/v1/ready', '/v1/ready', 200],
      ['PUT', `/v1/blobs/${request.spec}`, '/v1/blobs/{sha256}', 200, 'ok'],
      ['PUT', `/v1/blobs/${'a'.repeat(64)}`, '/v1/blobs/{sha256}', 400, 'ok'],
      ['POST', '/v1/jobs', '/v1/jobs', 400, {}],
      ['GET', `/v1/jobs/${run.run_id}`, '/v1/jobs/{run_id}', 200],
      ['GET', '/v1/jobs/none', '/v1/jobs/{run_id}', 404],
      ['POST', `/v1/jobs/${run.run_id}/cancel`, '/v1/jobs/{run_id}/cancel', 200],
      ['PUT', '/v1/budgets/described', '/v1/budgets/{job_id}', 200, { cap_usd: '1.00' }],
      ['GET', '/v1/budgets/described', '/v1/budgets/{job_id}', 200],
      ['GET', '/v1/models', '/v1/models', 200],
      ['GET', '/v1/cbb', '/v1/cbb', 200],
      ['GET', '/v1/cbb/cbb_counter/1.0.0', '/v1/cbb/{cbb_id}/{version}', 200],
      ['GET', '/v1/cbb/cbb_counter/9.9.9', '/v1/cbb/{cbb_id}/{version}', 404],
      [
        'POST',
        '/v1/cbb/resolve',
        '/v1/cbb/resolve',
        200,
        { workspace_id: 'ws', requirements: [{ id: 'r1', function: 'sync fifo', needs_tb: false }] },
      ],
      ['POST', '/v1/cbb/checkout', '/v1/cbb/checkout', 200, checkout],
      ['POST', '/v1/cbb/deliver', '/v1/cbb/deliver', 404, { receipt_ids: ['none'] }],
      [
        'POST',
        '/v1/cbb/report',
        '/v1/cbb/report',
        200,
        { cbb_id: 'cbb_counter', version: '1.0.0', message: 'm', evidence: null },
      ],
      ['POST', '/v1/cbb/publish', '/v1/cbb/publish', 404, { archive: 'a'.repeat(64) }],
      ['GET', '/v1/usage', '/v1/usage', 200],
      ['POST', '/v1/embedded/lease', '/v1/embedded/lease', 200, { lease_id: 'described', ttl_ms: 120_000 }],
    ];
    for (const [method, path, described, status, body] of asked) {
      const answer = await client.call(method, path, body, headers);
      expect([path, answer.status]).toEqual([path, status]);
      expect(answerFaults(document, method.toLowerCase(), described, answer.status, answer.body)).toEqual([]);
    }
  });
});

describe('blobs', () => {
  it('come back byte for byte; a wrong name stores nothing; the empty one is fine', async () => {
    const bytes = new Uint8Array([0, 1, 255, 10, 13]);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect((await client.call('PUT', `/v1/blobs/${sha256}`, bytes)).status).toBe(200);
    const response = await fetch(`${client.url}/v1/blobs/${sha256}`, {
      headers: { authorization: `Bearer ${client.token}` },
    });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    const other = 'f'.repeat(64);
    expect((await client.call<ErrorBody>('PUT', `/v1/blobs/${other}`, bytes)).body.code).toBe('REQUEST_INVALID');
    expect((await client.call<ErrorBody>('GET', `/v1/blobs/${other}`)).status).toBe(404);
    expect(await client.blob('')).toBe(createHash('sha256').digest('hex'));
    expect((await client.call('PUT', '/v1/blobs/..%2f..%2fetc', bytes)).status).toBe(400);
  });
});

describe('keys', () => {
  it('duplicate delivery: the same key and bytes give the first run, executed and charged once', async () => {
    const request = await client.planRequest('ok');
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.submit(request)));
    expect(new Set(answers.map((answer) => answer.body.run_id)).size).toBe(1);
    const run = await client.finished(answers[0]?.body.run_id ?? '');
    expect(RunView.parse(run)).toMatchObject({ status: 'succeeded', cost_usd: '0.02' });
    expect((await client.submit(request)).body).toEqual(run);
    expect(upstreamCalls(join(home.root, 'upstream.txt'), request.job_id).length).toBe(2);
    expect((await client.usage(request.job_id)).rows).toHaveLength(2);
  });

  it('same key, other bytes: IDEMPOTENCY_MISMATCH', async () => {
    const request = await client.planRequest('ok');
    await client.submit(request);
    const other = await client.submit({ ...request, spec_name: 'other.md' } as typeof request, keyOf(request));
    expect([other.status, (other.body as unknown as ErrorBody).code]).toEqual([409, 'IDEMPOTENCY_MISMATCH']);
  });

  it('refused before execution (unknown model, missing blob): the key stays free', async () => {
    const request = await client.planRequest('ok', { model: 'fake/unknown' });
    const refused = await client.submit(request, 'free-key');
    expect([refused.status, (refused.body as unknown as ErrorBody).code]).toEqual([422, 'MODEL_UNKNOWN']);
    const missing = await client.submit(
      { ...request, model: null, spec: 'e'.repeat(64) } as typeof request,
      'free-key',
    );
    expect(missing.body as unknown as ErrorBody).toMatchObject({
      code: 'NOT_FOUND',
      details: { missing: ['e'.repeat(64)] },
    });
    const accepted = await client.submit({ ...request, model: null } as typeof request, 'free-key');
    expect(accepted.status).toBe(200);
  });

  it('budget reached: refused before sending; after the cap is raised the same key goes on and pays nothing twice', async () => {
    const request = await client.planRequest('ok', { cap_usd: '0.055' });
    const { body } = await client.submit(request);
    const stopped = await client.finished(body.run_id);
    expect(stopped).toMatchObject({
      status: 'failed',
      error: { code: 'BUDGET_EXCEEDED', details: { cap_usd: '0.055', spent_usd: '0.01' } },
      cost_usd: '0.01',
    });
    expect(upstreamCalls(join(home.root, 'upstream.txt'), request.job_id).length).toBe(1);
    const tooLow = await client.call<ErrorBody>('PUT', `/v1/budgets/${request.job_id}`, { cap_usd: '0.001' });
    expect([tooLow.status, tooLow.body.code]).toEqual([400, 'REQUEST_INVALID']);
    for (let times = 0; times < 2; times++) {
      expect((await client.call<BudgetView>('PUT', `/v1/budgets/${request.job_id}`, { cap_usd: '1.00' })).body).toEqual(
        { job_id: request.job_id, cap_usd: '1.00', spent_usd: '0.01', held_usd: '0.00' },
      );
    }
    const again = await client.submit(request);
    expect(again.body.run_id).toBe(body.run_id);
    expect(await client.finished(body.run_id)).toMatchObject({ status: 'succeeded', cost_usd: '0.02' });
    expect(upstreamCalls(join(home.root, 'upstream.txt'), request.job_id).length).toBe(2);
    const events = await client.events(body.run_id);
    expect(events[0]?.type).toBe('snapshot');
    expect(events.at(-1)).toMatchObject({ type: 'final', status: 'succeeded' });
  });
});

describe('a fork: another attempt of a step that broke off', () => {
  it('pays only what runs anew: answers of the attempt before are taken over, while the question is the same', async () => {
    const first = await client.planRequest('breaks-once');
    const broken = await client.finished((await client.submit(first)).body.run_id);
    expect(broken).toMatchObject({ status: 'failed', error: { code: 'MODEL_UNAVAILABLE' }, cost_usd: '0.01' });
    const calls = (): number => upstreamCalls(join(home.root, 'upstream.txt'), first.job_id).length;
    const before = calls();
    const fork = { ...first, attempt: 2 };
    const forked = await client.finished((await client.submit(fork)).body.run_id);
    expect(forked.run_id).not.toBe(broken.run_id);
    // its own call alone: the first one's answer was paid in the attempt before
    expect(forked).toMatchObject({ status: 'succeeded', cost_usd: '0.01' });
    expect(calls()).toBe(before + 1);
    const other = { ...first, attempt: 3, spec: await client.blob('ok') };
    const anew = await client.finished((await client.submit(other)).body.run_id);
    expect(anew).toMatchObject({ status: 'succeeded', cost_usd: '0.02' });
    expect(calls()).toBe(before + 3);
    const { rows } = await client.usage(first.job_id);
    expect(rows.filter((row) => row.amount_usd !== '0.00').length).toBe(4);
  });
});

describe('model attempts', () => {
  it('a failed attempt is settled at zero, the fallback answers', async () => {
    const request = await client.planRequest('fail-first');
    const { body } = await client.submit(request);
    const run = await client.finished(body.run_id);
    expect(run.status).toBe('succeeded');
    const { rows } = await client.usage(request.job_id);
    expect(rows.map((row) => [row.item, row.amount_usd])).toEqual([
      ['fake/first', '0.00'],
      ['fake/first', '0.00'],
      ['fake/second', '0.01'],
      ['fake/first', '0.01'],
    ]);
    const retries = (await client.events(body.run_id)).filter((event) => event.type === 'retry');
    expect(retries).toMatchObject([{ attempt: 2, reason: 'MODEL_RATE_LIMITED: slow down' }, { attempt: 3 }]);
  });

  it('a refused specification fails the run with its code and tries no other model', async () => {
    const request = await client.planRequest('spec');
    const run = await client.finished((await client.submit(request)).body.run_id);
    expect(run).toMatchObject({
      status: 'failed',
      error: { code: 'SPEC_WIDTH', details: { diagnostics: [] } },
      cost_usd: '0.00',
    });
    expect((await client.usage(request.job_id)).rows).toHaveLength(1);
  });

  it('an answer with NUL and half a surrogate pair is stored, not a crash', async () => {
    const run = await client.finished((await client.submit(await client.planRequest('nul'))).body.run_id);
    expect(run).toMatchObject({
      status: 'succeeded',
      output: { plan: { title: expect.stringContaining('answer \uFFFD\uFFFD') as string } },
    });
  });

  it('cancel in mid-call: the call ends, its estimate is charged, nothing stays held', async () => {
    const request = await client.planRequest('hang');
    const { body } = await client.submit(request);
    await client.events(body.run_id, { until: (event) => event.type === 'token' });
    await client.call('POST', `/v1/jobs/${body.run_id}/cancel`);
    const run = await client.finished(body.run_id);
    expect(run).toMatchObject({
      status: 'cancelled',
      error: { code: 'CANCELLED' },
      cost_usd: '0.004',
      usage: [{ estimated: true }],
    });
    expect((await client.call<BudgetView>('GET', `/v1/budgets/${request.job_id}`)).body).toMatchObject({
      held_usd: '0.00',
      spent_usd: '0.004',
    });
    // A second cancel of an ended run changes nothing.
    expect((await client.call<RunView>('POST', `/v1/jobs/${body.run_id}/cancel`)).body.status).toBe('cancelled');
  });
});

describe('event streams', () => {
  it('every event fits the contract, numbers have no gap, the last is final', async () => {
    const { body } = await client.submit(await client.planRequest('ok'));
    const events = await client.events(body.run_id);
    for (const event of events) expect(JobEvent.safeParse(event).success).toBe(true);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter((event) => event.type === 'phase').map((event) => event.phase)).toEqual([
      'reading',
      'checking',
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'final', status: 'succeeded' });
  });

  it('reconnect in mid-stream: resumed by Last-Event-ID, nothing lost, nothing twice', async () => {
    const { body } = await client.submit(await client.planRequest('slow'));
    const all: JobEvent[] = [];
    while (all.at(-1)?.type !== 'final') {
      const after = all.at(-1)?.seq;
      let seen = 0;
      const part = await client.events(body.run_id, {
        ...(after === undefined ? {} : { after }),
        until: () => ++seen > 2,
      });
      all.push(...part.filter((event) => event.seq > (after ?? 0)));
    }
    expect(all.map((event) => event.seq)).toEqual(all.map((_, index) => index + 1));
    expect(await client.events(body.run_id, { after: all.length })).toEqual([]);
  });

  it('an id that is no longer kept, or never was: a snapshot replaces what came before', async () => {
    const { body } = await client.submit(await client.planRequest('ok'));
    await client.finished(body.run_id);
    const future = await client.events(body.run_id, { after: 99_999 });
    expect(future[0]).toMatchObject({ type: 'snapshot', run: { run_id: body.run_id, status: 'succeeded' } });
  });

  it('another account’s run, or none: 404', async () => {
    expect((await client.call<ErrorBody>('GET', '/v1/jobs/run_none/events')).status).toBe(404);
    expect((await client.call<ErrorBody>('GET', '/v1/jobs/run_none')).status).toBe(404);
  });

  it('a reader that goes away frees its stream', async () => {
    const { body } = await client.submit(await client.planRequest('hang'));
    const abort = new AbortController();
    const reading = client.events(body.run_id, { signal: abort.signal }).catch(() => 'gone');
    await delay(100);
    abort.abort();
    expect(await reading).toBe('gone');
    await client.call('POST', `/v1/jobs/${body.run_id}/cancel`);
    expect((await client.finished(body.run_id)).status).toBe('cancelled');
  });
});

describe('supply', () => {
  let listing: CbbListing;
  beforeAll(async () => {
    const { body } = await client.call<{ listings: CbbListing[] }>('GET', '/v1/cbb?q=');
    const first = body.listings[0];
    if (first === undefined) throw new Error('the registry is empty');
    listing = first;
  });
  const purchase = (job: string, change: Record<string, unknown> = {}): Record<string, unknown> => ({
    job_id: job,
    step_id: 'cbb_checkout_1',
    workspace_id: 'ws',
    cbb_id: listing.manifest.cbb_id,
    version: listing.manifest.version,
    price_usd: listing.manifest.price_usd,
    cap_usd: '20.00',
    ...change,
  });

  it('resolve, checkout, deliver, download: signed bytes, one charge, then owned', async () => {
    const { body: bought } = await client.checkout(purchase('supply'), 'supply-key');
    expect(bought.receipt).toMatchObject({
      charged_usd: listing.manifest.price_usd,
      sha256: listing.sha256,
      bucket: 'included',
    });
    const repeat = await client.checkout(purchase('supply2'), 'supply-key-2');
    expect(repeat.body.receipt).toMatchObject({ receipt_id: bought.receipt.receipt_id, charged_usd: '0.00' });
    const { body } = await client.call<{ deliveries: Delivery[] }>('POST', '/v1/cbb/deliver', {
      receipt_ids: [bought.receipt.receipt_id],
    });
    const delivery = body.deliveries[0];
    if (delivery === undefined) throw new Error('no delivery');
    const response = await fetch(delivery.download_url);
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(delivery.sha256);
    expect(bytes.byteLength).toBe(delivery.size_bytes);
    expect(verifySignature(bytes, delivery.signature, delivery.public_key)).toBe(true);
    const { body: resolved } = await client.call<{ resolutions: { quote: { owned: boolean } }[] }>(
      'POST',
      '/v1/cbb/resolve',
      {
        workspace_id: 'ws',
        requirements: [{ id: 'r1', function: listing.manifest.cbb_id, needs_tb: false }],
      },
    );
    expect(resolved.resolutions[0]?.quote.owned).toBe(true);
    const forged = delivery.download_url.slice(0, -4) + 'AAAA';
    expect((await fetch(forged)).status).toBe(404);
  });

  it('a changed price asks again, and charges nothing', async () => {
    const { status, body } = await client.checkout(
      purchase('dear', { price_usd: '0.01', workspace_id: 'ws9' }),
      'dear-key',
    );
    expect([status, (body as unknown as ErrorBody).code]).toEqual([409, 'CBB_PRICE_CHANGED']);
    expect((await client.usage('dear')).rows).toEqual([]);
  });

  it('undeliverable after the purchase: reversed by itself; before it: nothing is charged', async () => {
    const { body: bought } = await client.checkout(purchase('gone', { workspace_id: 'ws2' }), 'gone-key');
    const path = join(home.objects, listing.sha256.slice(0, 2), listing.sha256.slice(2));
    const archive = await readFile(path);
    await rm(path);
    const failed = await client.call<ErrorBody>('POST', '/v1/cbb/deliver', {
      receipt_ids: [bought.receipt.receipt_id],
    });
    expect([failed.status, failed.body.code]).toEqual([502, 'CBB_UNDELIVERABLE']);
    const again = await client.call<ErrorBody>('POST', '/v1/cbb/deliver', { receipt_ids: [bought.receipt.receipt_id] });
    expect(again.body.code).toBe('CBB_UNDELIVERABLE');
    const { rows } = await client.usage('gone');
    expect(rows.map((row) => [row.kind, row.amount_usd])).toEqual([
      ['cbb', listing.manifest.price_usd],
      ['reversal', `-${listing.manifest.price_usd}`],
    ]);
    const early = await client.checkout(purchase('early', { workspace_id: 'ws3' }), 'early-key');
    expect((early.body as unknown as ErrorBody).code).toBe('CBB_UNDELIVERABLE');
    expect((await client.usage('early')).rows).toEqual([]);
    await writeFile(path, archive);
    const anew = await client.checkout(purchase('gone', { workspace_id: 'ws2' }), 'gone-key');
    expect(anew.body.receipt).toMatchObject({ charged_usd: listing.manifest.price_usd });
    expect(anew.body.receipt.receipt_id).not.toBe(bought.receipt.receipt_id);
  });

  it('a report is taken for a known version only', async () => {
    const report = {
      cbb_id: listing.manifest.cbb_id,
      version: listing.manifest.version,
      message: 'wrong \u0000 level',
      evidence: null,
    };
    expect((await client.call('POST', '/v1/cbb/report', report)).status).toBe(200);
    expect((await client.call<ErrorBody>('POST', '/v1/cbb/report', { ...report, version: '9.9.9' })).body.code).toBe(
      'CBB_NOT_FOUND',
    );
  });
});

describe('jobs are runs of flows', () => {
  let pool: Pool;
  beforeAll(async () => {
    pool = createPool(await runningServerUrl(home), { max: 1 });
  });
  afterAll(() => pool.end());

  const recorded = async (runId: string) => {
    const text = (what: string): string => `SELECT ${what} WHERE account_id = 'local' AND run_id = $1`;
    const rows = async (what: string, order = '') => (await pool.query(`${text(what)} ${order}`, [runId])).rows;
    return {
      run: (
        await rows('intent, flow, runner, status, attempt, ended_at IS NOT NULL AS ended FROM flow_runs')
      )[0] as object,
      steps: await rows(
        `attempt, name, type, status, input_hash ~ '^[0-9a-f]{64}$' AS input, output_hash IS NOT NULL AS output FROM flow_steps`,
        'ORDER BY attempt, ordinal',
      ),
      kept: await rows('attempt, step, size FROM run_artifacts', 'ORDER BY attempt, step'),
      used: await rows('model FROM usage'),
    };
  };
  const stepsOf = async (runId: string, count: number) =>
    vi.waitFor(
      async () => {
        const all = await recorded(runId);
        expect(all.steps).toHaveLength(count);
        return all;
      },
      { timeout: 20_000 },
    );

  it('their steps stand under them, with hashes; texts only of one that failed', async () => {
    const { body } = await client.submit(await client.planRequest('ok'));
    await client.finished(body.run_id);
    const good = await stepsOf(body.run_id, 2);
    expect(good.run).toEqual({
      intent: 'plan',
      flow: flowId(fakeFlows.jobs.plan),
      runner: 'durable',
      status: 'succeeded',
      attempt: 1,
      ended: true,
    });
    const whole = { attempt: 1, status: 'succeeded', input: true, output: true };
    expect(good.steps).toMatchObject([whole, whole]);
    expect(good.kept).toEqual([]);
    expect(good.used).toHaveLength(2);
    // no run of the interactive endpoints
    expect((await client.call<ErrorBody>('GET', `/api/ai/runs/${body.run_id}`)).body.code).toBe('NOT_FOUND');
  });

  it('one that the budget stopped goes on as its next attempt', async () => {
    const request = await client.planRequest('ok', { cap_usd: '0.055' });
    const { body } = await client.submit(request);
    await client.finished(body.run_id);
    const stopped = await stepsOf(body.run_id, 2);
    expect(stopped.run).toMatchObject({ status: 'failed', attempt: 1, ended: true });
    expect(stopped.steps).toMatchObject([
      { attempt: 1, status: 'succeeded' },
      { attempt: 1, status: 'failed', output: false },
    ]);
    // written behind the steps
    await vi.waitFor(async () => expect((await recorded(body.run_id)).kept).toHaveLength(2), { timeout: 20_000 });
    await client.call<BudgetView>('PUT', `/v1/budgets/${request.job_id}`, { cap_usd: '1.00' });
    await client.submit(request);
    await client.finished(body.run_id);
    const whole = await stepsOf(body.run_id, 4);
    expect(whole.run).toMatchObject({ status: 'succeeded', attempt: 2, ended: true });
    expect(whole.steps.slice(2)).toMatchObject([
      { attempt: 2, status: 'succeeded' },
      { attempt: 2, status: 'succeeded' },
    ]);
  });
});

describe('design jobs', () => {
  it('run the whole server side', async () => {
    const plan = await client.planRequest('ok');
    const request = {
      kind: 'design',
      job_id: plan.job_id,
      step_id: 'design_1',
      attempt: 1,
      workspace_id: 'ws',
      model: null,
      cap_usd: '20.00',
      spec: plan.spec,
      spec_name: 'spec.md',
    } as const;
    expect(await client.finished((await client.submit(request)).body.run_id)).toMatchObject({
      status: 'succeeded',
      output: { kind: 'design', quotes: [] },
    });
  });
});
