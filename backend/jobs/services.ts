// What durable jobs are built from; made once per process.
import type { Pool } from '../db/index.ts';
import type { ObjectStore } from '../objects/index.ts';
import type { Log } from '../processes/log.ts';
import type { PackageCatalog } from '../registry/package-catalog.ts';
import type { PhaseContext } from '../flows/context.ts';
import type { RunModels } from '../models/client-models.ts';
import type { JobOutput, JobRequest } from '@genrtl/contracts';

export type JobFlows = Readonly<Record<JobRequest['kind'], (context: PhaseContext) => Promise<JobOutput>>>;

export interface JobServices {
  readonly pool: Pool;
  readonly objects: ObjectStore;
  readonly packages: PackageCatalog;
  readonly models: RunModels;
  readonly flows: JobFlows;
  readonly log: Log;
}
