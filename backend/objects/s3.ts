// Objects in a bucket of an S3-compatible store, `<prefix><aa>/<rest of the hash>`. A PUT is whole or not at all, and
// its signature covers the hash that names it, so that the store itself refuses damaged content.
import { randomInt } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { GenrtlError } from '@genrtl/contracts';
import { EMPTY_HASH, signedHeaders, type S3Request } from './s3-signature.ts';
import type { S3Settings } from './settings.ts';
import { Spool, type PutOptions } from './spool.ts';
import { requireHash, requireWhole, type ObjectStore, type StoredObject } from './store.ts';

const CONNECT_MS = 5_000;
const ANSWER_MS = 30_000;
/** A store that is being restarted or throttles is back within some seconds. */
const TRIES = 5;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;

type Answer = Dispatcher.ResponseData;

export class S3Store implements ObjectStore {
  readonly #settings: S3Settings;
  readonly #spool: Spool;
  readonly #agent = new Agent({ connectTimeout: CONNECT_MS, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS });

  /** `spool`: a folder of this process for uploads under way */
  constructor(settings: S3Settings, spool: string) {
    this.#settings = settings;
    this.#spool = new Spool(spool);
  }

  put(source: AsyncIterable<Uint8Array>, options: PutOptions): Promise<StoredObject> {
    return this.#spool.with(source, options, async (file, { sha256, sizeBytes }) => {
      // What is there already under this name is the same, or damaged: it is written either way.
      const answer = await this.#ask('PUT', sha256, {
        payloadHash: sha256,
        headers: { 'content-length': String(sizeBytes), 'content-type': 'application/octet-stream' },
        body: () => createReadStream(file),
      });
      await answer.body.dump();
    });
  }

  async size(sha256: string): Promise<number | null> {
    const answer = await this.#ask('HEAD', sha256);
    await answer.body.dump();
    return answer.statusCode === 404 ? null : Number(answer.headers['content-length']);
  }

  async read(sha256: string): Promise<Buffer> {
    const { body } = await this.#found(sha256);
    const bytes = Buffer.from(await body.arrayBuffer());
    requireWhole(sha256, bytes);
    return bytes;
  }

  async open(sha256: string): Promise<{ sizeBytes: number; stream: Readable }> {
    const { headers, body } = await this.#found(sha256);
    return { sizeBytes: Number(headers['content-length']), stream: body };
  }

  async remove(sha256: string, { olderThanMs }: { readonly olderThanMs: number }): Promise<boolean> {
    const there = await this.#ask('HEAD', sha256);
    await there.body.dump();
    if (there.statusCode === 404) return true;
    // The store's own clock tells the age.
    const now = Date.parse(String(there.headers['date'] ?? '')) || Date.now();
    const stored = Date.parse(String(there.headers['last-modified'] ?? ''));
    // Both are whole seconds.
    if (!(now - stored >= olderThanMs)) return false;
    const answer = await this.#ask('DELETE', sha256);
    await answer.body.dump();
    return true;
  }

  async check(): Promise<void> {
    const answer = await this.#once('HEAD', this.#url(''), {});
    await answer.body.dump();
    if (answer.statusCode !== 200) throw refused('HEAD', answer.statusCode);
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #found(sha256: string): Promise<Answer> {
    const answer = await this.#ask('GET', sha256);
    if (answer.statusCode !== 404) return answer;
    await answer.body.dump();
    throw new GenrtlError('NOT_FOUND', `No object ${sha256}`);
  }

  /** Repeats what may be repeated, which everything here may; a 404 is an answer. Throws INTERNAL. */
  async #ask(method: S3Request['method'], sha256: string, request: Sent = {}): Promise<Answer> {
    requireHash(sha256);
    const url = this.#url(`${this.#settings.prefix}${sha256.slice(0, 2)}/${sha256.slice(2)}`);
    for (let round = 0; ; round++) {
      let failure: unknown;
      try {
        const answer = await this.#once(method, url, request);
        const { statusCode } = answer;
        if (statusCode < 300 || (statusCode === 404 && method !== 'PUT')) return answer;
        await answer.body.dump();
        failure = refused(method, statusCode);
        if (statusCode < 500 && statusCode !== 429) throw failure;
      } catch (error) {
        if (error instanceof GenrtlError) throw error;
        failure = error;
      }
      if (round + 1 >= TRIES)
        throw failure instanceof GenrtlError
          ? failure
          : new GenrtlError('INTERNAL', 'The object store does not answer', { cause: failure });
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** round, LONGEST_PAUSE_MS);
      await delay(pause + randomInt(pause));
    }
  }

  #once(
    method: S3Request['method'],
    url: URL,
    { payloadHash = EMPTY_HASH, headers = {}, body }: Sent,
  ): Promise<Answer> {
    const { 'content-length': _length, ...signable } = headers;
    const signed = signedHeaders(
      { method, url, headers: signable, payloadHash },
      this.#settings.credentials,
      this.#settings.region,
      new Date(),
    );
    return this.#agent.request({
      origin: url.origin,
      path: url.pathname,
      method,
      headers: { ...signed, ...headers },
      body: body?.() ?? null,
    });
  }

  #url(key: string): URL {
    const { endpoint, bucket, pathStyle } = this.#settings;
    const url = new URL(endpoint);
    if (pathStyle) url.pathname = [url.pathname.replace(/\/$/, ''), bucket, ...(key === '' ? [] : [key])].join('/');
    else {
      url.hostname = `${bucket}.${url.hostname}`;
      url.pathname = `/${key}`;
    }
    return url;
  }
}

interface Sent {
  readonly payloadHash?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** opened anew for each try */
  readonly body?: () => Readable;
}

/** The status says enough: bodies of stores may repeat what was signed. */
const refused = (method: string, status: number): GenrtlError =>
  new GenrtlError('INTERNAL', `The object store answered ${method} with ${String(status)}`);
