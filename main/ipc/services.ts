// What the calls of the page need from the rest of main, as interfaces: compose.ts passes the real ones in, tests pass
// small ones.
import type { AiConfigView } from '@genrtl/contracts/http/ai.ts';
import type { BillingView, OnDemandConsent } from '@genrtl/contracts/http/billing.ts';
import type {
  BudgetView,
  CbbListing,
  ImportNote,
  ModelProbe,
  ModelView,
  SpecSource,
  ToolInfo,
  UsageSummary,
} from '@genrtl/contracts';
import type { CheckedSpec } from '../workspace/check-spec.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import type { SampleLibrary } from '../workspace/samples.ts';
import type { JobService } from '../job/service.ts';
import type { Account } from '../account/account.ts';
import type { BackendClient } from '../cloud/backend-client.ts';
import type { SupplyClient } from '../cbb/supply.ts';
import type { ToolSessionRequest, ToolSessionResult } from '../checks/tool-session.ts';
import type { PushHub } from './push-hub.ts';

export interface AppFacts {
  readonly version: string;
  readonly shell: 'electron' | 'web';
  /** GENRTL_HOME, absolute */
  readonly home: string;
  readonly locale: string;
}

export interface ImportedSpec extends CheckedSpec {
  readonly markdown: string;
  /** what could not be read */
  readonly notes: ImportNote[];
  readonly source: SpecSource;
}

export interface BackendQueries {
  models(): Promise<ModelView[]>;
  aiConfig(): Promise<AiConfigView>;
  /** for runs of the AI module */
  client(): Promise<BackendClient>;
  /** Throws MODEL_AUTH, MODEL_UNAVAILABLE, MODEL_TIMEOUT, MODEL_MALFORMED. */
  probe(
    server: ModelProbe['server'],
    further?: { readonly url: string; readonly keyEnv: string | null },
  ): Promise<ModelProbe>;
  usage(filter: { job_id: string | null; from: string | null; to: string | null }): Promise<UsageSummary>;
  budget(jobId: string): Promise<BudgetView | null>;
  /** null where there are no plans */
  billing(): Promise<BillingView | null>;
  consentToOnDemand(): Promise<OnDemandConsent>;
  searchCbb(query: string): Promise<CbbListing[]>;
  /** the registry's client: documents, purchases, deliveries */
  registry(): Promise<SupplyClient>;
}

export interface IpcServices {
  readonly facts: AppFacts;
  readonly settings: SettingsStore;
  readonly secrets: Pick<SecretStore, 'view' | 'write' | 'open' | 'forget'>;
  readonly samples: SampleLibrary;
  readonly jobs: JobService;
  readonly backend: BackendQueries;
  readonly account: Pick<Account, 'read' | 'signIn' | 'cancel' | 'actFor' | 'signOut'>;
  readonly pushes: PushHub;
  /** environment of consoles; keys are taken out of it */
  readonly env: NodeJS.ProcessEnv;
  tools(): Promise<ToolInfo[]>;
  /** One run over the sources, without a job. Throws USAGE when the top cannot be told. */
  runTool(
    request: Pick<ToolSessionRequest, 'workspace' | 'tool' | 'action' | 'top' | 'runDir' | 'acceptUnconfined'> & {
      readonly waves: boolean;
    },
  ): Promise<ToolSessionResult>;
  /**
   * md, txt, pdf, docx → Markdown with the findings of the structured-spec check. Throws SPEC_BINARY, SPEC_TOO_LARGE,
   * SPEC_EMPTY.
   */
  importSpec(name: string, bytes: Uint8Array): Promise<ImportedSpec>;
  /** Every finding of the structured-spec check; free text has none. */
  checkSpec(name: string, markdown: string): Promise<CheckedSpec>;
}
