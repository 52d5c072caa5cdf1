// The AI module's client over the real backend, with a model server on real wires: a conversation that is kept, charged
// and cancelled, and `genrtl ai` in a process of its own.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parseUsd } from '@genrtl/contracts';
import type { AiEvent } from '@genrtl/contracts/ai-events.ts';
import { AiRuns } from '../../main/ai/ai-runs.ts';
import { Conversations } from '../../main/ai/ask/conversations.ts';
import type { BackendConnection } from '../../main/processes/backend.ts';
import { startFakeModels, type FakeModels } from '../fakes/models/server.ts';
import type { FakeAnswer, FakeRequest } from '../fakes/models/script.ts';
import { TestHome, runCli, tempDir } from './harness.ts';

const ANSWER = 'It wraps at ten: src/counter.sv:2.';
const root = tempDir('ai');
let models: FakeModels;
let home: TestHome;
let backend: BackendConnection;
let answer: FakeAnswer | ((request: FakeRequest) => FakeAnswer) = { kind: 'text', text: ANSWER };

beforeAll(async () => {
  models = await startFakeModels({ script: (request) => (typeof answer === 'function' ? answer(request) : answer) });
  home = new TestHome({
    OPENAI_API_KEY: 'sk-test-000000000000001',
    OPENAI_BASE_URL: models.openaiUrl,
    GENRTL_MODEL: 'wire',
    GENRTL_MODEL_PRICES: '{"wire":{"input":"1.00","output":"2.00","context":6000}}',
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

it('genrtl ai summarize on a file beyond the model’s window: read in parts, said so, answered from all of them', async () => {
  const section = (nth: number): string =>
    `## Register ${nth}\n\nRegister R${nth} lies at address ${nth * 4} and ${'holds a counter that wraps. '.repeat(20)}\n\n`;
  const count = 60;
  writeFileSync(
    path.join(root, 'spec.md'),
    `# Manual\n\n${Array.from({ length: count }, (_, nth) => section(nth)).join('')}`,
  );
  const parts: string[] = [];
  answer = ({ text }) => {
    const named = text.match(/\bR\d+ lies at address \d+/g) ?? [];
    if (!text.includes('part of the document')) return { kind: 'text', text: `In all ${named.length} registers.` };
    parts.push(...named);
    return { kind: 'text', text: named.join('\n') || 'nothing' };
  };
  const { code, stdout, stderr } = await runCli(
    ['ai', 'summarize', '--file', 'spec.md', '--workspace', root],
    home.env,
    root,
  );
  expect({ code, stdout }).toEqual({ code: 0, stdout: `In all ${count} registers.\n` });
  expect(new Set(parts).size).toBe(count);
  expect(stderr).toMatch(/worked on in \d\d parts; about \d+ tokens, 0\.\d+ USD/);
  const before = models.requests.length;
  const again = await runCli(['ai', 'summarize', '--file', 'spec.md', '--workspace', root, '--json'], home.env, root);
  expect(again.result).toMatchObject({ status: 'done', cost_usd: '0.00' });
  expect(models.requests).toHaveLength(before);
});

it('genrtl ai ends with its own exit code when the answer reaches what it may cost', async () => {
  answer = { kind: 'text', text: 'word '.repeat(3_000), everyMs: 1 };
  const limited = ['ai', 'ask', 'Why?', '--workspace', root, '--max-usd', '0.002', '--json'];
  const { code, result, events } = await runCli(limited, home.env, root);
  expect([code, result]).toMatchObject([5, { status: 'failed', error: { code: 'BUDGET_EXCEEDED' } }]);
  expect(events.at(-2)).toMatchObject({ event: 'ai', type: 'final', status: 'cancelled' });
});
