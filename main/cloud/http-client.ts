// HTTP to the backend: typed calls, blobs, server-sent events. Errors arrive as GenrtlError. On Node's own client,
// because every command of
// the command line loads this: a library's hundred modules took longer than the calls.
import http from 'node:http';
import type { Readable } from 'node:stream';
import { createParser } from 'eventsource-parser';
import { ErrorBody, GenrtlError, IDEMPOTENCY_HEADER, LEASE_HEADER } from '@genrtl/contracts';
import type { z } from 'zod';

export interface Endpoint {
  readonly url: string;
  readonly token: string;
  /** the lease of an embedded backend, whose model settings its requests are made with */
  readonly lease?: string;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly query?: Record<string, string>;
  readonly signal?: AbortSignal | undefined;
}

export interface ServerEvent {
  readonly id: string | undefined;
  readonly data: string;
}

interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal | undefined;
}

const CALL_TIMEOUT_MS = 60_000;
/** Events come at least this often (the server sends heartbeat comments); silence beyond it is a lost connection. */
const EVENT_SILENCE_MS = 60_000;
/** of an answer that is read as a whole */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export class HttpClient {
  readonly endpoint: Endpoint;
  #agent: http.Agent | null = null;

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
  }

  async call<T extends z.ZodType>(
    method: Request['method'],
    path: string,
    response: T,
    options: CallOptions = {},
  ): Promise<z.infer<T>> {
    const query = options.query === undefined ? '' : `?${new URLSearchParams(options.query).toString()}`;
    const answer = await this.#send(`${path}${query}`, {
      method,
      signal: timed(options.signal),
      headers: {
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.idempotencyKey ? { [IDEMPOTENCY_HEADER]: options.idempotencyKey } : {}),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const parsed = response.safeParse(await wholeAnswer(answer, options.signal));
    if (!parsed.success)
      throw new GenrtlError(
        'BACKEND_UNAVAILABLE',
        `The backend answered ${method} ${path} with something unexpected.`,
        { cause: parsed.error },
      );
    return parsed.data;
  }

  /** Stores bytes under their hash; storing the same ones again changes nothing. */
  async putBlob(path: string, bytes: Uint8Array): Promise<void> {
    const answer = await this.#send(path, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
      signal: timed(undefined),
    });
    await wholeAnswer(answer, undefined);
  }

  /** A download that the caller consumes; the URL comes from a delivery and carries its own token. */
  download(url: string, signal?: AbortSignal): Promise<Readable> {
    return this.#send(url, { method: 'GET', signal });
  }

  /** One connection's worth of events; ends when the server ends it. Reconnecting is the caller's business. */
  async *events(path: string, lastEventId: string | undefined, signal: AbortSignal): AsyncGenerator<ServerEvent> {
    const answer = await this.#send(path, {
      method: 'GET',
      signal,
      headers: { accept: 'text/event-stream', ...(lastEventId ? { 'last-event-id': lastEventId } : {}) },
    });
    const pending: ServerEvent[] = [];
    const parser = createParser({ onEvent: (event) => pending.push({ id: event.id, data: event.data }) });
    const decoder = new TextDecoder();
    const silence = setTimeout(() => answer.destroy(), EVENT_SILENCE_MS);
    try {
      for await (const chunk of answer) {
        silence.refresh();
        parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
        yield* pending.splice(0);
      }
    } catch (error) {
      throw brokenOff(error, signal);
    } finally {
      clearTimeout(silence);
      answer.destroy();
    }
  }

  /** The answer once its head is there; whatever is no success is thrown. Redirections are not followed. */
  async #send(target: string, { method, headers, body, signal }: Request): Promise<http.IncomingMessage> {
    const url = new URL(/^https?:\/\//.test(target) ? target : `${this.endpoint.url}${target}`);
    const own = url.origin === new URL(this.endpoint.url).origin;
    const client = url.protocol === 'https:' ? await import('node:https') : http;
    this.#agent ??= own ? new client.Agent({ keepAlive: true }) : null;
    const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const request = client.request(url, {
        method,
        headers: {
          accept: 'application/json',
          ...headers,
          // the token is the backend's alone
          ...(own ? { authorization: `Bearer ${this.endpoint.token}` } : {}),
          ...(own && this.endpoint.lease !== undefined ? { [LEASE_HEADER]: this.endpoint.lease } : {}),
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        },
        ...(own && this.#agent !== null ? { agent: this.#agent } : {}),
        ...(signal === undefined ? {} : { signal }),
      });
      request.once('response', resolve);
      request.once('error', reject);
      request.end(body);
    }).catch((error: unknown) => {
      throw noAnswer(error, signal);
    });
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    throw await refusal(answer, status);
  }
}

/** A call's own signal and the limit for its whole answer. */
function timed(signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(CALL_TIMEOUT_MS);
  return signal === undefined ? limit : AbortSignal.any([signal, limit]);
}

const cancelled = (): GenrtlError => new GenrtlError('CANCELLED', 'Cancelled.');

function noAnswer(error: unknown, signal: AbortSignal | undefined): GenrtlError {
  const timedOut = signal?.reason instanceof DOMException && signal.reason.name === 'TimeoutError';
  if (signal?.aborted === true && !timedOut) return cancelled();
  const code = timedOut ? 'ETIMEDOUT' : (error as NodeJS.ErrnoException).code;
  return new GenrtlError('BACKEND_UNAVAILABLE', `The backend does not answer (${code ?? 'no connection'}).`, {
    cause: error,
  });
}

function brokenOff(error: unknown, signal: AbortSignal | undefined): GenrtlError {
  if (signal?.aborted === true) return cancelled();
  return new GenrtlError('BACKEND_UNAVAILABLE', 'The connection to the backend broke off.', { cause: error });
}

/** JSON as its value, anything else as text. */
async function wholeAnswer(answer: http.IncomingMessage, signal: AbortSignal | undefined): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) throw new RangeError(`more than ${MAX_ANSWER_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw brokenOff(error, signal);
  }
  const body = Buffer.concat(chunks).toString('utf8');
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

async function refusal(answer: http.IncomingMessage, status: number): Promise<GenrtlError> {
  const body = ErrorBody.safeParse(await wholeAnswer(answer, undefined).catch(() => null));
  if (body.success) return GenrtlError.fromBody(body.data);
  if (status === 401) return new GenrtlError('UNAUTHORIZED', 'The backend does not accept the token.');
  return new GenrtlError('BACKEND_UNAVAILABLE', `The backend answered with HTTP status ${status}.`);
}
