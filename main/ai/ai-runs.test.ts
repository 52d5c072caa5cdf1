// A run over a real connection: broken off, taken up, replaced, cancelled; and what leaves the machine for it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { SentRun } from '@genrtl/contracts';
import type { AiEvent } from '@genrtl/contracts/ai-events.ts';
import type { AiRequestBody } from '@genrtl/contracts/http/ai.ts';
import { NO_ANSWER, withEvent } from '@genrtl/core/ai/answer-text.ts';
import { BackendClient } from '../cloud/backend-client.ts';
import { AiRuns } from './ai-runs.ts';

type Handler = (request: IncomingMessage, body: string, response: ServerResponse) => void;

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function backend(handler: Handler): Promise<BackendClient> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => handler(request, Buffer.concat(parts).toString('utf8'), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return new BackendClient({ url: `http://127.0.0.1:${port}`, token: 'token-of-this-test' }, ['hunter2-hunter2']);
}

async function workspace(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'genrtl-ai-'));
  ends.push(() => rm(root, { recursive: true, force: true }));
  await mkdir(path.join(root, 'src'));
  await writeFile(path.join(root, 'src/a.sv'), 'module a;\nendmodule\n');
  await writeFile(path.join(root, 'private.sv'), '');
  await writeFile(path.join(root, '.genrtlignore'), 'private.sv\n');
  return root;
}

const start = (attempt = 1, seq = 1, runId = 'r1'): AiEvent => ({
  type: 'step',
  phase: 'start',
  name: 'draft',
  renderMode: 'streaming-text',
  docVersion: null,
  attempt,
  ...(attempt > 1 ? { replaces: attempt - 1 } : {}),
  model: 'fake/one',
  flow: 'ask@1',
  seq,
  runId,
});
const token = (text: string, seq: number): AiEvent => ({ type: 'token', text, seq, runId: 'r1' });
const final = (seq: number, status: 'succeeded' | 'cancelled' = 'succeeded'): AiEvent => ({
  type: 'final',
  status,
  seq,
  runId: 'r1',
});

