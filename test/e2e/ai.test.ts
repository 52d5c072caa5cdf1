// The AI module's client over the real backend, with a model server on real wires: a conversation that is kept, charged
// and cancelled, and `genrtl ai` in a process of its own.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parseUsd, type AiEvent } from '@genrtl/contracts';
import { AiRuns } from '../../main/ai/ai-runs.ts';
import { Conversations } from '../../main/ai/ask/conversations.ts';
import type { BackendConnection } from '../../main/processes/backend.ts';
import { startFakeModels, type FakeModels } from '../fakes/models/server.ts';
import type { FakeAnswer } from '../fakes/models/script.ts';
import { TestHome, runCli, tempDir } from './harness.ts';

const ANSWER = 'It wraps at ten: src/counter.sv:2.';
const root = tempDir('ai');
let models: FakeModels;
let home: TestHome;
let backend: BackendConnection;
let answer: FakeAnswer = { kind: 'text', text: ANSWER };

beforeAll(async () => {
  models = await startFakeModels({ script: () => answer });
  home = new TestHome({
    OPENAI_API_KEY: 'sk-test-000000000000001',
    OPENAI_BASE_URL: models.openaiUrl,
    GENRTL_MODEL: 'wire',
    GENRTL_MODEL_PRICES: '{"wire":{"input":"1.00","output":"2.00"}}',
    FOUNDRY_PASSWORD: 'canary-of-the-environment',
  });
  mkdirSync(path.join(root, 'src'));
  writeFileSync(path.join(root, 'src/counter.sv'), 'module counter;\n// canary-of-the-environment\nendmodule\n');
  writeFileSync(path.join(root, 'genrtl.yaml'), 'version: 1\n');
  backend = await home.keepBackend();
}, 120_000);
afterAll(async () => {
  await home.close();
  await models.close();
});

function open(onEvent: (event: AiEvent, runId: string) => void = () => undefined) {
  const runs = new AiRuns(async () => backend.client);
  const conversations = new Conversations({
    runs,
    client: async () => backend.client,
    symbols: async () => [],
    onEvent: (_root, runId, event) => onEvent(event, runId),
    onChanged: () => undefined,
  });
  return { runs, conversations };
}

const question = { threadId: null, text: 'When does it wrap?', context: [], replace: null, model: null, locale: 'en' };
const ended = (conversations: Conversations, threadId: string) =>
  vi.waitFor(
    async () => {
      const last = (await conversations.read(root, threadId)).messages.at(-1);
      expect(last?.status).not.toBe('running');
      return last;
    },
    { timeout: 30_000 },
  );

it('a question with a file is answered, kept and charged; no secret of the file reaches the model', async () => {
  answer = { kind: 'text', text: ANSWER };
  const { conversations } = open();
  const context = [{ kind: 'file', path: 'src/counter.sv' }] as const;
  const { threadId } = await conversations.send(root, { ...question, context });
  const last = await ended(conversations, threadId);
  expect(last).toMatchObject({ text: ANSWER, status: 'done', model: expect.stringContaining('wire') });
  expect(parseUsd(last?.usage?.[0]?.cost_usd ?? '0')).toBeGreaterThan(0);
  const asked = models.requests.at(-1)?.text ?? '';
  expect(asked).toContain('1| module counter;');
  expect(asked).toContain('When does it wrap?');
  expect(JSON.stringify(models.requests.map(({ body }) => body))).not.toContain('canary-of-the-environment');
});

it('a stopped answer ends as cancelled, as far as it came', async () => {
  answer = { kind: 'stall', text: 'It takes a ' };
  const seen: string[] = [];
  let run = '';
  const { runs, conversations } = open((event, runId) => {
    run = runId;
    if (event.type === 'token') seen.push(event.text);
  });
  const { threadId } = await conversations.send(root, { ...question, text: 'How long does it take?' });
  await vi.waitFor(() => expect(seen.join('')).not.toBe(''), { timeout: 30_000 });
  await runs.cancel(run);
  expect(await ended(conversations, threadId)).toMatchObject({ status: 'cancelled', text: seen.join('') });
});

it('genrtl ai streams the answer to the terminal, and events with a result to a script', async () => {
  answer = { kind: 'text', text: 'A counter.' };
  const plain = await runCli(
    ['ai', 'ask', 'What is it?', '--file', 'src/counter.sv', '--workspace', root],
    home.env,
    root,
  );
  expect({ code: plain.code, stdout: plain.stdout }).toEqual({ code: 0, stdout: 'A counter.\n' });
  const json = await runCli(['ai', 'explain', '--file', 'src/counter.sv', '--json'], home.env, root);
  expect(json.events.map(({ event }) => event)).toEqual([...json.events.slice(1).map(() => 'ai'), 'result']);
  expect(json.result).toMatchObject({ status: 'done', text: 'A counter.' });
});
