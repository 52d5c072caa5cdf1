// Durability, named after the failure: the backend dies by kill -9 at each point of a job; after the next start the
// same request under the same key gives the same result, each answer paid once, nothing held, the lost attempt free of
// charge.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BudgetView, ErrorBody, JobRequest, RunView } from '@genrtl/contracts';
import { makeTestHome, removeTestHome } from '../test/database.ts';
import { upstreamCalls } from '../test/fake-models.ts';
import { representatives } from '../../test/representatives.ts';
import { soakOnly } from '../../test/soak-only.ts';
import { KillableBackend } from '../test/kill-backend.ts';
import type { BackendHome } from '../processes/home.ts';

let home: BackendHome;
let backend: KillableBackend;
beforeAll(async () => {
  home = await makeTestHome();
  backend = await KillableBackend.start(home.root);
}, 60_000);
afterAll(async () => {
  // Undefined when the start failed, which then is the error to be seen.
  await (backend as KillableBackend | undefined)?.stop();
  await removeTestHome(home);
});

/** Submits until the process dies, starts the next one, submits the same bytes again and waits for the end. */
async function dieAndRepeat(point: string, request: JobRequest): Promise<RunView> {
  await backend.arm(point);
  await backend.client.submit(request).catch(() => null);
  expect(await backend.death()).toBe('SIGKILL');
  backend = await KillableBackend.start(home.root);
  const { status, body } = await backend.client.submit(request);
  expect(status).toBe(200);
  return backend.client.finished(body.run_id);
}

async function expectSettled(request: JobRequest, paid: number, lost: number): Promise<void> {
  const { rows } = await backend.client.usage(request.job_id);
  const amounts = rows.map((row) => row.amount_usd).sort();
  expect(amounts).toEqual([
    ...Array.from({ length: lost }, () => '0.00'),
    ...Array.from({ length: paid }, () => '0.01'),
  ]);
  const { body } = await backend.client.call<BudgetView>('GET', `/v1/budgets/${request.job_id}`);
  expect(body).toMatchObject({ held_usd: '0.00', spent_usd: paid === 2 ? '0.02' : '0.01' });
}

/** Point, upstream calls in all, attempts lost. */
const POINTS: readonly (readonly [string, number, number])[] = [
  ['after_run_recorded', 2, 0],
  ['before_phase', 2, 0],
  ['before_phase:2', 2, 0],
  ['after_phase', 2, 0],
  ['after_attempt_recorded', 2, 1],
  ['during_model_call', 3, 1],
  ['after_model_answer', 3, 1],
  ['before_settle:2', 3, 1],
  ['after_settle', 2, 0],
  ['before_result', 2, 0],
  ['after_result', 2, 0],
];

