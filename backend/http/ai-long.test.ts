// Long documents on a whole embedded backend and a model server on real wires that answers from what it was sent.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { readAiRequest } from '@genrtl/contracts/http/ai.ts';
import type { AiEvent, AiEventOf } from '@genrtl/contracts/ai-events.ts';
import type { ErrorBody } from '@genrtl/contracts';
import { manual } from '@genrtl/core/chunks/fixtures/manual.ts';
import type { FakeAnswer, FakeRequest } from '../../test/fakes/models/script.ts';
import { startFakeModels, type FakeModels } from '../../test/fakes/models/server.ts';
import { partKeys } from '../ai/preflight.ts';
import { createPool, type Pool } from '../db/index.ts';
import { FLOWS } from '../flows/index.ts';
import { checkLedger } from '../ledger/index.ts';
import type { RoutedModel } from '../models/model.ts';
import type { BackendHome } from '../processes/home.ts';
import { startPostgres, type DatabaseServer } from '../processes/postgres.ts';
import { startBackend, type RunningBackend } from '../start.ts';
import { AiClient, type FollowOptions, type Followed } from '../test/ai-client.ts';
import { makeTestHome, removeTestHome } from '../test/database.ts';
import { soakOnly } from '../../test/soak-only.ts';

const text = (answer: string, more: object = {}): FakeAnswer => ({ kind: 'text', text: answer, ...more });
const runId = (): string => `r-${randomUUID()}`;
let script: (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>;
let models: FakeModels;
let home: BackendHome;
let postgres: DatabaseServer;
let pool: Pool;
let backend: RunningBackend;
let client: AiClient;

async function open(): Promise<void> {
  backend = await startBackend({
    home: home.root,
    role: 'all',
    embedded: true,
    firstLeaseMs: 600_000,
    ai: { graceMs: 200 },
    env: {
      ...process.env,
      DATABASE_URL: postgres.url,
      OPENAI_API_KEY: 'sk-test-000000000000001',
      OPENAI_BASE_URL: models.openaiUrl,
      GENRTL_MODEL: 'wire',
      GENRTL_MODEL_PRICES: JSON.stringify({
        wire: { input: '1', output: '2', context: 4_000, max_output: 1_000 },
        wide: { input: '900', output: '900', context: 200_000 },
      }),
    },
  });
  client = new AiClient(backend);
}

beforeAll(async () => {
  models = await startFakeModels({ script: (request) => script(request) });
  home = await makeTestHome();
  postgres = await startPostgres(home, { env: process.env });
  pool = createPool(postgres.url, { max: 4 });
  await open();
}, 60_000);
afterAll(async () => {
  expect(await checkLedger(pool)).toEqual([]);
  const { rows } = await pool.query(
    `SELECT count(*)::int AS open FROM holds WHERE state = 'open' AND NOT starts_with(workflow_id, 'lease:')`,
  );
  expect(rows[0]).toEqual({ open: 0 });
  await backend.stop();
  await pool.end();
  await postgres.stop();
  await models.close();
  await removeTestHome(home);
});

/** What stands between the marks of a fence of this name. */
function fenced(request: FakeRequest, name: string): string | null {
  const found = new RegExp(`<<<DATA ${name} (\\w+)>>>\\n([\\s\\S]*?)\\n?<<<END \\1>>>`).exec(request.text);
  return found?.[2] ?? null;
}
const partOf = (request: FakeRequest): string | null => fenced(request, 'part of the document');
const partsSince = (from: number): string[] => models.requests.slice(from).flatMap((request) => partOf(request) ?? []);
/** Notes of a part: its section numbers with their lines. */
const notes = (request: FakeRequest): string =>
  [...(partOf(request) ?? '').matchAll(/^(\d+)\| ## (Section \d+)/gm)]
    .map(([, line, name]) => `${name} [line ${line}]`)
    .join('\n');

beforeEach(() => {
  script = (request) =>
    text(
      partOf(request) === null
        ? `All of it: ${
            fenced(request, 'context of the document')
              ?.match(/Section \d+ \[line \d+\]/g)
              ?.join(', ') ?? ''
          }`
        : notes(request) || 'nothing',
    );
});

const sections = manual('headed', 64, 3);
/** Beyond the window all the same. */
const short = (seed: number): string => manual('headed', 30, seed).join('');
const summarize = async (document: string, more: object = {}, options: FollowOptions = {}): Promise<Followed> =>
  client.ask(
    '/api/ai/summarize',
    { context: { ref: await client.blob(document) }, doc: { id: 'spec.md' }, ...more },
    options,
  );
const eventsOf = <T extends AiEvent['type']>({ events }: Followed, type: T): AiEventOf<T>[] =>
  events.filter((event): event is AiEventOf<T> => event.type === type);
const errorOf = (followed: Followed): ErrorBody => JSON.parse(followed.body) as ErrorBody;

it('a document beyond the window is read in parts, each once, and answered from all of them', async () => {
  const from = models.requests.length;
  const id = runId();
  const followed = await summarize(sections.join(''), { client: { runId: id } });
  const types = followed.events.map(({ type }) => type);
  expect(types.slice(0, 2)).toEqual(['step', 'plan']);
  expect(new Set(types)).toEqual(
    new Set([
      'step',
      'plan',
      'map:start',
      'map:token',
      'map:end',
      'reduce:start',
      'reduce:token',
      'reduce:end',
      'usage',
      'final',
    ]),
  );
  const [plan] = eventsOf(followed, 'plan');
  const chunks = plan?.chunks ?? [];
  expect(chunks.length).toBeGreaterThan(40);
  expect(plan).toMatchObject({ strategy: 'map-reduce', model: 'compatible/wire', reused: 0, boundaryErrorRate: 0 });
  expect(chunks[0]).toMatchObject({ id: 'c1', lines: { start: 1 } });
  const ended = eventsOf(followed, 'map:end').map(({ chunkId }) => chunkId);
  expect(new Set(ended)).toEqual(new Set(chunks.map((chunk) => chunk.id)));
  // Every section was sent once, under the number of its own line.
  const sent = partsSince(from).join('\n');
  const lines = sections.join('').split('\n');
  const answer = eventsOf(followed, 'reduce:token')
    .map((event) => event.text)
    .join('');
  for (let at = 0; at < sections.length; at += 1) {
    expect(sent.split(`| ## Section ${String(at)}\n`)).toHaveLength(2);
    expect(answer).toContain(`Section ${String(at)} [line ${String(lines.indexOf(`## Section ${String(at)}`) + 1)}]`);
  }
  const view = await client.aiRun(id);
  expect(view.text).toBe(answer);
  const usage = eventsOf(followed, 'usage');
  expect(usage).toHaveLength(1);
  expect(usage[0]?.cost_usd).toBe(view.costUsd);
  // What was told beforehand was no fairy tale.
  expect(Number(plan?.costUsd) / Number(view.costUsd)).toBeGreaterThan(0.3);
});

it('the same again costs nothing; a changed section asks for one part, a line in front for none', async () => {
  const again = await summarize(sections.join(''));
  expect(eventsOf(again, 'plan')[0]?.reused).toBe(eventsOf(again, 'plan')[0]?.chunks.length);
  expect(eventsOf(again, 'usage')).toMatchObject([{ cached: true, cost_usd: '0.00' }]);
  const edited = sections.with(40, (sections[40] ?? '').replace(/\.\n$/, ', or not.\n'));
  let from = models.requests.length;
  await summarize(edited.join(''));
  expect(partsSince(from)).toHaveLength(1);
  // Its notes say the same, so the whole does.
  expect(models.requests.length - from).toBe(1);
  from = models.requests.length;
  const moved = await summarize(['Draft 7.\n\n', ...sections].join(''));
  expect(partsSince(from).length).toBeLessThanOrEqual(1);
  // The notes are known, and cite the lines as they stand now.
  const [told] = eventsOf(moved, 'reduce:end');
  expect(told?.text).toContain('Section 0 [line 3]');
});

it('an answer is known to the account, model, options and words that it was paid with', () => {
  const request = readAiRequest('summarize', { context: { ref: 'a'.repeat(64) } });
  const model = { id: 'compatible/wire', provider: 'compatible', rateCard: 'one' } as const;
  const [flow] = FLOWS.intents.summarize;
  const [template] = flow.templates;
  const key = (change: object = {}, account = 'me', of: RoutedModel = model): string =>
    partKeys(account, { ...request, ...change }, flow, template, of)?.('part') ?? '';
  const others = [
    key({}, 'you'),
    key({}, 'me', { ...model, id: 'compatible/wide' }),
    key({}, 'me', { ...model, rateCard: 'two' }),
    key({ options: { locale: 'de' } }),
    key({ options: { temperature: 1 } }),
    key({ instruction: 'shorter' }),
    key({ schema: { type: 'object' } }),
    partKeys('me', request, FLOWS.intents.explain[0], template, model)?.('part'),
    partKeys('me', request, flow, template, model)?.('another part'),
  ];
  expect(new Set([key(), ...others]).size).toBe(others.length + 1);
  expect(key({ options: { budgetUsd: '1', refresh: true, cancelOnDisconnect: true } })).toBe(key());
  expect(key({ options: { retention: 'none' } })).toBe('');
});

soakOnly('faults of language are mended where they stand, and nothing else moves', async () => {
  const document = `\n${sections.slice(0, 30).join('\n\n').replaceAll('register', 'regster')}\n\n`.replaceAll(
    '\n',
    '\r\n',
  );
  script = (request) => text(`\`\`\`\n${(partOf(request) ?? '').replaceAll('regster', 'register')}\n\`\`\``);
  const followed = await client.ask('/api/ai/fix-grammar', { context: { ref: await client.blob(document) } });
  const patches = eventsOf(followed, 'patch');
  expect(patches).toHaveLength(1);
  expect(followed.events.some(({ type }) => type === 'token' || type === 'reduce:token')).toBe(false);
  expect(patches[0]?.text).toBe(document.replaceAll('regster', 'register'));
});

soakOnly('what goes on is shown as it is at its end, and by notes before', async () => {
  const document = short(3);
  let last = '';
  script = (request) => {
    if (partOf(request) !== null) return text(notes(request) || 'nothing');
    last = request.text;
    return text(' And so on.');
  };
  const followed = await client.ask('/api/ai/continue-writing', { context: { ref: await client.blob(document) } });
  expect(
    eventsOf(followed, 'reduce:token')
      .map((event) => event.text)
      .join(''),
  ).toBe(' And so on.');
  expect(last).toContain(document.slice(-1_500).trim());
  expect(last).toContain('Section 0 [line 1]');
});

it('a budget holds over all parts: refused before the first, or stopped between them', async () => {
  const document = short(4);
  const refused = await summarize(document, { options: { budgetUsd: '0.001' } });
  expect([refused.status, errorOf(refused).code]).toEqual([402, 'BUDGET_EXCEEDED']);
  script = () => text('many words '.repeat(90));
  const id = runId();
  const stopped = await summarize(document, { options: { budgetUsd: '0.02' }, client: { runId: id } });
  expect(stopped.events.slice(-2)).toMatchObject([
    { type: 'error', code: 'BUDGET_EXCEEDED' },
    { type: 'final', status: 'cancelled' },
  ]);
  expect(Number((await client.aiRun(id)).costUsd)).toBeLessThan(0.022);
});

soakOnly('notes that do not get shorter end the run with a code; parts that were paid stay', async () => {
  script = (request) => text(partOf(request) === null ? (fenced(request, 'notes') ?? '') : 'other words '.repeat(60));
  const failed = await summarize(short(5));
  expect(failed.events.at(-1)).toMatchObject({ type: 'error', code: 'LONG_CONTEXT_STALLED' });
});

it('after a cancel a run goes on with the parts that it has', async () => {
  const document = short(6);
  const id = runId();
  let ends = 0;
  const cancelled = await summarize(
    document,
    { client: { runId: id } },
    {
      onEvent: (event) => {
        if (event.type === 'map:end' && (ends += 1) === 5) void client.cancel(id);
      },
    },
  );
  expect(cancelled.events.at(-1)).toMatchObject({ type: 'final', status: 'cancelled' });
  const before = eventsOf(cancelled, 'map:end').length;
  const from = models.requests.length;
  const resumed = await client.ask(`/api/ai/runs/${id}/resume`, {});
  expect(resumed.events.at(-1)).toMatchObject({ type: 'final', status: 'succeeded' });
  const [plan] = eventsOf(resumed, 'plan');
  expect(plan?.reused).toBeGreaterThanOrEqual(before);
  expect(partsSince(from)).toHaveLength((plan?.chunks.length ?? 0) - (plan?.reused ?? 0));
});

it('nobody reads and the backend ends: the run goes on in the next one, and no part is paid twice', async () => {
  const document = short(8);
  const id = runId();
  const from = models.requests.length;
  let held: (() => void) | null = null;
  script = async (request) => {
    if (models.requests.length - from > 10 && held === null) await new Promise<void>((resolve) => (held = resolve));
    return text(partOf(request) === null ? 'whole' : `${notes(request)} of run ${id}`);
  };
  await summarize(document, { client: { runId: id } }, { until: (event) => event.type === 'map:end' });
  await vi.waitFor(() => expect(held).not.toBeNull(), { timeout: 20_000 });
  await backend.stop();
  (held as (() => void) | null)?.();
  await open();
  const followed = await client.follow(id);
  expect(followed.events.at(-1)).toMatchObject({ type: 'final', status: 'succeeded' });
  expect((await client.aiRun(id)).text).toBe('whole');
  const { rows } = await pool.query<{ prompt: string; paid: number }>(
    `SELECT a.prompt_sha256 AS prompt, count(*)::int AS paid FROM flow_attempts a JOIN holds h USING (hold_id)
     WHERE a.run_id = $1 AND h.captured_micro > 0 GROUP BY 1 HAVING count(*) > 1`,
    [id],
  );
  expect(rows).toEqual([]);
  const asked = partsSince(from);
  // At most those that were under way when it ended were asked for again.
  expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(4);
});

it('without retention nothing of it is kept', async () => {
  const { rows: before } = await pool.query('SELECT count(*)::int AS n FROM part_answers');
  const document = short(9);
  const followed = await summarize(document, { options: { retention: 'none' } });
  expect(followed.events.at(-1)).toMatchObject({ type: 'final', status: 'succeeded' });
  const { rows: after } = await pool.query('SELECT count(*)::int AS n FROM part_answers');
  expect(after).toEqual(before);
});
