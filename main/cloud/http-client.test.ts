// The client against real servers on this machine: what is sent, how each kind of failure is told.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { GenrtlError } from '@genrtl/contracts';
import { z } from 'zod';
import { HttpClient } from './http-client.ts';

const open: http.Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(handler: http.RequestListener): Promise<string> {
  const server = http.createServer(handler);
  open.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const clientOf = (url: string): HttpClient => new HttpClient({ url, token: 'secret' });
const Echo = z.object({
  method: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.unknown()),
  body: z.string(),
});

const echo: http.RequestListener = (request, response) => {
  void text(request).then((body) =>
    response.end(JSON.stringify({ method: request.method, path: request.url, headers: request.headers, body })),
  );
};

it('sends token, query, key and body below the path of the address', async () => {
  const client = clientOf(`${await serve(echo)}/behind/a/proxy`);
  const seen = await client.call('POST', '/v1/things', Echo, {
    query: { q: 'fifo & co' },
    body: { name: 'Ω' },
    idempotencyKey: 'k1',
  });
  expect(seen).toMatchObject({
    method: 'POST',
    path: '/behind/a/proxy/v1/things?q=fifo+%26+co',
    body: '{"name":"Ω"}',
    headers: {
      authorization: 'Bearer secret',
      'content-type': 'application/json',
      'content-length': '13',
      'idempotency-key': 'k1',
    },
  });
});

it('gives its token to no other server', async () => {
  const elsewhere = await serve(echo);
  const answer = await clientOf(await serve(echo)).download(`${elsewhere}/file?token=own`);
  const { headers, path } = Echo.parse(JSON.parse(await text(answer)));
  expect(path).toBe('/file?token=own');
  expect(headers).not.toHaveProperty('authorization');
});

it.each([
  [
    'an error of the contract',
    402,
    JSON.stringify(new GenrtlError('BUDGET_EXCEEDED', 'The cap is reached.').toBody()),
    { code: 'BUDGET_EXCEEDED', message: 'The cap is reached.' },
  ],
  ['a refused token', 401, 'who are you', { code: 'UNAUTHORIZED' }],
  [
    'a proxy’s page',
    502,
    '<html>',
    { code: 'BACKEND_UNAVAILABLE', message: 'The backend answered with HTTP status 502.' },
  ],
  [
    'a redirection, which is not followed',
    302,
    '',
    { code: 'BACKEND_UNAVAILABLE', message: 'The backend answered with HTTP status 302.' },
  ],
  ['an answer of another shape', 200, '{"other":1}', { code: 'BACKEND_UNAVAILABLE' }],
  ['no JSON', 200, 'hello', { code: 'BACKEND_UNAVAILABLE' }],
])('tells %s', async (_name, status, body, error) => {
  const url = await serve((_request, response) => {
    response.writeHead(status, status === 302 ? { location: 'http://127.0.0.1:9/' } : {}).end(body);
  });
  await expect(clientOf(url).call('GET', '/v1/things', Echo)).rejects.toMatchObject(error);
});

it('tells a server that is not there, one that breaks off, and a cancelled call', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/half')
      response.writeHead(200, { 'content-length': '100' }).write('{"half', () => response.destroy());
  });
  await expect(clientOf('http://127.0.0.1:9').call('GET', '/', Echo)).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
    message: 'The backend does not answer (ECONNREFUSED).',
  });
  await expect(clientOf(url).call('GET', '/half', Echo)).rejects.toMatchObject({
    code: 'BACKEND_UNAVAILABLE',
    message: 'The connection to the backend broke off.',
  });
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 30);
  await expect(clientOf(url).call('GET', '/never', Echo, { signal: abort.signal })).rejects.toMatchObject({
    code: 'CANCELLED',
  });
});

it('reads events over cut characters and tells a stream that breaks off', async () => {
  const asked: unknown[] = [];
  const url = await serve((request, response) => {
    asked.push(request.headers['last-event-id']);
    const bytes = Buffer.from('id: 7\ndata: schön\n\n');
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(bytes.subarray(0, 16));
    setTimeout(() => response.write(bytes.subarray(16), () => setTimeout(() => response.destroy(), 20)), 20);
  });
  const events: unknown[] = [];
  const read = async (): Promise<void> => {
    for await (const event of clientOf(url).events('/events', '6', new AbortController().signal)) events.push(event);
  };
  await expect(read()).rejects.toMatchObject({ code: 'BACKEND_UNAVAILABLE' });
  expect(events).toEqual([{ id: '7', data: 'schön' }]);
  expect(asked).toEqual(['6']);
});
