// A small server that speaks both model protocols on the wire and does what its script says, faults included.
import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { renderErrorBody, renderErrorEvent, renderEvents } from './events.ts';
import type { FakeAnswer, FakeRequest, FakeScript, FakeUsage } from './script.ts';
import { writeEvents } from './write.ts';

export interface FakeModels {
  /** for ANTHROPIC_BASE_URL */
  readonly url: string;
  /** for OPENAI_BASE_URL */
  readonly openaiUrl: string;
  readonly port: number;
  /** every request so far, in the order of arrival */
  readonly requests: readonly FakeRequest[];
  /** whose answer has not ended and whose connection stands */
  open(): number;
  close(): Promise<void>;
}

export interface FakeModelsOptions {
  readonly script: FakeScript;
  /** 0: a free one */
  readonly port?: number;
  readonly onRequest?: (request: FakeRequest) => void;
}

export async function startFakeModels({ script, port = 0, onRequest }: FakeModelsOptions): Promise<FakeModels> {
  const requests: FakeRequest[] = [];
  let open = 0;
  const server = http.createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`fake model server: ${String(error)}`);
    });
  });

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJson(incoming);
    const request = toRequest(incoming, body, requests.length + 1);
    if (request === null) {
      response
        .writeHead(404, { 'content-type': 'application/json' })
        .end('{"error":{"message":"no such address","type":"not_found_error"}}');
      return;
    }
    requests.push(request);
    open += 1;
    response.once('close', () => (open -= 1));
    onRequest?.(request);
    await play(await script(request), request, response);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const actual = (server.address() as AddressInfo).port;
  const url = `http://127.0.0.1:${String(actual)}`;
  return {
    url,
    openaiUrl: `${url}/v1`,
    port: actual,
    requests,
    open: () => open,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function play(answer: FakeAnswer, request: FakeRequest, response: ServerResponse): Promise<void> {
  const events = (text: string, stop: string | null, usage: FakeUsage | null, reasoning?: string) =>
    renderEvents({ request, text, stop, usage, reasoning });
  switch (answer.kind) {
    case 'text': {
      const stop = answer.stop ?? (request.protocol === 'chat-completions' ? 'stop' : 'end_turn');
      const usage = answer.usage === undefined ? wordCount(request, answer.text) : answer.usage;
      await writeEvents(response, events(answer.text, stop, usage, answer.reasoning), answer);
      response.end();
      return;
    }
    case 'status': {
      const body =
        answer.body ??
        renderErrorBody(request, {
          type: answer.type ?? 'api_error',
          code: answer.code ?? null,
          message: answer.message ?? `status ${String(answer.status)}`,
        });
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(body);
      return;
    }
    case 'hang':
      return;
    case 'stall':
      await writeEvents(response, events(answer.text, null, wordCount(request, answer.text)), answer);
      return;
    case 'cut':
      await writeEvents(response, events(answer.text, null, wordCount(request, answer.text)), answer);
      if (answer.how === 'end') response.end();
      else response.socket?.resetAndDestroy();
      return;
    case 'error-event':
      await writeEvents(
        response,
        [
          ...events(answer.text, null, wordCount(request, answer.text)),
          renderErrorEvent(request, answer.type, answer.message),
        ],
        answer,
      );
      response.end();
      return;
    case 'raw':
      response
        .writeHead(answer.status ?? 200, answer.headers ?? { 'content-type': 'text/event-stream' })
        .end(answer.body);
      return;
  }
}

function wordCount(request: FakeRequest, answer: string): FakeUsage {
  const words = (text: string): number => text.split(/\s+/).length;
  return { input: words(request.text), output: words(answer) };
}

async function readJson(incoming: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of incoming as AsyncIterable<Buffer>) parts.push(part);
  const json: unknown = JSON.parse(Buffer.concat(parts).toString('utf8') || '{}');
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
}

function toRequest(incoming: IncomingMessage, body: Record<string, unknown>, number: number): FakeRequest | null {
  const path = (incoming.url ?? '').split('?')[0] ?? '';
  const protocol = path.endsWith('/chat/completions')
    ? 'chat-completions'
    : path.endsWith('/v1/messages')
      ? 'anthropic-messages'
      : null;
  if (protocol === null || incoming.method !== 'POST') return null;
  const all = (Array.isArray(body['messages']) ? body['messages'] : []).map((message: unknown) => {
    const { role, content } = message as { role?: unknown; content?: unknown };
    return { role: String(role), content: textOf(content) };
  });
  const system =
    protocol === 'chat-completions'
      ? all
          .filter((message) => message.role === 'system' || message.role === 'developer')
          .map((message) => message.content)
          .join('\n')
      : textOf(body['system']);
  const messages = all.filter((message) => message.role === 'user' || message.role === 'assistant');
  return {
    number,
    protocol,
    path,
    headers: incoming.headers,
    model: String(body['model']),
    system,
    messages,
    text: [system, ...messages.map((message) => message.content)].join('\n'),
    body,
  };
}

/** Plain text, or the text parts of a content array. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (typeof part === 'object' && part !== null && 'text' in part ? String(part.text) : ''))
    .join('');
}
