// The web host against a hostile neighbourhood: other sites, other users of the machine, rebinding, malformed messages.
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import { PushHub } from '../../ipc/push-hub.ts';
import { PageAssets } from '../page-assets.ts';
import { startWebHost } from './web-host.ts';
import type { WebHost } from './web-host.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let home: string;
let pushes: PushHub;
let host: WebHost;
const handlers = { 'app.recent': async () => ({ workspaces: ['/w'] }) } as unknown as IpcHandlers;

async function start(socket?: string): Promise<WebHost> {
  const page = path.join(home, 'page');
  await mkdir(path.join(page, 'assets'), { recursive: true });
  await writeFile(path.join(page, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(path.join(page, 'assets/a-1.js'), 'plain');
  await writeFile(path.join(page, 'assets/a-1.js.br'), 'brotli');
  return startWebHost({
    handlers,
    pushes,
    assets: PageAssets.open(page),
    home,
    port: 0,
    onUnexpected: () => undefined,
    ...(socket === undefined ? {} : { socket }),
  });
}

function get(url: string, headers: Record<string, string> = {}, socketPath?: string, posted?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    const request = httpRequest(
      {
        method: posted === undefined ? 'GET' : 'POST',
        host: '127.0.0.1',
        port: target.port,
        path: target.pathname + target.search,
        agent: false,
        headers: { host: target.host, ...headers },
        ...(socketPath === undefined ? {} : { socketPath }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    request.on('error', reject);
    request.end(posted);
  });
}

const post = (target: WebHost, headers: Record<string, string>, body: string): Promise<Answer> =>
  get(`${target.origin}/ipc`, headers, undefined, body);

async function signIn(target: WebHost): Promise<string> {
  const answer = await get(target.bootUrl());
  expect(answer.status).toBe(303);
  return String(answer.headers['set-cookie']?.[0]).split(';')[0] ?? '';
}

function dial(target: WebHost, headers: Record<string, string>): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${target.origin.replace('http', 'ws')}/ipc`, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
}

const nextMessage = (socket: WebSocket): Promise<unknown> =>
  new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)))));

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'genrtl-web-'));
  pushes = new PushHub();
  host = await start();
});
afterEach(async () => {
  await host.close();
  await rm(home, { recursive: true, force: true });
});

describe('signing in', () => {
  test('a boot token works once, for a cookie that scripts cannot read and other sites do not send', async () => {
    const url = host.bootUrl();
    const answer = await get(url);
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^genrtl_[0-9a-f]{12}=.+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=/,
    );
    expect((await get(url)).status).toBe(401);
  });
  test('without the cookie nothing of the page is served', async () => {
    for (const path of ['/', '/assets/a-1.js']) expect((await get(host.origin + path)).status).toBe(401);
  });
  test('a forged or foreign cookie is refused', async () => {
    const cookie = await signIn(host);
    const [name = ''] = cookie.split('=');
    for (const forged of [`${name}=x.99999999999999.y`, `${cookie}x`, `other=${cookie.split('=')[1] ?? ''}`])
      expect((await get(`${host.origin}/`, { cookie: forged })).status).toBe(401);
  });
  test('a host that was killed and started again on its port knows its browser', async () => {
    const cookie = await signIn(host);
    const { port } = host;
    await host.close();
    host = await startWebHost({
      handlers,
      pushes,
      assets: PageAssets.open(path.join(home, 'page')),
      home,
      port: port ?? 0,
      onUnexpected: () => undefined,
    });
    expect((await get(`${host.origin}/`, { cookie })).status).toBe(200);
  });
  test('the key that signs cookies is for the owner alone', async () => {
    expect((await stat(path.join(home, 'web-session.key'))).mode & 0o777).toBe(0o600);
  });
});

describe('addresses', () => {
  test.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '10.0.0.1',
    'localhost',
  ])('Host %j is misdirected (421)', async (name) => {
    expect((await get(`${host.origin}/`, { host: name })).status).toBe(421);
  });
  test('the right name with another port is misdirected', async () => {
    expect((await get(`${host.origin}/`, { host: '127.0.0.1:1' })).status).toBe(421);
  });
  test('localhost is as good as 127.0.0.1', async () => {
    expect((await get(`${host.origin}/`, { host: `localhost:${host.port}`, cookie: await signIn(host) })).status).toBe(
      200,
    );
  });
});

describe('pages', () => {
  test('carry the content security policy and are served compressed, immutable when hashed', async () => {
    const cookie = await signIn(host);
    const index = await get(`${host.origin}/`, { cookie });
    expect(index.headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
    expect(index.headers['cache-control']).toBe('no-store');
    const asset = await get(`${host.origin}/assets/a-1.js`, { cookie, 'accept-encoding': 'gzip, br' });
    expect([asset.headers['content-encoding'], asset.body]).toEqual(['br', 'brotli']);
    expect(asset.headers['cache-control']).toContain('immutable');
    expect((await get(`${host.origin}/assets/a-1.js`, { cookie })).body).toBe('plain');
  });
  test.each([
    '/../package.json',
    '/%2e%2e/web-session.key',
    '/..%2fweb-session.key',
    '/assets/../../web-session.key',
    '/assets',
    '/assets/a-1.js.br',
    '//etc/passwd',
  ])('%s is not there', async (pathname) => {
    const answer = await get(`${host.origin}${pathname}`, { cookie: await signIn(host) });
    expect(answer.status).toBe(404);
  });
});

describe('the socket', () => {
  test('needs Origin equal to Host, and the cookie', async () => {
    const cookie = await signIn(host);
    expect(await dial(host, { cookie })).toBe(403);
    expect(await dial(host, { cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await dial(host, { cookie, origin: 'null' })).toBe(403);
    expect(await dial(host, { origin: host.origin })).toBe(401);
    expect(await dial(host, { origin: host.origin, cookie, host: 'evil.example' })).toBe(421);
    expect(await dial(host, { cookie, origin: host.origin })).toBeInstanceOf(WebSocket);
  });
  test('answers calls and carries pushes', async () => {
    const socket = (await dial(host, { cookie: await signIn(host), origin: host.origin })) as WebSocket;
    socket.send(JSON.stringify({ id: 1, call: 'app.recent', request: {} }));
    expect(await nextMessage(socket)).toEqual({ id: 1, answer: { ok: true, value: { workspaces: ['/w'] } } });
    const pushed = nextMessage(socket);
    pushes.publish({ push: 'backend.state', payload: { state: 'ready', error: null } });
    expect(await pushed).toEqual({ push: 'backend.state', payload: { state: 'ready', error: null } });
    socket.close();
  });
  test('1,000 malformed messages are each refused and the socket lives on', async () => {
    const socket = (await dial(host, { cookie: await signIn(host), origin: host.origin })) as WebSocket;
    let refused = 0;
    const all = new Promise<void>((resolve) =>
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as { answer: { ok: boolean } };
        if (!message.answer.ok) refused += 1;
        if (refused === 1000) resolve();
      }),
    );
    const pieces = [
      '',
      '{',
      'null',
      '[]',
      '{"id":1}',
      '{"id":-1,"call":"app.recent","request":{}}',
      '{"id":1,"call":7}',
      '{"id":1,"call":"__proto__","request":{}}',
      '{"id":1e99,"call":"app.recent"}',
      '\u0000'.repeat(100),
    ];
    for (let at = 0; at < 1000; at += 1) {
      if (at % 10 === 9) socket.send(Buffer.from([at & 255, 255, 0]));
      else socket.send(pieces[at % pieces.length] ?? '');
    }
    await all;
    socket.removeAllListeners('message');
    const answered = nextMessage(socket);
    socket.send(JSON.stringify({ id: 2, call: 'app.recent', request: {} }));
    expect(await answered).toMatchObject({ id: 2, answer: { ok: true } });
    socket.close();
  });
});

describe('a call by HTTP', () => {
  const call = JSON.stringify({ call: 'app.recent', request: {} });
  test('needs Origin equal to Host, and the cookie', async () => {
    const cookie = await signIn(host);
    for (const origin of [undefined, 'http://evil.example', 'null'])
      expect((await post(host, { cookie, ...(origin === undefined ? {} : { origin }) }, call)).status).toBe(403);
    expect((await post(host, { origin: host.origin }, call)).status).toBe(401);
    expect((await post(host, { origin: host.origin, cookie, host: 'evil.example' }, call)).status).toBe(421);
    expect((await get(`${host.origin}/`, { origin: host.origin, cookie }, undefined, call)).status).toBe(405);
    expect(JSON.parse((await post(host, { origin: host.origin, cookie }, call)).body)).toEqual({
      ok: true,
      value: { workspaces: ['/w'] },
    });
  });
  test('malformed and overlong ones are refused as data, and the host lives on', async () => {
    const headers = { origin: host.origin, cookie: await signIn(host) };
    for (const body of [
      '',
      '{',
      'null',
      '[]',
      '{"call":7}',
      '{"call":"__proto__","request":{}}',
      '\u0000'.repeat(100),
      JSON.stringify({ call: 'app.recent', request: 'x'.repeat(100_000) }),
      'x'.repeat(1_000_000),
    ]) {
      expect(JSON.parse((await post(host, headers, body)).body)).toMatchObject({
        ok: false,
        error: { code: 'REQUEST_INVALID' },
      });
    }
    expect((await post(host, headers, call)).status).toBe(200);
  });
});

describe('a Unix socket', () => {
  test('is for its owner alone, survives a killed predecessor, and accepts any forwarded port', async () => {
    const file = path.join(home, 'host.sock');
    const first = await start(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const answer = await get(first.bootUrl().replace('PORT', '8080'), { host: 'localhost:8080' }, file);
    expect(answer.status).toBe(303);
    await expect(start(file)).rejects.toMatchObject({ code: 'USAGE' });
    await first.close();
  });
  test('never deletes a file that is no socket', async () => {
    const file = path.join(home, 'notes.txt');
    await writeFile(file, 'precious');
    await expect(start(file)).rejects.toMatchObject({ code: 'USAGE' });
    expect((await stat(file)).size).toBe(8);
  });
});
