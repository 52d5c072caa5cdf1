// The backend's API as the desktop uses it: one method a route, shapes from the contracts.
import { AccountView } from '@genrtl/contracts/http/accounts.ts';
import { AiConfigView } from '@genrtl/contracts/http/ai.ts';
import {
  API_ROUTES,
  BudgetView,
  CheckoutResponse,
  DeliverResponse,
  GenrtlError,
  JobCost,
  JobEvent,
  LeaseResponse,
  ModelView,
  Publication,
  ResolveResponse,
  RunView,
  SearchResponse,
  UsageSummary,
  type CbbListing,
  type CbbVisibility,
  type Delivery,
  type ModelEnvironment,
  type Receipt,
  type Requirement,
  type Resolution,
} from '@genrtl/contracts';
import { BillingView, OnDemandConsent } from '@genrtl/contracts/http/billing.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { sha256 } from '@genrtl/disk/records.ts';
import { HttpClient, type Endpoint } from './http-client.ts';
import { Outgoing } from './outgoing.ts';
import { requireRegistryKey } from './registry-keys.ts';

const SubmittedRun = z.object({ run_id: z.string() });
const Models = z.object({ models: z.array(ModelView) });
const Empty = z.unknown();

function route(template: string, params: Record<string, string>): string {
  return template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}

/** How often a broken event stream is taken up again before the job stops as BACKEND_UNAVAILABLE. */
const EVENT_RECONNECTS = 5;
const COST_TIMEOUT_MS = 5_000;

export class BackendClient {
  readonly http: HttpClient;
  /** values that are taken out of all that leaves */
  readonly secrets: readonly string[];
  readonly #sent = new Set<string>();

  constructor(endpoint: Endpoint, secrets: readonly string[] = []) {
    this.http = new HttpClient(endpoint);
    this.secrets = [...secrets, ...(endpoint.token === '' ? [] : [endpoint.token])];
  }

  /** Stores a text once and returns its name. */
  put(text: Outgoing): Promise<string> {
    return this.putBytes(text.bytes);
  }

  /** A package that its maintainer publishes goes as it is. */
  async putBytes(bytes: Buffer): Promise<string> {
    const name = sha256(bytes);
    if (!this.#sent.has(name)) {
      await this.http.putBlob(route(API_ROUTES.blobs, { sha256: name }), bytes);
      this.#sent.add(name);
    }
    return name;
  }

  /** What the account has stored, checked against its name. */
  async blob(name: string): Promise<Buffer> {
    const bytes = await buffer(await this.http.download(route(API_ROUTES.blobs, { sha256: name })));
    if (sha256(bytes) !== name)
      throw new GenrtlError('BACKEND_UNAVAILABLE', `The backend sent something else than the blob ${name}.`);
    return bytes;
  }

  /** Sends exact request bytes under their key; a repeat returns the first run. */
  async submitJob(body: string, idempotencyKey: string, signal: AbortSignal): Promise<string> {
    const answer = await this.http.call('POST', API_ROUTES.jobs, SubmittedRun, {
      body: JSON.parse(body),
      idempotencyKey,
      signal,
    });
    return answer.run_id;
  }

  readRun(runId: string): Promise<RunView> {
    return this.http.call('GET', route(API_ROUTES.job, { run_id: runId }), RunView);
  }

  async cancelRun(runId: string): Promise<void> {
    await this.http.call('POST', route(API_ROUTES.jobCancel, { run_id: runId }), Empty);
  }

  /** Follows a run to its end over broken connections. Returns the finished run. */
  async followRun(runId: string, onEvent: (event: JobEvent) => void, signal: AbortSignal): Promise<RunView> {
    let lastId: string | undefined;
    for (let lost = 0; ; ) {
      try {
        for await (const raw of this.http.events(route(API_ROUTES.jobEvents, { run_id: runId }), lastId, signal)) {
          lastId = raw.id ?? lastId;
          lost = 0;
          const event = JobEvent.safeParse(JSON.parse(raw.data));
          if (!event.success) continue;
          onEvent(event.data);
          if (event.data.type === 'final') return await this.readRun(runId);
          if (event.data.type === 'snapshot' && event.data.run.finished_at !== null) return event.data.run;
        }
        const run = await this.readRun(runId);
        if (run.finished_at !== null) return run;
      } catch (error) {
        if (!(error instanceof GenrtlError) || error.code !== 'BACKEND_UNAVAILABLE' || lost >= EVENT_RECONNECTS)
          throw error;
      }
      lost += 1;
      await sleep(100 * 2 ** lost, undefined, { signal }).catch(() => {
        throw new GenrtlError('CANCELLED', 'Cancelled.');
      });
    }
  }

  readBudget(jobId: string): Promise<BudgetView> {
    return this.http.call('GET', route(API_ROUTES.budget, { job_id: jobId }), BudgetView);
  }

  raiseBudget(jobId: string, capUsd: string): Promise<BudgetView> {
    return this.http.call('PUT', route(API_ROUTES.budget, { job_id: jobId }), BudgetView, {
      body: { cap_usd: capUsd },
    });
  }

  async models(): Promise<ModelView[]> {
    return (await this.http.call('GET', API_ROUTES.models, Models)).models;
  }

