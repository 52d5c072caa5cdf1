// One POST over node:http(s), answered as a stream: time-outs for each phase, bounded headers and body, no redirects,
// no decompression.
import http from 'node:http';
import https from 'node:https';
import { GenrtlError } from '@genrtl/contracts';
import { isDirect, takeAhead, type OpenedAhead } from './ahead.ts';
import { fromNodeError, timedOut, TransportError } from './failure.ts';
import { MAX_HEADER_BYTES, MAX_STREAM_BYTES } from './limits.ts';
import type { Connection, Timeouts } from './limits.ts';

export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connection: Connection;
  readonly signal: AbortSignal;
}

/** Returns `done` to stop reading; a promise holds the stream back. */
export type Take = (chunk: Buffer) => 'more' | 'done' | Promise<'more' | 'done'>;

export interface PostResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /**
   * Hands over the body's chunks as they arrive; the next one is not read from the network before the last was handled,
   * beyond one socket buffer. Resolves to whether `done` was said, which closes the connection. Throws TransportError,
   * and what `take` throws. Once only.
   */
  read(take: Take): Promise<boolean>;
  /** Closes the connection. */
  close(): void;
}

/**
 * Sends the request and resolves at the response's headers, whatever its status. Redirects are answers like any other:
 * following one would carry the key to a host that nobody named. Throws TransportError.
 */
export async function post(request: PostRequest): Promise<PostResponse> {
  const url = new URL(request.url);
  const ahead = isDirect(url, request.connection) ? takeAhead(url, request.connection) : null;
  const route = ahead === null ? await routeTo(url, request.connection) : { createConnection: () => ahead.socket };
  return send(request, url, route, ahead);
}

function send(
  request: PostRequest,
  url: URL,
  route: http.RequestOptions,
  ahead: OpenedAhead | null,
): Promise<PostResponse> {
  const { signal } = request;
  const { timeouts } = request.connection;
  const body = Buffer.from(request.body, 'utf8');
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      ahead?.socket.destroy();
      reject(new TransportError({ kind: 'cancelled' }));
      return;
    }
    const secure = url.protocol === 'https:';
    const outgoing = (secure ? https : http).request(url, {
      method: 'POST',
      ...route,
      maxHeaderSize: MAX_HEADER_BYTES,
      headers: { ...request.headers, 'content-length': String(body.length), 'accept-encoding': 'identity' },
    });

    const total = setTimeout(() => fail(timedOut('total', timeouts)), timeouts.totalMs);
    let phase = setTimeout(() => fail(timedOut('connect', timeouts)), timeouts.connectMs);
    let failure: TransportError | undefined;
    let response: http.IncomingMessage | undefined;

    function fail(error: TransportError): void {
      failure ??= error;
      if (response === undefined) settle(() => reject(failure ?? error));
      outgoing.destroy();
      response?.destroy(failure);
    }
    function settle(act: () => void): void {
      clearTimeout(phase);
      act();
    }
    const cancel = (): void => fail(new TransportError({ kind: 'cancelled' }));
    signal.addEventListener('abort', cancel, { once: true });
    const release = (): void => {
      clearTimeout(total);
      clearTimeout(phase);
      signal.removeEventListener('abort', cancel);
    };

    outgoing.on('socket', (socket) => {
      const connected = (): void => {
        clearTimeout(phase);
        if (response === undefined && failure === undefined) {
          phase = setTimeout(() => fail(timedOut('first_byte', timeouts)), timeouts.firstByteMs);
        }
      };
      if (ahead?.opening() ?? socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', connected);
      else connected();
    });
    outgoing.on('error', (error) => fail(fromNodeError(error, response !== undefined)));
    outgoing.on('close', () => {
      release();
      if (response === undefined) fail(new TransportError({ kind: 'unreachable', reason: 'CLOSED' }));
    });
    outgoing.on('response', (incoming) => {
      response = incoming;
      const encoding = incoming.headers['content-encoding'];
      if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
        // We asked for identity; unpacking what nobody asked for invites a bomb.
        const error = new TransportError({ kind: 'encoded', encoding: encoding.slice(0, 20) });
        settle(() => reject(error));
        fail(error);
        return;
      }
      // An error after this point reaches whoever reads the body.
      incoming.on('error', () => undefined);
      settle(() =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          read: (take) => read(incoming, timeouts, { fail, failed: () => failure }, take),
          close: () => incoming.destroy(),
        }),
      );
    });
    outgoing.end(body);
  });
}

