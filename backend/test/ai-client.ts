// A client of the interactive endpoints for tests: a stream read to its end, or as far as a test wants.
import http from 'node:http';
import { createParser } from 'eventsource-parser';
import { AiEvent } from '@genrtl/contracts/ai-events.ts';
import type { AiRunView } from '@genrtl/contracts/http/ai.ts';
import { TestClient } from './client.ts';

export interface Followed {
  readonly status: number;
  readonly events: AiEvent[];
  /** the body where it is no event stream */
  readonly body: string;
  /** the connection broke before the answer's end */
  readonly broken: boolean;
}

export interface FollowOptions {
  readonly headers?: Record<string, string>;
  /** the connection is broken off after the event of which this is true */
  readonly until?: (event: AiEvent) => boolean;
  readonly onEvent?: (event: AiEvent) => void;
}

export class AiClient extends TestClient {
  ask(path: string, body: unknown, options: FollowOptions = {}): Promise<Followed> {
    return this.#request('POST', path, JSON.stringify(body), options);
  }

  follow(runId: string, options: FollowOptions & { readonly after?: number } = {}): Promise<Followed> {
    const headers = {
      ...options.headers,
      ...(options.after === undefined ? {} : { 'last-event-id': String(options.after) }),
    };
    return this.#request('GET', `/api/ai/runs/${runId}/events`, null, { ...options, headers });
  }

  async cancel(runId: string): Promise<AiRunView> {
    return (await this.call<AiRunView>('POST', `/api/ai/runs/${runId}/cancel`)).body;
  }

  async aiRun(runId: string): Promise<AiRunView> {
    return (await this.call<AiRunView>('GET', `/api/ai/runs/${runId}`)).body;
  }

  #request(method: string, path: string, body: string | null, options: FollowOptions): Promise<Followed> {
    return new Promise((resolve, reject) => {
      const request = http.request(
        `${this.url}${path}`,
        {
          method,
          headers: {
            authorization: `Bearer ${this.token}`,
            ...(body === null ? {} : { 'content-type': 'application/json' }),
            ...options.headers,
          },
        },
        (response) => {
          const events: AiEvent[] = [];
          let text = '';
          let left = false;
          const parser = createParser({
            onEvent: ({ id, event: type, data }) => {
              if (left) return;
              const event = AiEvent.parse(JSON.parse(data));
              if (id !== String(event.seq) || type !== event.type) throw new Error(`frame and event differ: ${data}`);
              events.push(event);
              options.onEvent?.(event);
              if (options.until?.(event) === true) {
                left = true;
                request.destroy();
                done(true);
              }
            },
          });
          const done = (broken: boolean): void => {
            resolve({ status: response.statusCode ?? 0, events, body: text, broken });
          };
          const isStream = (response.headers['content-type'] ?? '').startsWith('text/event-stream');
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            if (isStream) parser.feed(chunk);
            else text += chunk;
          });
          response.on('end', () => {
            done(false);
          });
          response.on('error', () => {
            done(true);
          });
        },
      );
      request.on('error', reject);
      request.end(body ?? undefined);
    });
  }
}

/** What a document shows after these events: the last attempt's text. */
export function documentOf(events: readonly AiEvent[]): string {
  let text = '';
  for (const event of events) {
    if (event.type === 'step' && event.phase === 'start') text = '';
    if (event.type === 'token' || event.type === 'reduce:token' || event.type === 'patch') text += event.text;
  }
  return text;
}
