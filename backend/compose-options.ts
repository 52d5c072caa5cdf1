// What a backend process is built from.
import type { AiSettings } from './ai/services.ts';
import type { FlowCatalog } from './flows/catalog.ts';
import type { LimitsOf } from './jobs/limits.ts';
import type { BreakerBoard } from './models/breaker.ts';
import type { ModelRouter } from './models/model.ts';
import type { BackendHome } from './processes/home.ts';
import type { LeaseBook } from './processes/lease-book.ts';
import type { BackendLog } from './processes/log.ts';
import type { Gate } from './registry/publishing.ts';

export interface ComposeOptions {
  readonly home: BackendHome;
  readonly databaseUrl: string;
  readonly role: 'api' | 'worker' | 'all';
  readonly embedded: boolean;
  readonly listen: { readonly host: string; readonly port: number };
  readonly leases: LeaseBook | null;
  readonly log: BackendLog;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  /** for tests: other models and flows */
  readonly router?: ModelRouter;
  /** for tests: with another clock */
  readonly breakers?: BreakerBoard;
  readonly flows?: FlowCatalog;
  readonly ai?: Partial<AiSettings>;
  readonly gate?: Gate;
  /** absent: none on a person's own machine, else those of the environment */
  readonly limitsOf?: LimitsOf;
}
