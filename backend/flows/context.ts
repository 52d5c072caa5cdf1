// What a flow may do and know: everything it reads, asks and tells goes through this context.
import type { CbbManifest, JobKind, JobRequestOf, ModelService, Requirement, Resolution } from '@genrtl/contracts';
import type { ModelAnswer, ModelPrompt } from '../models/model.ts';
import type { ModelWindow } from './asking/window.ts';

/**
 * What a job's phases may do. Implemented by the runner; every call is durable and replayed by name after a crash.
 */
export interface PhaseContext<K extends JobKind = JobKind> {
  readonly request: JobRequestOf<K>;
  readonly signal: AbortSignal;
  /** Text of a blob; NOT_FOUND when the client never sent it. */
  readText(sha256: string): Promise<string>;
  /** The latest version of every published package, plus the versions named. */
  catalog(): Promise<readonly CbbManifest[]>;
  /** RTL sources of a package version, for prompts of real models: port lists and usage, never edited. */
  packageText(cbbId: string, version: string): Promise<{ path: string; text: string }[]>;
  /** Prices and hashes of the packages that a plan asks for, from the registry; `design` jobs only. */
  resolve(requirements: readonly Requirement[]): Promise<Resolution[]>;
  /**
   * The smallest window among the models that would be asked. Throws MODEL_UNKNOWN, MODEL_UNPRICED, SPEC_NEEDS_MODEL.
   */
  window(service: ModelService): Promise<ModelWindow>;
  phase(name: string): Promise<void>;
  retry(reason: string): Promise<void>;
  /**
   * One settled model answer: each upstream attempt is recorded ahead, held, then captured or voided.
   * `name` is unique within the job and stable across replays. Throws BUDGET_EXCEEDED before sending when the hold
   * does not fit.
   */
  callModel(name: string, prompt: ModelPrompt): Promise<ModelAnswer>;
}