  aiConfig(): Promise<AiConfigView> {
    return this.http.call('GET', API_ROUTES.aiConfig, AiConfigView);
  }

  async searchCbbs(query: string): Promise<CbbListing[]> {
    return (await this.http.call('GET', API_ROUTES.cbbSearch, SearchResponse, { query: { q: query } })).listings;
  }

  async resolve(workspaceId: string, requirements: readonly Requirement[]): Promise<Resolution[]> {
    const body = { workspace_id: workspaceId, requirements };
    return (await this.http.call('POST', API_ROUTES.cbbResolve, ResolveResponse, { body })).resolutions;
  }

  async checkout(body: string, idempotencyKey: string): Promise<Receipt> {
    return (
      await this.http.call('POST', API_ROUTES.cbbCheckout, CheckoutResponse, { body: JSON.parse(body), idempotencyKey })
    ).receipt;
  }

  /** Throws CBB_SIGNATURE_INVALID when a hosted registry shows another key than before. */
  async deliver(receiptIds: readonly string[]): Promise<Delivery[]> {
    const { deliveries } = await this.http.call('POST', API_ROUTES.cbbDeliver, DeliverResponse, {
      body: { receipt_ids: receiptIds },
    });
    const { url, registryKeys } = this.http.endpoint;
    if (registryKeys !== undefined) await requireRegistryKey({ url, ...registryKeys }, deliveries);
    return deliveries;
  }

  download(url: string, signal?: AbortSignal): Promise<Readable> {
    return this.http.download(url, signal);
  }

  async reportCbb(report: {
    cbb_id: string;
    version: string;
    message: string;
    evidence: string | null;
  }): Promise<void> {
    const body = JSON.parse(Outgoing.json(report, this.secrets).text) as typeof report;
    await this.http.call('POST', API_ROUTES.cbbReport, Empty, { body });
  }

  /** Asks for the publication of an archive that was sent; to be asked again while it answers `verifying`. */
  publish(archive: string, signal?: AbortSignal, visibility?: CbbVisibility): Promise<Publication> {
    const body = { archive, ...(visibility === undefined ? {} : { visibility }) };
    return this.http.call('POST', API_ROUTES.cbbPublish, Publication, { body, signal });
  }

  /** Withdraws a version; null: it can be chosen again. */
  async yank({ cbb_id, version }: { cbb_id: string; version: string }, reason: string | null): Promise<void> {
    const path = route(API_ROUTES.cbbYank, { cbb_id, version });
    if (reason === null) await this.http.call('DELETE', path, Empty);
    else await this.http.call('PUT', path, Empty, { body: { reason } });
  }

  /** Tells that a job ended well with these; not waited for long. */
  async reportPasses(jobId: string, cbbs: readonly { cbb_id: string; version: string }[]): Promise<void> {
    await this.http.call('POST', API_ROUTES.cbbPasses, Empty, {
      body: { job_id: jobId, cbbs },
      signal: AbortSignal.timeout(COST_TIMEOUT_MS),
    });
  }

  usage(filter: {
    jobId?: string | null;
    from?: string | null;
    to?: string | null;
    cursor?: string | null;
  }): Promise<UsageSummary> {
    const query: Record<string, string> = {};
    if (filter.jobId) query['job_id'] = filter.jobId;
    if (filter.from) query['from'] = filter.from;
    if (filter.to) query['to'] = filter.to;
    if (filter.cursor) query['cursor'] = filter.cursor;
    return this.http.call('GET', API_ROUTES.usage, UsageSummary, { query });
  }

  /** Plan, grants and pay-as-you-go; null from a backend that knows none. */
  async billing(): Promise<BillingView | null> {
    try {
      return await this.http.call('GET', API_ROUTES.billing, BillingView);
    } catch (error) {
      if (error instanceof GenrtlError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  }

  /** Agrees to pay-as-you-go until the period ends. */
  consentToOnDemand(): Promise<OnDemandConsent> {
    return this.http.call('POST', API_ROUTES.onDemandConsent, OnDemandConsent, { body: {} });
  }

  /** Whose credential this client has, and what it may do. */
  account(): Promise<AccountView> {
    return this.http.call('GET', API_ROUTES.account, AccountView);
  }

  /** What a job has cost so far; asked at the end of steps, so not waited for long. */
  jobCost(jobId: string): Promise<JobCost> {
    return this.http.call('GET', route(API_ROUTES.jobCost, { job_id: jobId }), JobCost, {
      signal: AbortSignal.timeout(COST_TIMEOUT_MS),
    });
  }

  /** Opens or renews a lease; `models` are the client's own settings and keys. */
  lease(leaseId: string, ttlMs: number, models: ModelEnvironment): Promise<{ leases: number }> {
    const body = { lease_id: leaseId, ttl_ms: ttlMs, models };
    return this.http.call('POST', API_ROUTES.lease, LeaseResponse, { body });
  }

  endLease(leaseId: string): Promise<{ leases: number }> {
    return this.http.call('DELETE', API_ROUTES.lease, LeaseResponse, { body: { lease_id: leaseId, ttl_ms: 1000 } });
  }
}
