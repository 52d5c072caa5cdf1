// A backend that speaks the AI module's protocol on the wire and answers what a test tells it to: what the page makes
// of streams that are held, taken back or cut.
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AiConfigView, AiRequestBody } from '@genrtl/contracts/http/ai.ts';

/** A stream under the test's hand. */
export interface FakeRun {
  readonly intent: string;
  readonly body: AiRequestBody;
  start(renderMode: 'streaming-text' | 'atomic-patch', attempt?: number): void;
  send(event: Readonly<Record<string, unknown>>): void;
  succeed(): void;
  /** the connection breaks, and nobody knows of the run any more */
  breakOff(): void;
  /** the client asked for its end */
  readonly cancelled: Promise<void>;
}

export interface FakeAiBackend {
  readonly url: string;
  /** what answers the next requests, by intent; without one a request waits for ever */
  readonly answers: Map<string, (run: FakeRun) => void>;
  readonly asked: AiRequestBody[];
  /** null: no model is set up */
  model: string | null;
  stop(): Promise<void>;
}

export async function startFakeAiBackend(): Promise<FakeAiBackend> {
  const answers = new Map<string, (run: FakeRun) => void>();
  const asked: AiRequestBody[] = [];
  const runs = new Map<string, { cancel(): void }>();
  const json = (response: ServerResponse, value: unknown, status = 200): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const cancelled = /^\/api\/ai\/runs\/([^/]+)\/cancel$/.exec(url)?.[1];
      if (url === '/api/ai/config') json(response, { ...CONFIG, defaultModel: backend.model });
      else if (cancelled !== undefined) {
        runs.get(cancelled)?.cancel();
        json(response, { runId: cancelled, status: 'cancelled' });
      } else if (/^\/api\/(?:ai\/[a-z-]+|edit|chat)$/.test(url) && request.method === 'POST') {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as AiRequestBody;
        asked.push(body);
        const run = stream(response, body, url.slice(url.lastIndexOf('/') + 1));
        runs.set(body.client?.runId ?? '', run);
        answers.get(run.intent)?.(run);
      } else json(response, { code: 'NOT_FOUND', message: `No run at ${url}`, retryable: false }, 404);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const backend: FakeAiBackend = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    asked,
    model: MODEL,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return backend;
}

const MODEL = 'fake/one';
const CONFIG: AiConfigView = {
  models: [{ id: MODEL, maxModelTokens: 32_000, reservedOutputTokens: 1024 }],
  defaultModel: MODEL,
  limits: { softChars: 4000, hardChars: 16_000, refBytes: 10 << 20 },
  renderModes: {},
  flows: [],
};

function stream(response: ServerResponse, body: AiRequestBody, intent: string): FakeRun & { cancel(): void } {
  const runId = body.client?.runId ?? '';
  const { promise: cancelled, resolve: cancel } = Promise.withResolvers<void>();
  let seq = 0;
  let isStreaming = false;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (event: Readonly<Record<string, unknown>>): void => {
    seq += 1;
    response.write(
      `id: ${seq}\nevent: ${String(event['type'])}\ndata: ${JSON.stringify({ seq, runId, ...event })}\n\n`,
    );
  };
  return {
    intent,
    body,
    send,
    cancelled,
    start: (renderMode, attempt = 1) => {
      isStreaming = renderMode === 'streaming-text';
      send({
        type: 'step',
        phase: 'start',
        name: 'draft',
        renderMode,
        docVersion: body.doc?.version ?? null,
        attempt,
        ...(attempt > 1 ? { replaces: attempt - 1 } : {}),
        model: MODEL,
        flow: `${intent}@1`,
      });
    },
    succeed() {
      send({ type: 'usage', model: MODEL, input_tokens: 120, output_tokens: 34, cost_usd: '0.0012' });
      send({ type: 'final', status: 'succeeded' });
      response.end();
    },
    breakOff() {
      response.destroy();
    },
    cancel() {
      if (response.destroyed || response.writableEnded) return;
      // what was on its way when the person ended it
      if (isStreaming) send({ type: 'token', text: ' late frame' });
      send({ type: 'final', status: 'cancelled' });
      response.end();
      cancel();
    },
  };
}