function send(response: ServerResponse, events: readonly AiEvent[]): void {
  if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events)
    response.write(`id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function ask(runs: AiRuns, root: string | null, body: AiRequestBody, endpoint = 'ask') {
  const events: AiEvent[] = [];
  let done = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    done = resolve;
  });
  const started = runs.start({ runId: 'r1', endpoint, body, root }, (event) => {
    events.push(event);
    if (event.type === 'final' || event.type === 'error') done();
  });
  started.catch(done);
  return { started, ended, events, text: () => events.reduce(withEvent, NO_ANSWER).text };
}

const question: AiRequestBody = { context: { text: 'What is this?' } };

test('a stream that breaks off goes on where it was, nothing twice, nothing missed', async () => {
  const seen: string[] = [];
  const client = await backend((request, _body, response) => {
    seen.push(`${request.method} ${request.url} ${String(request.headers['last-event-id'] ?? '-')}`);
    if (request.method === 'POST') {
      send(response, [start(), token('one ', 2), token('two ', 3)]);
      setTimeout(() => response.destroy(), 20);
    } else {
      send(response, [token('two ', 3), token('three', 4), final(5)]);
      response.end();
    }
  });
  const run = ask(new AiRuns(async () => client), null, question);
  await run.ended;
  expect(run.text()).toBe('one two three');
  expect(seen).toEqual(['POST /api/ai/ask -', 'GET /api/ai/runs/r1/events 3']);
});

test('a backend that was killed is followed to the address of the next one, whose attempt replaces what came', async () => {
  const asked: string[] = [];
  const killed = await backend((_request, _body, response) => {
    send(response, [start(), token('half of an ans', 2)]);
    setTimeout(() => response.destroy(), 20);
  });
  const next = await backend((request, _body, response) => {
    asked.push(`${request.method} ${request.url} ${String(request.headers['last-event-id'] ?? '-')}`);
    send(response, [start(2, 101), token('whole', 102), final(103)]);
    response.end();
  });
  const dead = new BackendClient({ url: 'http://127.0.0.1:1', token: '' });
  // the one that answers, its address without it while it comes up again, the next one
  const clients = [killed, killed, ...Array<BackendClient>(3).fill(dead)];
  const run = ask(new AiRuns(async () => clients.shift() ?? next), null, question);
  await run.ended;
  expect(run.text()).toBe('whole');
  expect(asked).toEqual(['GET /api/ai/runs/r1/events 2']);
});

test('a request whose answer never began is sent again, byte for byte', async () => {
  const bodies: string[] = [];
  const client = await backend((_request, body, response) => {
    bodies.push(body);
    if (bodies.length === 1) response.destroy();
    else {
      send(response, [start(), token('here', 2), final(3)]);
      response.end();
    }
  });
  const run = ask(new AiRuns(async () => client), null, question);
  await run.ended;
  expect(run.text()).toBe('here');
  expect(bodies[1]).toBe(bodies[0]);
});

test('a later attempt replaces what the earlier one said', async () => {
  const client = await backend((_request, _body, response) => {
    send(response, [start(), token('half of an ans', 2), start(2, 3), token('whole answer', 4), final(5)]);
    response.end();
  });
  const run = ask(new AiRuns(async () => client), null, question);
  await run.ended;
  expect(run.text()).toBe('whole answer');
});

test('nothing of the text comes after a cancel, and the end says so', async () => {
  let stream: ServerResponse | null = null;
  const client = await backend((request, _body, response) => {
    if (request.url?.endsWith('/cancel') === true) {
      if (stream !== null) send(stream, [token('ghost', 3), final(4, 'cancelled')]);
      stream?.end();
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    } else {
      stream = response;
      send(response, [start(), token('first', 2)]);
    }
  });
  const runs = new AiRuns(async () => client);
  const run = ask(runs, null, question);
  await vi.waitFor(() => expect(run.text()).toBe('first'));
  await runs.cancel('r1');
  await run.ended;
  expect(run.text()).toBe('first');
  expect(run.events.at(-1)).toMatchObject({ type: 'final', status: 'cancelled' });
});

test('a backend that stays away ends the run with its error', async () => {
  const client = await backend((_request, _body, response) => {
    response.writeHead(402, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ code: 'AI_NEEDS_MODEL', message: 'No model.', hint: 'h', retryable: false }));
  });
  const run = ask(new AiRuns(async () => client), null, question);
  await run.ended;
  expect(run.events).toMatchObject([{ type: 'error', code: 'AI_NEEDS_MODEL', seq: 1 }]);
});

test('a run that broke off and that nobody knows any more is said to be lost', async () => {
  const client = await backend((request, _body, response) => {
    if (request.method === 'POST') {
      send(response, [start(), token('half of an ans', 2)]);
      setTimeout(() => response.destroy(), 20);
    } else {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code: 'NOT_FOUND', message: 'No run r1', hint: 'h', retryable: false }));
    }
  });
  const run = ask(new AiRuns(async () => client), null, question);
  await run.ended;
  expect(run.events.at(-1)).toMatchObject({ type: 'error', code: 'RUN_LOST', retryable: true });
});

test('secrets stay here and come back in the answer, across the borders of tokens', async () => {
  let body = '';
  const client = await backend((_request, text, response) => {
    body = text;
    send(response, [
      start(),
      ...['a [red', 'acted', '-1] b [', 'x] ', 'c [redacted-'].map((part, at) => token(part, at + 2)),
    ]);
    send(response, [final(9)]);
    response.end();
  });
  const root = await workspace();
  const request: AiRequestBody = { doc: { id: 'src/a.sv', version: 1 }, context: { text: 'k = "hunter2-hunter2";' } };
  const run = ask(new AiRuns(async () => client), root, request);
  const { redacted } = await run.started;
  await run.ended;
  expect(redacted).toBe(1);
  expect(body).not.toContain('hunter2');
  expect(run.text()).toBe('a hunter2-hunter2 b [x] c [redacted-');
  const lines = (await readFile(path.join(root, '.genRTL/ai/sent.jsonl'), 'utf8')).trim().split('\n');
  const [sent] = lines.map((line) => SentRun.parse(JSON.parse(line)));
  expect(sent).toMatchObject({ run_id: 'r1', intent: 'ask' });
  expect(sent?.files.map(({ kind, path: name, redacted: count }) => [kind, name, count])).toEqual([
    ['source', 'src/a.sv', 1],
    ['request', 'request.json', 1],
  ]);
});

test.each([
  ['private.sv', 'CONTEXT_FORBIDDEN'],
  ['./private.sv', 'CONTEXT_FORBIDDEN'],
  ['.env', 'CONTEXT_FORBIDDEN'],
  ['.genRTL/vendor/cbb/x/1/rtl/x.sv', 'CONTEXT_FORBIDDEN'],
  ['.GENRTL/state.json', 'CONTEXT_FORBIDDEN'],
  ['../outside.sv', 'REQUEST_INVALID'],
  ['/etc/passwd', 'REQUEST_INVALID'],
])('%s does not leave', async (file, code) => {
  let asked = 0;
  const client = await backend(() => {
    asked += 1;
  });
  const root = await workspace();
  const item = { kind: 'file', name: file, path: file, text: 'x' } as const;
  for (const body of [{ ...question, doc: { id: file } }, { context: [item] }])
    await expect(ask(new AiRuns(async () => client), root, body).started).rejects.toMatchObject({ code });
  expect(asked).toBe(0);
});

test('a context beyond the limit goes as a blob, or is cut where the intent takes none', async () => {
  const paths: string[] = [];
  const bodies: AiRequestBody[] = [];
  const client = await backend((request, text, response) => {
    paths.push(`${request.method} ${request.url?.slice(0, 10)}`);
    if (request.method === 'PUT') response.writeHead(201).end();
    else {
      bodies.push(JSON.parse(text) as AiRequestBody);
      send(response, [start(), final(2)]);
      response.end();
    }
  });
  const long: AiRequestBody = { context: { text: 'x'.repeat(16_001) } };
  await ask(new AiRuns(async () => client), null, long).ended;
  await ask(new AiRuns(async () => client), null, long, 'complete').ended;
  expect(paths).toEqual(
    ['PUT /v1/blobs/', 'POST /api/ai/as', 'POST /api/ai/co'].map((each) => each.slice(0, each.indexOf(' ') + 11)),
  );
  expect(bodies[0]?.context).toEqual({ ref: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(bodies[1]).toMatchObject({ context: { text: 'x'.repeat(16_000) }, options: { truncated: true } });
});
