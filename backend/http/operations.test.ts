// What an operator sees of a hosted backend at work: metrics and traces of a job without a word of its text, readiness,
// and a process that ends without losing what it was doing.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ErrorBody } from '@genrtl/contracts';
import type { BackendHome } from '../processes/home.ts';
import { startBackend, type RunningBackend } from '../start.ts';
import { keyOf, TestClient } from '../test/client.ts';
import { makeTestHome, openTestDatabase, removeTestHome, type TestDatabase } from '../test/database.ts';
import { fakeFlows, fakeRouter } from '../test/fake-models.ts';
import { metric } from '../test/metrics.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: { readonly key: string; readonly value: Record<string, unknown> }[];
}

/** A collector of OTLP over HTTP that keeps what it gets. */
async function openCollector(): Promise<{ server: Server; url: string; bodies: string[]; spans: () => Span[] }> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString('utf8'));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const spans = (): Span[] =>
    bodies.flatMap((body) =>
      (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }).resourceSpans.flatMap((resource) =>
        resource.scopeSpans.flatMap((scope) => scope.spans),
      ),
    );
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, spans };
}

const CANARY = 'canary-7d1f3b';
let database: TestDatabase;
let home: BackendHome;
let collector: Awaited<ReturnType<typeof openCollector>>;
let backend: RunningBackend;
let client: TestClient;
beforeAll(async () => {
  [database, home, collector] = await Promise.all([
    openTestDatabase({ migrated: false }),
    makeTestHome(),
    openCollector(),
  ]);
  backend = await startBackend({
    home: home.root,
    role: 'all',
    embedded: false,
    port: 0,
    router: fakeRouter(join(home.root, 'upstream.txt')),
    flows: fakeFlows,
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      GENRTL_OPERATOR_LISTEN: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    },
  });
  client = new TestClient(backend);
}, 240_000);
afterAll(async () => {
  await backend.stop();
  collector.server.close();
  await database.close();
  await removeTestHome(home);
});

const operator = async (path: string): Promise<string> =>
  (await fetch(`http://127.0.0.1:${backend.operatorPort}${path}`)).text();

it('a job is counted and traced from the page to the provider, without a word of its text', async () => {
  const trace = 'ab'.repeat(16);
  const request = await client.planRequest('ok', { job_id: 'traced', feedback: [CANARY] } as never);
  // other test files of this process may have left counts
  const before = await operator('/metrics');
  const { body: run } = await client.call<{ run_id: string }>('POST', '/v1/jobs', request, {
    'idempotency-key': keyOf(request),
    traceparent: `00-${trace}-${'cd'.repeat(8)}-01`,
  });
  await client.finished(run.run_id);
  const metrics = await operator('/metrics');
  const model = { provider: 'compatible', model: 'fake/first' };
  const series: [name: string, labels: Record<string, string>, value: number][] = [
    ['genrtl_http_request_seconds_count', { method: 'POST', route: '/v1/jobs', status: '200' }, 1],
    ['genrtl_model_call_seconds_count', { ...model, outcome: 'answered' }, 2],
    ['genrtl_model_first_token_seconds_count', model, 2],
    ['genrtl_model_cost_micro_usd_total', model, 20_000],
    ['genrtl_ledger_entries_total', { kind: 'model' }, 2],
    ['genrtl_run_wait_seconds_count', { kind: 'plan' }, 1],
  ];
  for (const [name, labels, value] of series) {
    const [was, is] = [before, metrics].map((text) => metric(text, name, { ...labels, role: 'all' }));
    expect([name, (is ?? 0) - (was ?? 0)]).toEqual([name, value]);
  }
  const provider = { part: 'provider:compatible', role: 'all' };
  await expect
    .poll(async () => metric(await operator('/metrics'), 'genrtl_part_up', provider), { timeout: 15_000 })
    .toBe(1);
  expect(metric(metrics, 'genrtl_admission_seconds_count', { outcome: 'admitted', role: 'all' })).toBeGreaterThan(1);
  const calls = (): Span[] => collector.spans().filter((span) => span.traceId === trace && span.name === 'model call');
  await expect.poll(() => calls().length, { timeout: 15_000 }).toBe(2);
  await expect
    .poll(() => collector.spans().filter((span) => span.traceId === trace && span.name === 'request').length, {
      timeout: 15_000,
    })
    .toBe(1);
  const work = collector.spans().find((span) => span.traceId === trace && span.name === 'run');
  const attribute = (span: Span | undefined, key: string): unknown =>
    Object.values(span?.attributes.find((one) => one.key === key)?.value ?? {})[0];
  expect(attribute(work, 'genrtl.run_id')).toBe(run.run_id);
  expect(attribute(work, 'enduser.id')).toBe('local');
  // each call in a step of the flow, each step in the run
  const parentOf = (span: Span | undefined): Span | undefined =>
    collector.spans().find((one) => one.traceId === trace && one.spanId === span?.parentSpanId);
  for (const call of calls()) expect(parentOf(parentOf(call))?.spanId).toBe(work?.spanId);
  expect(attribute(calls()[0], 'gen_ai.request.model')).toBe('fake/first');
  for (const said of [...collector.bodies, metrics, await readFile(home.logFile, 'utf8')]) {
    expect(said).not.toContain(CANARY);
    expect(said).not.toContain(client.token);
  }
});

it('health tells process, database, object store and provider apart', async () => {
  const { ready, parts } = JSON.parse(await operator('/health')) as {
    ready: boolean;
    parts: Record<string, { state: string }>;
  };
  expect([ready, ...['process', 'database', 'object_store'].map((part) => parts[part]?.state)]).toEqual([
    true,
    'up',
    'up',
    'up',
  ]);
});

// last: it ends the backend
it('SIGTERM: not ready, no new runs, what is under way ends, then the process does', async () => {
  const run = (await client.submit(await client.planRequest('slow'))).body;
  const next = await client.planRequest('ok');
  const reader = client.events(run.run_id);
  await expect.poll(async () => (await client.run(run.run_id)).status, { timeout: 15_000 }).toBe('running');
  const stopped = backend.stop(30_000);
  await expect.poll(async () => (await client.call('GET', '/v1/ready')).status, { timeout: 15_000 }).toBe(503);
  const refused = await client.call<ErrorBody>('POST', '/v1/jobs', next, { 'idempotency-key': keyOf(next) });
  expect([refused.status, refused.body.code]).toEqual([503, 'BACKEND_UNAVAILABLE']);
  await stopped;
  const { rows } = await database.pool.query<{ status: string }>('SELECT status FROM runs WHERE run_id = $1', [
    run.run_id,
  ]);
  expect(rows[0]?.status).toBe('succeeded');
  expect((await reader).at(-1)).toMatchObject({ type: 'final', status: 'succeeded' });
  await expect(client.call('GET', '/v1/health')).rejects.toThrow();
});
