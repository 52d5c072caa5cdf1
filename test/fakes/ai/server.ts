// The AI module's routes on the wire, as a test scripts them: one answer a chat, token by token.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AiConfigView, AiRequestBody } from '@genrtl/contracts/http/ai.ts';

export interface FakeAi {
  readonly url: string;
  readonly asked: AiRequestBody[];
  /** null: answers stay open until they are cancelled */
  answer: string | null;
  model: string | null;
  close(): Promise<void>;
}

export async function startFakeAi(): Promise<FakeAi> {
  const open = new Map<string, ServerResponse>();
  const send = (response: ServerResponse, runId: string, seq: number, event: object): void =>
    void response.write(`id: ${seq}\ndata: ${JSON.stringify({ runId, seq, ...event })}\n\n`);
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part.toString('utf8');
    });
    request.on('end', () => {
      const json = (value: object): void =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      if (request.url === '/api/ai/config')
        return json({
          models: [],
          defaultModel: ai.model,
          limits: { softChars: 4000, hardChars: 16_000, refBytes: 1 },
          renderModes: {},
          flows: [],
        } satisfies AiConfigView);
      const [, cancelled] = /runs\/([^/]+)\/cancel$/.exec(request.url ?? '') ?? [];
      if (cancelled !== undefined) {
        const stream = open.get(cancelled);
        if (stream !== undefined) {
          send(stream, cancelled, 900, { type: 'final', status: 'cancelled' });
          stream.end();
        }
        return json({});
      }
      const asked = JSON.parse(body) as AiRequestBody;
      ai.asked.push(asked);
      const runId = asked.client?.runId ?? '';
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const model = 'fake/model';
      send(response, runId, 1, {
        type: 'step',
        phase: 'start',
        name: 'chat',
        renderMode: 'streaming-text',
        docVersion: null,
        attempt: 1,
        model,
        flow: 'chat@1',
      });
      const words = (ai.answer ?? 'This takes').match(/\S+\s*|\s+/g) ?? [];
      words.forEach((text, at) => send(response, runId, at + 2, { type: 'token', text }));
      if (ai.answer === null) {
        open.set(runId, response);
        return undefined;
      }
      const usage = { model, input_tokens: 812, output_tokens: words.length, cost_usd: '0.001234' };
      send(response, runId, words.length + 2, { type: 'usage', ...usage });
      send(response, runId, words.length + 3, { type: 'final', status: 'succeeded' });
      response.end();
      return undefined;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ai: FakeAi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    answer: '',
    model: 'fake/model',
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return ai;
}
