// The backend dies by kill -9 while it works on an interactive run: who comes back gets the whole answer, lost attempts
// cost nothing, nobody pays twice, nothing stays held.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { microUsd } from '@genrtl/contracts';
import { createPool } from '../db/index.ts';
import type { DeathPoint } from '../death-points.ts';
import { checkLedger } from '../ledger/index.ts';
import { nothingUsed } from '../models/progress.ts';
import type { BackendHome } from '../processes/home.ts';
import { runningServerUrl } from '../processes/postgres.ts';
import { AiClient, documentOf } from '../test/ai-client.ts';
import { makeTestHome, removeTestHome } from '../test/database.ts';
import { upstreamCalls } from '../test/fake-models.ts';
import { KillableBackend } from '../test/kill-backend.ts';
import { settleAttempt, settlingOf } from './attempts.ts';

const WHOLE = Array.from({ length: 400 }, (_, nth) => `part ${String(nth)} `).join('');
/** of the short answer */
const ANSWER = 'part 0 part 1 part 2 ';
let home: BackendHome;
let backend: KillableBackend;
const client = (): AiClient => new AiClient(backend.client);

beforeAll(async () => {
  home = await makeTestHome();
  backend = await KillableBackend.start(home.root);
}, 60_000);
afterAll(async () => {
  await (backend as KillableBackend | undefined)?.stop();
  await removeTestHome(home);
});

/** Asks, and kills the backend when some of the answer has come. */
async function askAndKill(runId: string) {
  let tokens = 0;
  const seen = await client().ask(
    '/api/ai/ask',
    { instruction: 'hang', client: { runId } },
    { until: (event) => event.type === 'token' && (tokens += 1) === 20 },
  );
  await backend.kill();
  backend = await KillableBackend.start(home.root);
  return seen.events;
}

describe('killed in mid-stream', () => {
  it('the reader comes back: the document is the next attempt’s text, whole', async () => {
    const before = await askAndKill('back');
    const last = before.at(-1)?.seq ?? 0;
    const after = (await client().follow('back', { after: last })).events;
    expect(after[0]).toMatchObject({ type: 'step', phase: 'start', attempt: 2, replaces: 1 });
    expect(after[0]?.seq).toBeGreaterThan(last);
    expect(documentOf([...before, ...after])).toBe(WHOLE);
    expect(after.at(-1)).toMatchObject({ type: 'final', status: 'succeeded' });
    const view = await client().aiRun('back');
    expect(view.usage.map((usage) => usage.cost_usd)).toEqual(['0.00', '0.01']);
    const { body } = await client().call<{ rows: { amount_usd: string }[] }>('GET', '/v1/usage');
    expect(body.rows.map((row) => row.amount_usd)).toEqual(['0.00', '0.01']);
  }, 60_000);

  it('the person cancels it instead: it ends as cancelled, at no cost', async () => {
    await askAndKill('dropped');
    await client().cancel('dropped');
    expect(await client().aiRun('dropped')).toMatchObject({ status: 'cancelled', costUsd: '0.00' });
    const { events } = await client().follow('dropped');
    expect(events.at(-1)).toMatchObject({ type: 'final', status: 'cancelled' });
  }, 60_000);
});

it('an answer that was charged, and its run not ended: the next attempt costs nothing', async () => {
  const last = (await askAndKill('charged')).at(-1)?.seq ?? 0;
  const pool = createPool(await runningServerUrl(home), { max: 1 });
  try {
    const { rows } = await pool.query<OpenRow>(
      `SELECT attempt_id, hold_id, model, rate_card, prompt_sha256 FROM flow_attempts WHERE run_id = 'charged' AND state = 'open'`,
    );
    const [row] = rows;
    if (row === undefined) throw new Error('no open attempt');
    const model = { id: row.model, provider: 'compatible', rateCard: row.rate_card } as const;
    const usage = { ...nothingUsed(model), output_tokens: 5, cost_usd: '0.01', estimated: false };
    const settling = settlingOf(
      'ask',
      {
        attemptId: row.attempt_id,
        holdId: row.hold_id,
        attempt: 1,
        model,
        step: 'draft',
        template: '',
        promptHash: row.prompt_sha256,
        hold: microUsd(10_000),
      },
      { state: 'answered', usage, error: null },
    );
    expect(await settleAttempt(pool, 'local', settling)).toBe(10_000);
  } finally {
    await pool.end();
  }
  const { events } = await client().follow('charged', { after: last });
  expect(events.at(-1)).toMatchObject({ type: 'final', status: 'succeeded' });
  const view = await client().aiRun('charged');
  expect(view.usage.map(({ cost_usd }) => cost_usd)).toEqual(['0.01', '0.00']);
}, 60_000);

interface OpenRow {
  readonly attempt_id: string;
  readonly hold_id: string;
  readonly model: string;
  readonly rate_card: string;
  readonly prompt_sha256: string;
}

describe('killed around the money of a run', () => {
  /** Where it dies, how often the model was asked in all, what the account paid for each settled attempt. */
  const points: readonly (readonly [DeathPoint, number, readonly string[]])[] = [
    ['after_slice_taken', 1, ['0.01']],
    ['after_run_begun', 1, ['0.00', '0.01']],
    ['before_run_ended', 2, ['0.00', '0.01']],
    ['after_run_ended', 1, ['0.01']],
  ];
  const asked = (): number => upstreamCalls(join(home.root, 'upstream.txt'), 'ai').length;
  const question = (runId: string) => ({ instruction: 'ok', client: { runId }, options: { refresh: true } });

  it.each(points)(
    '%s: nothing is lost, nothing is paid twice',
    async (point, calls, paid) => {
      await backend.arm(point);
      let runId = '';
      let before = 0;
      // Only a run that follows another one begins on money held ahead.
      for (let nth = 0; ; nth += 1) {
        if (nth === 20) throw new Error(`no run passed ${point}`);
        runId = `${point}-${String(nth)}`;
        before = asked();
        const seen = await client()
          .ask('/api/ai/ask', question(runId))
          .catch(() => null);
        if (seen?.broken !== false) break;
      }
      expect(await backend.death()).toBe('SIGKILL');
      backend = await KillableBackend.start(home.root);
      const again = await client().ask('/api/ai/ask', question(runId));
      expect(again.events.at(-1)).toMatchObject({ type: 'final', status: 'succeeded' });
      expect(documentOf(again.events)).toBe(ANSWER);
      const view = await client().aiRun(runId);
      expect([view.status, view.usage.map(({ cost_usd }) => cost_usd)]).toEqual(['succeeded', paid]);
      expect(asked() - before).toBe(calls);
      const pool = createPool(await runningServerUrl(home), { max: 1 });
      try {
        // what the dead process held ahead is given back by the next one; its own goes back when nobody takes it
        await vi.waitFor(
          async () => {
            const { rows } = await pool.query(
              `SELECT count(*)::int AS held FROM holds h WHERE h.state = 'open' AND NOT EXISTS (
               SELECT FROM flow_processes p WHERE h.workflow_id = 'lease:' || p.process_id)`,
            );
            expect(rows).toEqual([{ held: 0 }]);
          },
          { timeout: 20_000 },
        );
        expect(await checkLedger(pool)).toEqual([]);
      } finally {
        await pool.end();
      }
    },
    60_000,
  );
});