describe('the backend dies', () => {
  it.each(
    representatives(
      POINTS,
      ['before_phase:2', 'during_model_call', 'after_settle', 'after_result'],
      ([point]) => point,
    ),
  )('at %s: one result, one charge an answer, %i upstream calls, %i lost', async (point, upstream, lost) => {
    const request = await backend.client.planRequest(point === 'during_model_call' ? 'slow' : 'ok');
    const run = await dieAndRepeat(point, request);
    expect(run).toMatchObject({ status: 'succeeded', cost_usd: '0.02' });
    expect(run.output).toMatchObject({ kind: 'plan', plan: { title: 'answer plan_1/first + answer plan_1/second' } });
    expect(upstreamCalls(`${home.root}/upstream.txt`, request.job_id)).toHaveLength(upstream);
    await expectSettled(request, 2, lost);
  });

  it('crash after charge in a checkout: the repeat shows the same receipt, charged once', async () => {
    const { body: found } = await backend.client.call<{
      listings: { manifest: { cbb_id: string; version: string; price_usd: string } }[];
    }>('GET', '/v1/cbb?q=');
    for (const [index, point] of ['checkout_before_commit', 'checkout_after_commit'].entries()) {
      const manifest = found.listings[index]?.manifest;
      if (manifest === undefined) throw new Error('the registry is empty');
      const job = `buy${index}`;
      const body = {
        job_id: job,
        step_id: 'cbb_checkout_1',
        workspace_id: 'ws',
        cbb_id: manifest.cbb_id,
        version: manifest.version,
        price_usd: manifest.price_usd,
        cap_usd: '20.00',
      };
      await backend.arm(point);
      await backend.client.checkout(body, `key-${point}`).catch(() => null);
      expect(await backend.death()).toBe('SIGKILL');
      backend = await KillableBackend.start(home.root);
      const answer = await backend.client.checkout(body, `key-${point}`);
      expect(answer.body.receipt).toMatchObject({ charged_usd: answer.body.receipt.price_usd });
      expect((await backend.client.usage(job)).rows).toHaveLength(1);
    }
  });

  soakOnly('crash in a reversal: the package is paid or given back, never both, and the repeat ends it', async () => {
    const { body: found } = await backend.client.call<{
      listings: { sha256: string; manifest: { cbb_id: string; version: string; price_usd: string } }[];
    }>('GET', '/v1/cbb?q=');
    const listing = found.listings.at(-1);
    if (listing === undefined) throw new Error('the registry is empty');
    const { cbb_id, version, price_usd } = listing.manifest;
    const body = {
      job_id: 'reversed',
      step_id: 'cbb_checkout_1',
      workspace_id: 'ws-reversed',
      cbb_id,
      version,
      price_usd,
      cap_usd: '20.00',
    };
    const {
      body: { receipt },
    } = await backend.client.checkout(body, 'key-reversed');
    const archive = join(home.objects, listing.sha256.slice(0, 2), listing.sha256.slice(2));
    const bytes = await readFile(archive);
    await rm(archive);
    await backend.arm('reversal_before_commit');
    const deliver = (): Promise<{ body: ErrorBody }> =>
      backend.client.call<ErrorBody>('POST', '/v1/cbb/deliver', { receipt_ids: [receipt.receipt_id] });
    await deliver().catch(() => null);
    expect(await backend.death()).toBe('SIGKILL');
    // The start would put the archive of a built-in package back; here it is lost for good.
    backend = await KillableBackend.start(home.root);
    expect((await backend.client.usage('reversed')).rows.map((row) => row.kind)).toEqual(['cbb']);
    await rm(archive, { force: true });
    expect((await deliver()).body.code).toBe('CBB_UNDELIVERABLE');
    expect((await deliver()).body.code).toBe('CBB_UNDELIVERABLE');
    expect((await backend.client.usage('reversed')).rows.map((row) => row.kind)).toEqual(['cbb', 'reversal']);
    await writeFile(archive, bytes);
  });

  soakOnly('cancelled, then killed before the end was recorded: it ends as cancelled, nothing is held', async () => {
    const request = await backend.client.planRequest('hang');
    const { body } = await backend.client.submit(request);
    await backend.client.events(body.run_id, { until: (event) => event.type === 'token' });
    await backend.arm('before_result');
    await backend.client.call('POST', `/v1/jobs/${body.run_id}/cancel`).catch(() => null);
    expect(await backend.death()).toBe('SIGKILL');
    backend = await KillableBackend.start(home.root);
    expect(await backend.client.finished(body.run_id)).toMatchObject({ status: 'cancelled', cost_usd: '0.004' });
    const { body: budget } = await backend.client.call<BudgetView>('GET', `/v1/budgets/${request.job_id}`);
    expect(budget).toMatchObject({ held_usd: '0.00', spent_usd: '0.004' });
  });

  it('a reader of events over a death: resumed by number in the next process, no gap, nothing twice', async () => {
    const request = await backend.client.planRequest('slow');
    const { body } = await backend.client.submit(request);
    const before = await backend.client.events(body.run_id, {
      until: (event) => event.type === 'token' && event.seq > 4,
    });
    await backend.kill();
    backend = await KillableBackend.start(home.root);
    const last = before.at(-1)?.seq ?? 0;
    const after = await backend.client.events(body.run_id, { after: last });
    expect([...before, ...after].map((event) => event.seq)).toEqual([...before, ...after].map((_, index) => index + 1));
    expect(after.at(-1)).toMatchObject({ type: 'final', status: 'succeeded' });
    // The lost attempt shows among them, at no cost; it need not be the first call's, which may have been answered.
    expect(after.filter((event) => event.type === 'usage')).toContainEqual(
      expect.objectContaining({ usage: expect.objectContaining({ cost_usd: '0.00', estimated: true }) as unknown }),
    );
    await expectSettled(request, 2, 1);
  });

  soakOnly(
    'kill -9 of the database server in mid-job: it comes back on its port and the job goes on',
    async () => {
      const { readPostmasterFile } = await import('../processes/postmaster.ts');
      const request = await backend.client.planRequest('slow');
      const { body } = await backend.client.submit(request);
      const server = await readPostmasterFile(`${home.database}/data`);
      if (server === null) throw new Error('no server');
      process.kill(server.pid, 'SIGKILL');
      const run = await backend.client.finished(body.run_id, 30_000);
      expect(run).toMatchObject({ status: 'succeeded', cost_usd: '0.02' });
      await expectSettled(request, 2, 0);
    },
    40_000,
  );

  it('kill -9 of backend and database together, and an immediate second start', async () => {
    const { readPostmasterFile } = await import('../processes/postmaster.ts');
    const request = await backend.client.planRequest('slow');
    const { body } = await backend.client.submit(request);
    const server = await readPostmasterFile(`${home.database}/data`);
    if (server === null) throw new Error('no server');
    process.kill(backend.pid, 'SIGKILL');
    process.kill(server.pid, 'SIGKILL');
    backend = await KillableBackend.start(home.root);
    const run = await backend.client.finished(body.run_id, 30_000);
    expect(run).toMatchObject({ status: 'succeeded', cost_usd: '0.02' });
  }, 40_000);
});
