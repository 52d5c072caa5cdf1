// What interactive runs are built from; made once per process.
import type { KnownTerms } from '../billing/known-terms.ts';
import type { Pool } from '../db/index.ts';
import type { FlowCatalog } from '../flows/catalog.ts';
import type { RunModels } from '../models/client-models.ts';
import type { ObjectStore } from '../objects/index.ts';
import type { Log } from '../processes/log.ts';
import type { Beginnings } from './beginnings.ts';
import type { AiConfigFile } from './config-file.ts';
import type { HoldSlices } from './hold-slices.ts';
import type { ResponseCache } from './response-cache.ts';
import type { SegmentWriter } from './segment-writer.ts';
import type { StepWriter } from '../steps/step-writer.ts';

export interface AiServices {
  readonly pool: Pool;
  readonly objects: ObjectStore;
  readonly models: RunModels;
  readonly flows: FlowCatalog;
  readonly log: Log;
  readonly writer: SegmentWriter;
  readonly steps: StepWriter;
  readonly cache: ResponseCache;
  readonly slices: HoldSlices;
  readonly beginnings: Beginnings;
  readonly terms: Pick<KnownTerms, 'of' | 'refuseTooFast'>;
  /** names this process in the rows of its runs */
  readonly owner: string;
  readonly settings: AiSettings;
  readonly config: Pick<AiConfigFile, 'current'>;
}

export interface AiSettings {
  /** how long a run goes on that nobody reads */
  readonly graceMs: number;
  /** a process that has not been seen for so long is dead */
  readonly deadMs: number;
  /** how long money that is held ahead waits for a run */
  readonly sliceIdleMs: number;
  /** the budget may be passed by this share of it before the model is stopped */
  readonly budgetEpsilon: number;
  /** longest answer where the model declares no window of its own */
  readonly undeclaredInputTokens: number;
}

export const AI_SETTINGS: AiSettings = {
  graceMs: 30_000,
  deadMs: 15_000,
  sliceIdleMs: 15_000,
  budgetEpsilon: 0.02,
  undeclaredInputTokens: 100_000,
};
