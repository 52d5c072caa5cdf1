// A small client for tests: JSON calls, blobs, and event streams read to their end.
import { createHash, randomUUID } from 'node:crypto';
import { createParser } from 'eventsource-parser';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobEvent, JobRequest, JobRequestOf, Receipt, RunView, UsageSummary } from '@genrtl/contracts';

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

export class TestClient {
  readonly url: string;
  readonly token: string;

  constructor(endpoint: { url: string | null; token: string }) {
    this.url = endpoint.url ?? '';
    this.token = endpoint.token;
  }

  async call<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as T };
  }

  async blob(text: string): Promise<string> {
    const sha256 = createHash('sha256').update(text).digest('hex');
    const { status } = await this.call('PUT', `/v1/blobs/${sha256}`, text, {
      'content-type': 'application/octet-stream',
    });
    if (status !== 200) throw new Error(`blob: ${status}`);
    return sha256;
  }

  /** A plan request whose spec scripts the fake models. */
  async planRequest(script: string, change: Partial<JobRequest> = {}): Promise<JobRequestOf<'plan'>> {
    return {
      kind: 'plan',
      job_id: `job${randomUUID().slice(0, 8)}`,
      step_id: 'plan_1',
      attempt: 1,
      workspace_id: 'ws',
      model: null,
      cap_usd: '20.00',
      spec: await this.blob(script),
      spec_name: 'spec.md',
      feedback: [],
      ...change,
    } as JobRequestOf<'plan'>;
  }

  submit(request: JobRequest, key = keyOf(request)): Promise<Answer<RunView>> {
    return this.call<RunView>('POST', '/v1/jobs', request, { 'idempotency-key': key });
  }

  async run(runId: string): Promise<RunView> {
    return (await this.call<RunView>('GET', `/v1/jobs/${runId}`)).body;
  }

  async finished(runId: string, limitMs = 15_000): Promise<RunView> {
    const until = Date.now() + limitMs;
    for (;;) {
      const run = await this.run(runId);
      if (run.finished_at !== null) return run;
      if (Date.now() > until) throw new Error(`run ${runId} does not end: ${run.status} ${run.phase}`);
      await delay(20);
    }
  }

  async usage(jobId: string): Promise<UsageSummary> {
    return (await this.call<UsageSummary>('GET', `/v1/usage?job_id=${jobId}`)).body;
  }

  checkout(body: Record<string, unknown>, key: string): Promise<Answer<{ receipt: Receipt }>> {
    return this.call('POST', '/v1/cbb/checkout', body, { 'idempotency-key': key });
  }

  /** Events from a number on; ends with the stream, or after `until` says so. */
  async events(
    runId: string,
    options: { after?: number; until?: (event: JobEvent) => boolean; signal?: AbortSignal } = {},
  ): Promise<JobEvent[]> {
    const abort = new AbortController();
    const response = await fetch(`${this.url}/v1/jobs/${runId}/events`, {
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(options.after === undefined ? {} : { 'last-event-id': String(options.after) }),
      },
      signal: options.signal === undefined ? abort.signal : AbortSignal.any([abort.signal, options.signal]),
    });
    if (response.body === null) throw new Error('no body');
    const events: JobEvent[] = [];
    const parser = createParser({
      onEvent: (event) => {
        events.push(JSON.parse(event.data) as JobEvent);
      },
    });
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
      if (options.until !== undefined && events.some(options.until)) break;
    }
    abort.abort();
    return events;
  }
}

export function keyOf(request: JobRequest): string {
  return createHash('sha256').update(`${request.job_id}|${request.step_id}|${request.attempt}`).digest('hex');
}
