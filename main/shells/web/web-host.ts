// The web host: the same page as the desktop window, served by plain Node to a browser on this machine or through `ssh
// -L`.
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { GenrtlError } from '@genrtl/contracts';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import { createDispatch } from '../../ipc/dispatch.ts';
import type { PushHub } from '../../ipc/push-hub.ts';
import type { PageAssets } from '../page-assets.ts';
import { SECURITY_HEADERS } from '../security-headers.ts';
import { servePageCalls } from './page-call.ts';
import type { PageCalls } from './page-call.ts';
import { servePageSocket } from './page-socket.ts';
import { hostAllowed, originAllowed } from './request-guard.ts';
import { Sessions } from './session.ts';

/** A 20 MB specification in base64, and room for its envelope. */
const MAX_MESSAGE_BYTES = 40 * 1024 * 1024;

export interface WebHostOptions {
  readonly handlers: IpcHandlers;
  readonly pushes: PushHub;
  readonly assets: PageAssets;
  /** GENRTL_HOME: keeps the key that signs sessions */
  readonly home: string;
  /** TCP port on 127.0.0.1; 0 picks a free one. Ignored with `socket`. */
  readonly port: number;
  /** path of a Unix socket (mode 0600), for servers that other people share */
  readonly socket?: string;
  /** called once with the address that signs a browser in, when it should open by itself */
  readonly open?: (url: string) => void;
  /** told of errors that are our bug or broken infrastructure */
  readonly onUnexpected: (where: string, error: unknown) => void;
}

export interface WebHost {
  /** address without the boot token */
  readonly origin: string;
  /** null on a Unix socket */
  readonly port: number | null;
  /** A fresh address that signs one browser in; good once, for ten minutes. */
  bootUrl(): string;
  close(): Promise<void>;
}

const LOCKED_OUT = `<!doctype html><meta charset="utf-8"><title>genRTL</title><body style="font:15px system-ui;margin:15vh auto;max-width:32rem;padding:0 1rem">
<h1 style="font-size:1.25rem">This browser is not signed in</h1><p>Open the address that genRTL printed when it started. Each address works once; <code>npx genrtl serve</code> prints a new one.</p>
<p lang="zh-CN">此浏览器尚未登录。请打开 genRTL 启动时打印的地址；每个地址只能使用一次，<code>npx genrtl serve</code> 会打印新的地址。</p>`;

/** Throws USAGE when the port or the socket is taken. */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const server = createServer();
  if (options.socket !== undefined) await removeStaleSocket(options.socket);
  const port = await listen(server, options);
  const origin = `http://127.0.0.1:${port ?? 'PORT'}`;
  const sessions = new Sessions(options.home, options.socket ?? String(port));
  const dispatch = createDispatch(options.handlers, options.onUnexpected);
  const pageCalls = servePageCalls(dispatch);

  server.on('request', (request, response) => {
    answer(request, response, options.assets, sessions, port, pageCalls).catch((error: unknown) => {
      options.onUnexpected('http', error);
      if (!response.headersSent) plain(response, 500, 'The page could not be read.');
      else response.destroy();
    });
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const refused = refuseUpgrade(request, sessions, port);
    if (refused !== null) {
      stream.end(`HTTP/1.1 ${refused}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => servePageSocket(socket, dispatch, options.pushes));
  });

  const bootUrl = (): string => `${origin}/boot?token=${sessions.newBootToken()}`;
  options.open?.(bootUrl());
  return {
    origin,
    port,
    bootUrl,
    close: async () => {
      for (const socket of sockets.clients) socket.close(1001, 'stopping');
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  assets: PageAssets,
  sessions: Sessions,
  port: number | null,
  pageCalls: PageCalls,
): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  response.setHeader('Cache-Control', 'no-store');
  if (!hostAllowed(request.headers.host, port)) return plain(response, 421, 'This host answers to localhost only.');
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'POST' && url.pathname === '/ipc') {
    if (!originAllowed(request.headers.origin, request.headers.host))
      return plain(response, 403, 'Only the page of this host may ask.');
    if (!sessions.accepts(request.headers.cookie)) return lockedOut(response);
    return pageCalls(request, response);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(response, 405, 'Only GET.');
  if (url.pathname === '/boot') {
    const cookie = sessions.redeem(url.searchParams.get('token') ?? '');
    if (cookie === null && !sessions.accepts(request.headers.cookie)) return lockedOut(response);
    if (cookie !== null) response.setHeader('Set-Cookie', cookie);
    response.writeHead(303, { Location: '/' }).end();
    return;
  }
  if (!sessions.accepts(request.headers.cookie)) return lockedOut(response);
  const asset = await assets.get(url.pathname, String(request.headers['accept-encoding'] ?? ''));
  if (asset === null) return plain(response, 404, 'There is no such page.');
  response.setHeader('Content-Type', asset.type);
  response.setHeader('Vary', 'Accept-Encoding');
  if (asset.encoding !== null) response.setHeader('Content-Encoding', asset.encoding);
  if (asset.immutable) response.setHeader('Cache-Control', 'private, max-age=31536000, immutable');
  response
    .writeHead(200, { 'Content-Length': asset.body.length })
    .end(request.method === 'HEAD' ? undefined : asset.body);
}

function refuseUpgrade(request: IncomingMessage, sessions: Sessions, port: number | null): string | null {
  if (!hostAllowed(request.headers.host, port)) return '421 Misdirected Request';
  if (!originAllowed(request.headers.origin, request.headers.host)) return '403 Forbidden';
  if (!sessions.accepts(request.headers.cookie)) return '401 Unauthorized';
  return new URL(request.url ?? '/', 'http://localhost').pathname === '/ipc' ? null : '404 Not Found';
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}

function lockedOut(response: ServerResponse): void {
  response.writeHead(401, { 'Content-Type': 'text/html; charset=utf-8' }).end(LOCKED_OUT);
}

async function listen(server: Server, options: WebHostOptions): Promise<number | null> {
  const { socket } = options;
  // The umask closes the moment between bind and chmod, in which others could connect.
  const before = socket === undefined ? null : process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      if (socket === undefined) server.listen(options.port, '127.0.0.1', resolve);
      else server.listen(socket, resolve);
    });
    if (socket !== undefined) chmodSync(socket, 0o600);
  } catch (cause) {
    throw new GenrtlError('USAGE', `The web host cannot listen on ${socket ?? `port ${options.port}`}.`, {
      hint: 'Choose another port or socket, or stop the program that uses it.',
      cause,
    });
  } finally {
    if (before !== null) process.umask(before);
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : null;
}

/** A socket file that nobody answers on was left by a killed host. */
async function removeStaleSocket(file: string): Promise<void> {
  const answered = await new Promise<boolean>((resolve) => {
    const probe = connect(file, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', () => resolve(false));
  });
  if (answered) throw new GenrtlError('USAGE', `Another web host listens on ${file}.`);
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket())
    throw new GenrtlError('USAGE', `${file} exists and is no socket.`, { hint: 'Choose another path for the socket.' });
  rmSync(file, { force: true });
}
