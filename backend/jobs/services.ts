// What durable jobs are built from; made once per process.
import type { Pool } from '../db/index.ts';
import type { ObjectStore } from '../objects/index.ts';
import type { PackageCatalog } from './package-catalog.ts';
import type { PhaseContext } from '../flows/context.ts';
import type { ModelRouter } from '../models/model.ts';
import type { JobOutput, JobRequest } from '@genrtl/contracts';

export interface JobLog {
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  error(message: string, details?: Record<string, unknown>): void;
}

export type JobFlows = Readonly<Record<JobRequest['kind'], (context: PhaseContext) => Promise<JobOutput>>>;

export interface JobServices {
  readonly pool: Pool;
  readonly objects: ObjectStore;
  readonly packages: PackageCatalog;
  readonly router: ModelRouter;
  readonly flows: JobFlows;
  readonly log: JobLog;
}
