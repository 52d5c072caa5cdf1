// The backend dies by kill -9 while a model answers an interactive run: who comes back gets the whole answer under the
// next attempt, the lost one costs nothing, nothing stays held.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BackendHome } from '../processes/home.ts';
import { AiClient, documentOf } from '../test/ai-client.ts';
import { makeTestHome, removeTestHome } from '../test/database.ts';
import { KillableBackend } from '../test/kill-backend.ts';

const WHOLE = Array.from({ length: 400 }, (_, nth) => `part ${String(nth)} `).join('');
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