/**
 * How the server is reached. Always a fresh connection (or one of `ahead.ts`, which nothing has used): a kept one may be closed by the server just as the request
 * leaves, and then nobody knows whether the call was made. Behind the guard the connection goes to an address that was
 * checked; a proxy resolves for itself, so there the name is only asked about beforehand, where this machine knows it.
 */
async function routeTo(url: URL, connection: Connection): Promise<http.RequestOptions> {
  const { proxy, guard } = connection;
  try {
    guard?.requireHost(url.hostname);
    if (isDirect(url, connection)) return guard === null ? { agent: false } : { agent: false, lookup: guard.lookup };
    await guard?.addressesOf(url.hostname);
  } catch (error) {
    if (error instanceof GenrtlError) throw fromNodeError(error, false);
  }
  const agent = url.protocol === 'https:' ? new https.Agent({ proxyEnv: proxy }) : new http.Agent({ proxyEnv: proxy });
  return { agent };
}

/**
 * Reads with a time-out on silence that does not run while the taker itself is busy. By events, not as an async
 * iterator: at tens of thousands of chunks a second the promises of an iterator cost more than the chunks.
 */
function read(
  incoming: http.IncomingMessage,
  timeouts: Timeouts,
  { fail, failed }: { fail: (error: TransportError) => void; failed: () => TransportError | undefined },
  take: Take,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let busy = false;
    let over = false;
    let ended = false;
    let bytes = 0;
    const idle = setTimeout(() => {
      if (busy) idle.refresh();
      else fail(timedOut('idle', timeouts));
    }, timeouts.idleMs);
    const end = (settle: () => void): void => {
      if (over) return;
      over = true;
      clearTimeout(idle);
      incoming.destroy();
      settle();
    };
    const broken = (error: unknown): void =>
      end(() => {
        reject(failed() ?? (error instanceof GenrtlError ? error : fromNodeError(error, true)));
      });
    const finish = (): void => {
      const error = failed();
      end(() => {
        if (error === undefined) resolve(false);
        else reject(error);
      });
    };
    const taken = (next: 'more' | 'done'): void => {
      if (next === 'done') end(() => resolve(true));
      else if (ended) finish();
      else idle.refresh();
    };
    incoming.on('data', (chunk: Buffer) => {
      if (over) return;
      bytes += chunk.length;
      if (bytes > MAX_STREAM_BYTES) {
        broken(new TransportError({ kind: 'too_large', what: 'answer', limit: MAX_STREAM_BYTES }));
        return;
      }
      try {
        const next = take(chunk);
        if (typeof next === 'string') {
          taken(next);
          return;
        }
        busy = true;
        incoming.pause();
        next.then((then) => {
          busy = false;
          taken(then);
          incoming.resume();
        }, broken);
      } catch (error) {
        broken(error);
      }
    });
    // What was handed over last may still be worked on.
    incoming.on('end', () => {
      ended = true;
      if (!busy) finish();
    });
    incoming.on('error', broken);
    incoming.on('close', () => {
      if (!ended) broken(incoming.errored ?? new TransportError({ kind: 'cut', reason: 'CLOSED' }));
    });
    if (incoming.destroyed) broken(incoming.errored ?? new TransportError({ kind: 'cut', reason: 'CLOSED' }));
  });
}
