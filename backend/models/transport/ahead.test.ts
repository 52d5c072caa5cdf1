// Connections that are opened before their request: used once, by the request that they were opened for or another one
// to the same server, and closed when none comes.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NetworkGuard } from '../../network/guard.ts';
import { connectAhead, takeAhead } from './ahead.ts';
import { DEFAULT_TIMEOUTS, type Connection } from './limits.ts';
import { post } from './post.ts';

let server: http.Server;
let url: string;
let connections: number;
const connection = (): Connection => ({ timeouts: DEFAULT_TIMEOUTS, proxy: {}, guard: null });

beforeEach(async () => {
  connections = 0;
  server = http.createServer((_request, response) => response.end('there'));
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function ask(by: Connection): Promise<string> {
  const { signal } = new AbortController();
  const answer = await post({ url: `${url}/v1`, headers: {}, body: '{}', connection: by, signal });
  let text = '';
  await answer.read((chunk) => {
    text += chunk.toString();
    return 'more';
  });
  return text;
}

it('the next request uses it, the one after that opens its own', async () => {
  const by = connection();
  connectAhead(url, by);
  await vi.waitFor(() => {
    expect(connections).toBe(1);
  });
  expect(await ask(by)).toBe('there');
  expect(connections).toBe(1);
  expect(await ask(by)).toBe('there');
  expect(connections).toBe(2);
});

it('a request that comes before it stands waits for it', async () => {
  const by = connection();
  connectAhead(url, by);
  expect(await ask(by)).toBe('there');
  expect(connections).toBe(1);
});

it('one that its server has closed is passed over', async () => {
  const by = connection();
  connectAhead(url, by);
  await vi.waitFor(() => {
    expect(connections).toBe(1);
  });
  server.closeAllConnections();
  await vi.waitFor(() => {
    expect(takeAhead(new URL(url), by)).toBeNull();
  });
  expect(await ask(by)).toBe('there');
  expect(connections).toBe(2);
});

it('what is not reached ahead is told by the request', async () => {
  const by = connection();
  server.close();
  connectAhead(url, by);
  await expect(ask(by)).rejects.toMatchObject({ failure: { kind: 'unreachable' } });
});

it('nothing is opened to an address that the guard refuses, nor where a proxy stands between', () => {
  const guarded = { ...connection(), guard: new NetworkGuard({ privateNetworks: [] }) };
  connectAhead(url, guarded);
  expect(takeAhead(new URL(url), guarded)).toBeNull();
  const proxied = { ...connection(), proxy: { HTTP_PROXY: 'http://proxy.example' } };
  connectAhead('http://models.example', proxied);
  expect(takeAhead(new URL('http://models.example'), proxied)).toBeNull();
});
