// HTTP to the backend: typed calls, blobs, server-sent events. Errors arrive as GenrtlError, never as axios errors.
import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import axios, { AxiosError, type AxiosInstance } from 'axios';
import { createParser } from 'eventsource-parser';
import { ErrorBody, GenrtlError, IDEMPOTENCY_HEADER } from '@genrtl/contracts';
import type { z } from 'zod';

export interface Endpoint {
  readonly url: string;
  readonly token: string;
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

const CALL_TIMEOUT_MS = 60_000;
/** Events come at least this often (the server sends heartbeat comments); silence beyond it is a lost connection. */
const EVENT_SILENCE_MS = 60_000;

export class HttpClient {
  readonly endpoint: Endpoint;
  readonly #axios: AxiosInstance;

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
    this.#axios = axios.create({
      baseURL: endpoint.url,
      timeout: CALL_TIMEOUT_MS,
      headers: { authorization: `Bearer ${endpoint.token}` },
      httpAgent: new http.Agent({ keepAlive: true }),
      httpsAgent: new https.Agent({ keepAlive: true }),
      proxy: false,
      maxRedirects: 0,
      maxContentLength: 64 * 1024 * 1024,
    });
  }

  async call<T extends z.ZodType>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, response: T, options: CallOptions = {}): Promise<z.infer<T>> {
    const answer = await this.#send(() => this.#axios.request<unknown>({
      method, url: path, data: options.body, params: options.query,
      headers: options.idempotencyKey ? { [IDEMPOTENCY_HEADER]: options.idempotencyKey } : {},
      ...(options.signal ? { signal: options.signal } : {}),
    }));
    const parsed = response.safeParse(answer.data);
    if (!parsed.success) throw new GenrtlError('BACKEND_UNAVAILABLE', `The backend answered ${method} ${path} with something unexpected.`, { cause: parsed.error });
    return parsed.data;
  }

  /** Stores bytes under their hash; storing the same ones again changes nothing. */
  async putBlob(path: string, bytes: Uint8Array): Promise<void> {
    await this.#send(() => this.#axios.put(path, bytes, { headers: { 'content-type': 'application/octet-stream' }, maxBodyLength: Infinity }));
  }

  /** A download that the caller consumes; the URL comes from a delivery and carries its own token. */
  async download(url: string, signal?: AbortSignal): Promise<Readable> {
    const answer = await this.#send(() => this.#axios.get<Readable>(url, { responseType: 'stream', ...(signal ? { signal } : {}) }));
    return answer.data;
  }

  /** One connection's worth of events; ends when the server ends it. Reconnecting is the caller's business. */
  async *events(path: string, lastEventId: string | undefined, signal: AbortSignal): AsyncGenerator<ServerEvent> {
    const answer = await this.#send(() => this.#axios.get<Readable>(path, {
      responseType: 'stream', signal, timeout: 0,
      headers: { accept: 'text/event-stream', ...(lastEventId ? { 'last-event-id': lastEventId } : {}) },
    }));
    const pending: ServerEvent[] = [];
    const parser = createParser({ onEvent: (event) => pending.push({ id: event.id, data: event.data }) });
    const decoder = new TextDecoder();
    const silence = setTimeout(() => answer.data.destroy(), EVENT_SILENCE_MS);
    try {
      for await (const chunk of answer.data) {
        silence.refresh();
        parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
        yield* pending.splice(0);
      }
    } catch (error) {
      if (signal.aborted) throw cancelled();
      throw new GenrtlError('BACKEND_UNAVAILABLE', 'The connection to the backend broke off.', { cause: error });
    } finally {
      clearTimeout(silence);
      answer.data.destroy();
    }
  }

  async #send<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw await toGenrtlError(error);
    }
  }
}

function cancelled(): GenrtlError {
  return new GenrtlError('CANCELLED', 'Cancelled.');
}

async function toGenrtlError(error: unknown): Promise<unknown> {
  if (axios.isCancel(error)) return cancelled();
  if (!(error instanceof AxiosError)) return error;
  if (!error.response) return new GenrtlError('BACKEND_UNAVAILABLE', `The backend does not answer (${error.code ?? 'no connection'}).`, { cause: error.code });
  const body = ErrorBody.safeParse(await bodyOf(error.response.data));
  if (body.success) return GenrtlError.fromBody(body.data);
  if (error.response.status === 401) return new GenrtlError('UNAUTHORIZED', 'The backend does not accept the token.');
  return new GenrtlError('BACKEND_UNAVAILABLE', `The backend answered with HTTP status ${error.response.status}.`);
}

/** Error bodies of streamed requests arrive as streams. */
async function bodyOf(data: unknown): Promise<unknown> {
  if (data === null || typeof data !== 'object' || !('pipe' in data)) return data;
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of data as Readable) chunks.push(chunk as Buffer);
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return null;
  }
}

