// The client against real servers on this machine: what is sent, how each kind of failure is told.
import { spawnSync } from 'node:child_process';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
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

it('streams an answer: a reader that stops holds up the server, not memory', async () => {
  let written = 0;
  const url = await serve((_request, response) => {
    response.writeHead(200);
    const chunk = Buffer.alloc(256 * 1024);
    const more = (): void => {
      while (written < 256 && response.write(chunk)) written += 1;
      if (written < 256) response.once('drain', () => ((written += 1), more()));
    };
    more();
  });
  const answer = await clientOf(url).download(`${url}/large`);
  answer.pause();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(written).toBeLessThan(64);
  answer.destroy();
});

describe('through a proxy', () => {
  const through = async (proxy: Record<string, string>, url: string): Promise<unknown> =>
    new HttpClient({ url, token: 'secret', proxy }).call('GET', '/v1/things', Echo);

  it('reaches a server outside by the proxy of settings and environment, with its token', async () => {
    const proxy = await serve(echo);
    const seen = await through({ HTTP_PROXY: proxy }, 'http://backend.example');
    expect(seen).toMatchObject({
      path: 'http://backend.example/v1/things',
      headers: { authorization: 'Bearer secret', host: 'backend.example' },
    });
  });

  it('opens a tunnel for https, and tells the proxy no token', async () => {
    const asked: { url: string | undefined; headers: unknown }[] = [];
    const server = http.createServer();
    open.push(server);
    server.on('connect', (request, socket) => {
      asked.push({ url: request.url, headers: request.headers });
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(through({ HTTPS_PROXY: proxy }, 'https://backend.example')).rejects.toMatchObject({
      code: 'BACKEND_UNAVAILABLE',
    });
    expect(asked.map(({ url }) => url)).toEqual(['backend.example:443']);
    expect(JSON.stringify(asked)).not.toContain('secret');
  });

  it('never for this machine, nor for what NO_PROXY names', async () => {
    const server = await serve(echo);
    const proxy = { HTTP_PROXY: 'http://127.0.0.1:9' };
    expect(await through(proxy, server)).toMatchObject({ path: '/v1/things' });
    await expect(through({ ...proxy, NO_PROXY: 'backend.invalid' }, 'http://backend.invalid')).rejects.toMatchObject({
      message: expect.stringContaining('ENOTFOUND') as string,
    });
  });
});

it('a process that makes no call does not load axios', () => {
  const script = `await import(${JSON.stringify(path.join(import.meta.dirname, 'http-client.ts'))});
const { createRequire } = await import('node:module');
console.log(Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('axios')).length)`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout.toString().trim()).toBe('0');
});
