// HTTP to the backend: typed calls, blobs, server-sent events. Errors arrive as GenrtlError. On axios, which is loaded
// with the first call: a command that makes none does not pay for it.
import type { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import type { AxiosStatic, AxiosResponse } from 'axios';
import { createParser } from 'eventsource-parser';
import { ErrorBody, GenrtlError, IDEMPOTENCY_HEADER, LEASE_HEADER, ORGANISATION_HEADER } from '@genrtl/contracts';
import type { z } from 'zod';

export interface Endpoint {
  readonly url: string;
  readonly token: string;
  /** the access token of a sign-in, refreshed when it is about to end; it goes before `token` */
  readonly signIn?: () => Promise<string>;
  /** the organisation that is acted for, by its id or short name; absent: the person's own account, or the key's */
  readonly organisation?: string | undefined;
  /** the lease of an embedded backend, whose model settings its requests are made with */
  readonly lease?: string;
  /** HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in either spelling, as environment and settings have them */
  readonly proxy?: Readonly<Record<string, string | undefined>>;
  /** where the keys of hosted registries are kept; an embedded one lies in the same home as its key */
  readonly registryKeys?: { readonly home: string; readonly named?: string | undefined };
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
  readonly headers?: Readonly<Record<string, string>>;
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
  #agent: Promise<Agent> | null = null;

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

  /**
   * One connection's worth of events; ends when the server ends it. Reconnecting is the caller's business. `body`: JSON
   * of a request that is answered with events.
   */
  async *events(
    path: string,
    lastEventId: string | undefined,
    signal: AbortSignal,
    body?: string,
  ): AsyncGenerator<ServerEvent> {
    const answer = await this.#send(path, {
      method: body === undefined ? 'GET' : 'POST',
      signal,
      headers: {
        accept: 'text/event-stream',
        ...(lastEventId ? { 'last-event-id': lastEventId } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
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

  /**
   * The answer once its head is there; whatever is no success is thrown. Redirections are not followed: they would
   * carry the token to another server.
   */
  async #send(target: string, request: Request): Promise<Readable> {
    const answer = await this.#answer(target, request);
    if (answer.status >= 200 && answer.status < 300) return answer.data;
    throw await refusal(answer);
  }

  /** A form of OAuth (RFC 6749); its refusals are answers too. Whatever is neither is thrown. */
  async form(path: string, fields: Record<string, string>): Promise<unknown> {
    const answer = await this.#answer(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
      signal: timed(undefined),
    });
    if (answer.status !== 200 && answer.status !== 400) throw await refusal(answer);
    return wholeAnswer(answer.data, undefined);
  }

  async #answer(target: string, { method, headers, body, signal }: Request): Promise<AxiosResponse<Readable>> {
    const url = new URL(/^https?:\/\//.test(target) ? target : `${this.endpoint.url}${target}`);
    const own = url.origin === new URL(this.endpoint.url).origin;
    const { lease, organisation, signIn } = this.endpoint;
    const token = own && signIn !== undefined ? await signIn() : this.endpoint.token;
    // Kept open for the backend's own calls; a download elsewhere is a single one.
    const agent = await (own
      ? (this.#agent ??= agentFor(url, this.endpoint.proxy, true))
      : agentFor(url, this.endpoint.proxy, false));
    const axios = await loadAxios();
    return axios
      .request<Readable>({
        url: url.href,
        method,
        headers: {
          accept: 'application/json',
          'accept-encoding': 'identity',
          ...headers,
          // the token is the backend's alone
          ...(own && token !== '' ? { authorization: `Bearer ${token}` } : {}),
          ...(own && organisation !== undefined ? { [ORGANISATION_HEADER]: organisation } : {}),
          ...(own && lease !== undefined ? { [LEASE_HEADER]: lease } : {}),
        },
        ...(body === undefined ? {} : { data: Buffer.from(body) }),
        ...(signal === undefined ? {} : { signal }),
        responseType: 'stream',
        decompress: false,
        maxRedirects: 0,
        maxBodyLength: Infinity,
        validateStatus: null,
        transformRequest: [],
        httpAgent: agent,
        httpsAgent: agent,
      })
      .catch((error: unknown): never => {
        throw noAnswer(error, signal);
      });
  }
}

/** One file of the package for Node; its module form is sixty files, which take longer. */
async function loadAxios(): Promise<AxiosStatic> {
  return (await import('axios/dist/node/axios.cjs')).default;
}

/** A proxy serves what lies outside: this machine is always reached directly. */
async function agentFor(url: URL, proxy: Endpoint['proxy'], keepAlive: boolean): Promise<Agent> {
  const { Agent } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const local = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  // An agent that has a proxy environment, were it empty, keeps axios from reading that of the process.
  return new Agent({ keepAlive, proxyEnv: proxy === undefined || local ? {} : { ...proxy } });
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
async function wholeAnswer(answer: Readable, signal: AbortSignal | undefined): Promise<unknown> {
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

async function refusal({ data, status }: AxiosResponse<Readable>): Promise<GenrtlError> {
  const body = ErrorBody.safeParse(await wholeAnswer(data, undefined).catch(() => null));
  if (body.success) return GenrtlError.fromBody(body.data);
  if (status === 401) return new GenrtlError('UNAUTHORIZED', 'The backend does not accept the token.');
  return new GenrtlError('BACKEND_UNAVAILABLE', `The backend answered with HTTP status ${status}.`);
}
