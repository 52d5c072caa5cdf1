// A model server as the settings reach it, over real sockets.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeModels } from './probe.ts';

let server: Server;
let url: string;
const seen: (string | undefined)[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request.headers.authorization ?? (request.headers['x-api-key'] as string | undefined));
    if (request.url?.startsWith('/locked') === true) response.writeHead(401).end('{"error":{"message":"key k-1"}}');
    else if (request.url?.startsWith('/odd') === true) response.end('<html>');
    else if (request.url?.startsWith('/away') === true)
      response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end();
    else response.end(JSON.stringify({ data: [{ id: 'qwen3' }, { id: 'llama' }, { id: 'qwen3' }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const probed = (path: string, env: NodeJS.ProcessEnv = {}) =>
  probeModels('openai', { OPENAI_BASE_URL: `${url}${path}`, ...env }).then(
    ({ models }) => models,
    (error: { code: string; message: string }) => `${error.code} ${error.message}`,
  );

test('names the models of a server that needs no key, and sends the key where there is one', async () => {
  expect(await probed('/v1')).toEqual(['llama', 'qwen3']);
  expect(await probed('/v1/', { OPENAI_API_KEY: 'k-1' })).toEqual(['llama', 'qwen3']);
  expect((await probeModels('anthropic', { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'k-2' })).models).toHaveLength(
    2,
  );
  expect(seen).toEqual([undefined, 'Bearer k-1', 'k-2']);
});

test('a further server gets the key of its own variable, never the one of OpenAI', async () => {
  seen.length = 0;
  const env = { OPENAI_API_KEY: 'k-openai', GATEWAY_API_KEY: 'k-gateway', OPENAI_BASE_URL: 'http://127.0.0.1:1' };
  await probeModels('openai', env, { url: `${url}/v1`, keyEnv: null });
  await probeModels('openai', env, { url: `${url}/v1`, keyEnv: 'GATEWAY_API_KEY' });
  expect(seen).toEqual([undefined, 'Bearer k-gateway']);
});

test('says what is wrong, never with the key or the server’s own words', async () => {
  expect(await probed('/locked', { OPENAI_API_KEY: 'k-1' })).toMatch(
    /^MODEL_AUTH 127\.0\.0\.1:\d+ refuses the key \(401\)\.$/,
  );
  expect(await probed('/odd')).toMatch(/^MODEL_MALFORMED /);
  // a key must not follow to another server
  expect(await probed('/away', { OPENAI_API_KEY: 'k-1' })).toMatch(/^MODEL_UNAVAILABLE /);
  expect(await probeModels('anthropic', {}).catch((error: { code: string }) => error.code)).toBe('MODEL_AUTH');
  expect(await probed('', { OPENAI_BASE_URL: 'http://127.0.0.1:1' })).toMatch(
    /^MODEL_UNAVAILABLE 127\.0\.0\.1:1 cannot/,
  );
});
