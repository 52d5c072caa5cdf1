// What a flow of the durable runner says of its money, its time and its tries, on a whole backend with fake models.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { microUsd, type JobRequest, type RunView } from '@genrtl/contracts';
import { checkLedger } from '../ledger/index.ts';
import { createPool } from '../db/index.ts';
import { catalogOf } from '../flows/catalog.ts';
import type { Flow } from '../flows/flow.ts';
import type { BackendHome } from '../processes/home.ts';
import { startPostgres, type DatabaseServer } from '../processes/postgres.ts';
import { startBackend, type RunningBackend } from '../start.ts';
import { TestClient } from '../test/client.ts';
import { makeTestHome, removeTestHome } from '../test/database.ts';
import { fakeFlows, fakeRouter, HOLD_MICRO, upstreamCalls } from '../test/fake-models.ts';
import { onSignal } from '../telemetry/signals.ts';

let home: BackendHome;
let postgres: DatabaseServer;
let backend: RunningBackend;
let client: TestClient;
const upstream = (): string => join(home.root, 'upstream.txt');

const bounds: Partial<Record<string, Partial<Pick<Flow, 'budget' | 'timeoutMs' | 'retry'>>>> = {
  // the first call may hold its worst case; what it costs leaves less than that for the second
  plan: { budget: microUsd(HOLD_MICRO + 5_000) },
  implement: { timeoutMs: 300 },
  design: { retry: { maxAttempts: 1, maxDelayMs: 120_000 } },
};

beforeAll(async () => {
  home = await makeTestHome();
  postgres = await startPostgres(home, { env: process.env });
  backend = await startBackend({
    home: home.root,
    role: 'all',
    embedded: true,
    firstLeaseMs: 600_000,
    router: fakeRouter(upstream()),
    flows: catalogOf(fakeFlows.list.map((flow) => ({ ...flow, ...bounds[flow.name] }) as Flow)),
    env: { ...process.env, DATABASE_URL: postgres.url },
  });
  client = new TestClient(backend);
}, 60_000);
afterAll(async () => {
  const pool = createPool(postgres.url, { max: 1 });
  expect(await checkLedger(pool)).toEqual([]);
  await pool.end();
  await backend.stop();
  await postgres.stop();
  await removeTestHome(home);
});

async function ended(script: string, change: Partial<JobRequest> = {}): Promise<RunView & { readonly calls: number }> {
  const request = await client.planRequest(script, change);
  const { status, body } = await client.submit(request);
  expect(status).toBe(200);
  const run = await client.finished(body.run_id);
  return { ...run, calls: upstreamCalls(upstream(), request.job_id).length };
}

it('the flow’s own budget ends a job whose cap would allow more', async () => {
  expect(await ended('ok')).toMatchObject({
    status: 'failed',
    error: { code: 'BUDGET_EXCEEDED', details: { limit_of: 'flow' } },
    calls: 1,
  });
});

it('a job that takes longer than its flow may is ended, and its steps are told', async () => {
  const seen: string[] = [];
  const end = onSignal('flow_step', ({ flow, step, status }) => seen.push(`${flow} ${step} ${status}`));
  const plan = await client.blob('{}');
  const change = { kind: 'implement', plan, files: [], cbbs: [] } as Partial<JobRequest>;
  expect(await ended('silent', change)).toMatchObject({ status: 'failed', error: { code: 'MODEL_TIMEOUT' } });
  end();
  expect(seen).toEqual(['implement@1 reading failed']);
});

it('as many tries as the flow allows, over all models', async () => {
  const run = await ended('fail-first', { kind: 'design' } as Partial<JobRequest>);
  expect(run).toMatchObject({ status: 'failed', error: { code: 'MODEL_RATE_LIMITED' }, calls: 1 });
});
