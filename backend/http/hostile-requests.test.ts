// What strangers and broken clients send: too much, too slowly, at once, unstorable, never finished. The backend
// answers with a code, keeps nothing, and goes on serving everybody else.
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BudgetView, CbbListing, ErrorBody, JobRequest, RunView } from '@genrtl/contracts';
import type { BackendHome } from '../processes/home.ts';
import { startBackend, type RunningBackend } from '../start.ts';
import { TestClient, keyOf } from '../test/client.ts';
import { makeTestHome, removeTestHome } from '../test/database.ts';
import { fakeFlows, fakeRouter, upstreamCalls } from '../test/fake-models.ts';

const MB = 1 << 20;
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

const headers = (more: Record<string, string> = {}): Record<string, string> => ({
  authorization: `Bearer ${client.token}`,
  'content-type': 'application/json',
  ...more,
});

/** A body in chunks without a Content-Length; resolves with the answer even when the server stops reading. */
function sendChunks(
  path: string,
  method: string,
  total: number,
  more: Record<string, string> = {},
): Promise<{ status: number; body: ErrorBody }> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${client.url}${path}`, { method, headers: headers(more) }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as ErrorBody });
      });
    });
    let answered = false;
    request.on('response', () => {
      answered = true;
    });
    request.on('error', (error) => {
      if (!answered) reject(error);
    });
    const chunk = Buffer.alloc(MB, 0x20);
    Readable.from(
      (function* () {
        for (let sent = 0; sent < total && !answered; sent += MB) yield chunk;
      })(),
    ).pipe(request);
  });
}

describe('too much', () => {
  it('20 MB of JSON, announced or in chunks: 413 and nothing is kept', async () => {
    const announced = await client.call<ErrorBody>('POST', '/v1/jobs', 'x'.repeat(20 * MB), {
      'content-type': 'application/json',
      'idempotency-key': 'big',
    });
    expect([announced.status, announced.body.code]).toEqual([413, 'REQUEST_TOO_LARGE']);
    const chunked = await sendChunks('/v1/jobs', 'POST', 20 * MB, { 'idempotency-key': 'big' });
    expect([chunked.status, chunked.body.code]).toEqual([413, 'REQUEST_TOO_LARGE']);
    const small = await sendChunks('/v1/jobs', 'POST', 100, { 'idempotency-key': 'small' });
    expect([small.status, small.body.code]).toEqual([400, 'REQUEST_INVALID']);
    const request = await client.planRequest('ok');
    expect((await client.submit(request, 'big')).status).toBe(200);
  });

  it('a specification of 20 MB is a blob like any other; one beyond the limit is refused', async () => {
    const text = 'specification '.repeat((20 * MB) / 14);
    const sha256 = await client.blob(text);
    const response = await fetch(`${client.url}/v1/blobs/${sha256}`, { headers: headers() });
    expect(
      createHash('sha256')
        .update(new Uint8Array(await response.arrayBuffer()))
        .digest('hex'),
    ).toBe(sha256);
    const refused = await sendChunks(`/v1/blobs/${'a'.repeat(64)}`, 'PUT', 66 * MB);
    expect([refused.status, refused.body.code]).toEqual([413, 'REQUEST_TOO_LARGE']);
    expect(await readdir(join(home.objects, 'incoming'))).toEqual([]);
  });

  it('more unfinished jobs than an account may have: 429 with Retry-After, the key stays free', async () => {
    const requests = await Promise.all(Array.from({ length: 33 }, () => client.planRequest('silent')));
    const runs: RunView[] = [];
    for (const request of requests.slice(0, 32)) runs.push((await client.submit(request)).body);
    const last = requests[32] as JobRequest;
    const response = await fetch(`${client.url}/v1/jobs`, {
      method: 'POST',
      headers: headers({ 'idempotency-key': keyOf(last) }),
      body: JSON.stringify(last),
    });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await response.json()).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
    await Promise.all(runs.map((run) => client.call('POST', `/v1/jobs/${run.run_id}/cancel`)));
    for (const run of runs) expect((await client.finished(run.run_id)).status).toBe('cancelled');
    const accepted = await client.submit(last);
    expect(accepted.status).toBe(200);
    await client.call('POST', `/v1/jobs/${accepted.body.run_id}/cancel`);
    expect((await client.finished(accepted.body.run_id)).status).toBe('cancelled');
  });
});

describe('too slowly, or never to the end', () => {
  it('an upload that breaks off leaves nothing, and the same blob can be sent again', async () => {
    const text = 'y'.repeat(3 * MB);
    const sha256 = createHash('sha256').update(text).digest('hex');
    const { port } = new URL(client.url);
    const socket = net.connect(Number(port), '127.0.0.1');
    socket.write(
      `PUT /v1/blobs/${sha256} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${client.token}\r\nContent-Length: ${text.length}\r\n\r\n${text.slice(0, MB)}`,
    );
    await expect.poll(async () => (await readdir(join(home.objects, 'incoming'))).length).toBe(1);
    socket.destroy();
    await expect.poll(async () => (await readdir(join(home.objects, 'incoming'))).length, { timeout: 5000 }).toBe(0);
    expect(await client.blob(text)).toBe(sha256);
  });

  it('a reader of events that never reads holds up neither the run nor anybody else', async () => {
    const { body } = await client.submit(await client.planRequest('slow'));
    const { port } = new URL(client.url);
    const sockets = Array.from({ length: 20 }, () => net.connect(Number(port), '127.0.0.1'));
    try {
      for (const socket of sockets) {
        socket.pause();
        socket.write(
          `GET /v1/jobs/${body.run_id}/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${client.token}\r\n\r\n`,
        );
      }
      expect((await client.call('GET', '/v1/health')).status).toBe(200);
      expect((await client.finished(body.run_id)).status).toBe('succeeded');
      expect((await client.events(body.run_id)).at(-1)).toMatchObject({ type: 'final' });
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  it('a request whose sender goes away before the answer is executed once', async () => {
    const request = await client.planRequest('ok');
    for (let times = 0; times < 3; times++) {
      const abort = new AbortController();
      const sent = fetch(`${client.url}/v1/jobs`, {
        method: 'POST',
        headers: headers({ 'idempotency-key': keyOf(request) }),
        body: JSON.stringify(request),
        signal: abort.signal,
      });
      await delay(3);
      abort.abort();
      await sent.catch(() => null);
    }
    const run = await client.finished((await client.submit(request)).body.run_id);
    expect(run).toMatchObject({ status: 'succeeded', cost_usd: '0.02' });
    expect(upstreamCalls(join(home.root, 'upstream.txt'), request.job_id)).toHaveLength(2);
  });
});

describe('malformed', () => {
  it('text that PostgreSQL cannot store: 400 or 404, never 500', async () => {
    const nul = 'a\u0000b';
    const answers = [
      await client.call<ErrorBody>(
        'POST',
        '/v1/cbb/checkout',
        {
          job_id: null,
          step_id: null,
          workspace_id: nul,
          cbb_id: 'cbb_counter',
          version: '1.0.0',
          price_usd: '0.10',
          cap_usd: null,
        },
        { 'idempotency-key': 'nul' },
      ),
      await client.call<ErrorBody>('POST', '/v1/cbb/deliver', { receipt_ids: [nul] }),
      await client.call<ErrorBody>('POST', '/v1/cbb/resolve', { workspace_id: nul, requirements: [] }),
      await client.call<ErrorBody>('GET', '/v1/jobs/a%00b'),
      await client.call<ErrorBody>('GET', '/v1/jobs/a%00b/events'),
      await client.call<ErrorBody>('GET', '/v1/usage?job_id=a%00b'),
    ];
    for (const { status, body } of answers) expect([status, body.code]).toEqual([400, 'REQUEST_INVALID']);
    expect((await client.call('GET', '/v1/cbb?q=a%00b')).status).toBe(200);
  });

  it('amounts beyond what can be counted, negative caps, endless names: 400 with the field', async () => {
    const request = await client.planRequest('ok');
    const checkout = {
      job_id: 'negative',
      step_id: 's_1',
      workspace_id: 'ws',
      cbb_id: 'cbb_counter',
      version: '1.0.0',
      price_usd: '0.10',
      cap_usd: '20.00',
    };
    const cases: [string, Promise<{ status: number; body: unknown }>][] = [
      ['cap_usd', client.call('PUT', '/v1/budgets/huge', { cap_usd: '999999999999' })],
      ['cap', client.call('PUT', '/v1/budgets/huge', { cap_usd: '-1.00' })],
      ['cap_usd', client.submit({ ...request, cap_usd: '1e9' } as JobRequest)],
      ['cap_usd', client.submit({ ...request, cap_usd: '-0.01' } as JobRequest)],
      ['cap_usd', client.checkout({ ...checkout, cap_usd: '-1.00' }, 'negative')],
      ['workspace_id', client.checkout({ ...checkout, workspace_id: 'w'.repeat(5000) }, 'long')],
      ['attempt', client.submit({ ...request, attempt: 0 } as JobRequest)],
      ['attempt', client.submit({ ...request, attempt: 1.5 } as JobRequest)],
      ['spec', client.submit({ ...request, spec: '../../etc/passwd' } as JobRequest)],
    ];
    for (const [field, answer] of cases) {
      const { status, body } = await answer;
      expect([field, status, (body as ErrorBody).code]).toEqual([field, 400, 'REQUEST_INVALID']);
      expect((body as ErrorBody).message).toContain(field);
    }
    expect((await client.usage('negative')).rows).toEqual([]);
  });

  it('deep nesting, wrong types, other encodings and foreign keys of objects are refused or ignored', async () => {
    for (const text of [
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      'null',
      '"text"',
      '[]',
      '{"__proto__":{"kind":"plan"}}',
      '\u{feff}{}',
      '{"kind":"plan","kind":"evil"}',
    ]) {
      const { status, body } = await client.call<ErrorBody>('POST', '/v1/jobs', text, {
        'content-type': 'application/json',
        'idempotency-key': 'k',
      });
      expect([status, body.code]).toEqual([400, 'REQUEST_INVALID']);
    }
    const request = await client.planRequest('ok');
    const noType = await fetch(`${client.url}/v1/jobs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${client.token}`, 'idempotency-key': 'k2', 'content-type': 'text/plain' },
      body: JSON.stringify(request),
    });
    expect(noType.status).toBe(400);
  });
});

describe('at once', () => {
  it('one key, two bodies at the same moment: one is executed, the other is told', async () => {
    const request = await client.planRequest('ok');
    const other = { ...request, spec_name: 'other.md' } as JobRequest;
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => client.submit(index % 2 === 0 ? request : other, keyOf(request))),
    );
    const accepted = answers.filter(({ status }) => status === 200);
    expect(accepted).toHaveLength(6);
    expect(new Set(accepted.map(({ body }) => body.run_id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(6);
    await client.finished(accepted[0]?.body.run_id ?? '');
    expect((await client.usage(request.job_id)).rows).toHaveLength(2);
  });

  it('a cap raced by many requests of one job: never passed, no hold left, and each refused one goes on after the raise', async () => {
    const first = await client.planRequest('ok', { cap_usd: '0.12' });
    const requests = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        client.planRequest('ok', { job_id: first.job_id, step_id: `plan_${index + 1}`, cap_usd: '0.12' }),
      ),
    );
    const runs = await Promise.all(
      requests.map(async (request) => client.finished((await client.submit(request)).body.run_id)),
    );
    const budget = async (): Promise<BudgetView> =>
      (await client.call<BudgetView>('GET', `/v1/budgets/${first.job_id}`)).body;
    const stopped = runs.filter((run) => run.status === 'failed');
    expect(stopped.length).toBeGreaterThan(0);
    for (const run of stopped) expect(run.error?.code).toBe('BUDGET_EXCEEDED');
    const after = await budget();
    expect(after.held_usd).toBe('0.00');
    expect(Number(after.spent_usd)).toBeLessThanOrEqual(0.12);
    await client.call('PUT', `/v1/budgets/${first.job_id}`, { cap_usd: '5.00' });
    for (const request of requests)
      expect(await client.finished((await client.submit(request)).body.run_id)).toMatchObject({
        status: 'succeeded',
        cost_usd: '0.02',
      });
    expect(await budget()).toMatchObject({ held_usd: '0.00', spent_usd: '0.20' });
    expect(upstreamCalls(join(home.root, 'upstream.txt'), first.job_id)).toHaveLength(20);
  });

  it('one package bought by many jobs of one workspace at once: charged once', async () => {
    const { body } = await client.call<{ listings: CbbListing[] }>('GET', '/v1/cbb?q=');
    const manifest = body.listings[0]?.manifest;
    const buy = (job: string): Record<string, unknown> => ({
      job_id: job,
      step_id: 'buy_1',
      workspace_id: 'race',
      cbb_id: manifest?.cbb_id,
      version: manifest?.version,
      price_usd: manifest?.price_usd,
      cap_usd: '20.00',
    });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => client.checkout(buy(`race${index}`), `race-${index}`)),
    );
    expect(answers.filter(({ body: { receipt } }) => receipt.charged_usd !== '0.00')).toHaveLength(1);
    expect(new Set(answers.map(({ body: { receipt } }) => receipt.receipt_id)).size).toBe(1);
  });

  it('cancelled while it is accepted: it ends as cancelled and holds nothing', async () => {
    const requests = await Promise.all(Array.from({ length: 8 }, () => client.planRequest('silent')));
    await Promise.all(
      requests.map(async (request) => {
        const { body } = await client.submit(request);
        await client.call('POST', `/v1/jobs/${body.run_id}/cancel`);
        expect((await client.finished(body.run_id, 10_000)).status).toBe('cancelled');
        expect((await client.call<BudgetView>('GET', `/v1/budgets/${request.job_id}`)).body.held_usd).toBe('0.00');
      }),
    );
  });
});
