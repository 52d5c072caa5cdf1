// Worker of the streaming benchmark: a server that writes one token event after another as fast as they are taken.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { events } = workerData as { readonly events: number };
const token = Buffer.from(
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'bench',
    choices: [{ index: 0, delta: { content: ' token' }, logprobs: null, finish_reason: null }],
  })}\n\n`,
);
const end = `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: events } })}\n\ndata: [DONE]\n\n`;

const server = http.createServer((request, response) => {
  request.resume();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let sent = 0;
  const push = (): void => {
    while (sent < events) {
      sent += 1;
      if (!response.write(token)) {
        response.once('drain', push);
        return;
      }
    }
    response.end(end);
  };
  push();
});
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage((server.address() as AddressInfo).port);
});
