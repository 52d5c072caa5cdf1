// What the routes are built from, and what a request carries after it was let in.
import type { HttpBindings } from '@hono/node-server';
import type { Accounts, Credentials } from '../accounts/accounts.ts';
import type { Asker, Principal } from '../accounts/principal.ts';
import type { Billing } from '../billing/billing.ts';
import type { AiRuns } from '../ai/runs.ts';
import type { Pool } from '../db/index.ts';
import type { JobEngine } from '../jobs/engine.ts';
import type { RunBus } from '../jobs/run-bus.ts';
import type { RequestLimits } from '../jobs/limits.ts';
import type { Callbacks } from '../jobs/callbacks.ts';
import type { JobServices } from '../jobs/services.ts';
import type { Deletions } from '../privacy/deletion.ts';
import type { RegistryRepository } from '../registry/repository/versions.ts';
import type { Publishing } from '../registry/publishing.ts';
import type { BreakerBoard } from '../models/breaker.ts';
import type { ClientModels } from '../models/client-models.ts';
import type { LeaseBook } from '../processes/lease-book.ts';
import type { RequestLimiter } from './request-limits.ts';
import type { HealthWatch } from '../telemetry/health.ts';
import type { DownloadTokens } from './download-tokens.ts';

export interface HttpServices {
  readonly pool: Pool;
  readonly jobs: JobServices;
  readonly engine: JobEngine;
  readonly bus: RunBus;
  readonly ai: AiRuns;
  readonly downloads: DownloadTokens;
  readonly publishing: Publishing;
  readonly repository: RegistryRepository;
  /** null where there are no accounts to delete */
  readonly callbacks: Callbacks;
  readonly deletions: Deletions | null;
  /** null when nobody's leases decide how long this backend lives */
  readonly leases: LeaseBook | null;
  /** model settings of the leases' clients; null where the backend's own serve everybody */
  readonly clients: ClientModels | null;
  /** how the model servers do, for metrics and the pages of operators */
  readonly breakers: Pick<BreakerBoard, 'states'>;
  /** counts requests in this process */
  readonly limiter: RequestLimiter;
  /** of an address, before anybody is known; null: not counted */
  readonly requestRate: RequestLimits | null;
  /** Who the credentials belong to. */
  readonly principalOf: (credentials: Credentials) => Promise<Asker>;
  /** null for an embedded backend, with its one local account */
  readonly accounts: Accounts | null;
  /** null where there are no plans: no money moves */
  readonly billing: Billing | null;
  /** Host headers that are answered; others get 421. Empty: any (behind a proxy that checks). */
  readonly allowedHosts: () => ReadonlySet<string>;
  readonly health: HealthWatch;
  readonly version: string;
  readonly embedded: boolean;
  /** Milliseconds between heartbeat comments of event streams. */
  readonly heartbeatMs: number;
}

export interface HttpEnv {
  Bindings: HttpBindings;
  Variables: {
    accountId: string;
    principal: Principal;
    /** the lease whose model settings the request is made with, or null */
    leaseId: string | null;
    /** sha256 of the exact request bytes, set on routes that carry an idempotency key */
    requestHash: string;
  };
}
