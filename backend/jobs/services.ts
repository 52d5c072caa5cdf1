// What durable jobs are built from; made once per process.
import type { StepWriter } from '../steps/step-writer.ts';
import type { Pool } from '../db/index.ts';
import type { KnownTerms } from '../billing/known-terms.ts';
import type { ObjectStore } from '../objects/index.ts';
import type { Log } from '../processes/log.ts';
import type { PackageCatalog } from '../registry/package-catalog.ts';
import type { FlowCatalog } from '../flows/catalog.ts';
import type { LimitsOf } from './limits.ts';
import type { News } from './run-bus.ts';
import type { TokenStreams } from './token-stream.ts';
import type { CloudTools } from '../tool-runner/cloud.ts';
import type { RunModels } from '../models/client-models.ts';

export interface JobServices {
  readonly pool: Pool;
  readonly objects: ObjectStore;
  readonly packages: PackageCatalog;
  readonly models: RunModels;
  readonly flows: FlowCatalog;
  /** what runs tools for clients */
  readonly tools: CloudTools;
  readonly log: Log;
  readonly news: News;
  readonly tokens: TokenStreams;
  readonly steps: Pick<StepWriter, 'add'>;
  /** inputs and outputs of all steps are kept, for finding faults */
  readonly payloads: () => boolean;
  /** of accounts, as this process knows them */
  readonly terms: Pick<KnownTerms, 'of' | 'refuseTooFast'>;
  /** how much of the service a principal may use at once */
  readonly limitsOf: LimitsOf;
}
