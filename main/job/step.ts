// The shape of a step: what it reads and writes, one run, one outcome. Which step follows stands in core/job.
import {
  statusOfError,
  type GenrtlError,
  type JobFacts,
  type JobSettings,
  type JobStatus,
  type JobUpdate,
  type StepName,
} from '@genrtl/contracts';
import type { FlowContext, FlowEvent } from '@genrtl/core/job/index.ts';
import type { BackendClient } from '../cloud/backend-client.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';
import type { RequestLog } from './request-log.ts';
import type { ResumeOptions } from './service.ts';

export type Facts = Readonly<JobFacts>;
export type Approval = ResumeOptions['approve'];

export interface StepContext {
  readonly paths: WorkspacePaths;
  readonly workspaceId: string;
  readonly jobId: string;
  readonly stepId: string;
  /** absolute run folder of this step; exists */
  readonly runDir: string;
  readonly settings: Readonly<JobSettings>;
  readonly facts: Facts;
  readonly flow: Readonly<FlowContext>;
  /** what the person said when the job was started or continued */
  readonly approval: Approval;
  readonly backend: () => Promise<BackendClient>;
  readonly requests: RequestLog;
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  emit(update: JobUpdate): void;
}

export type StepOutcome =
  | {
      readonly kind: 'next';
      readonly event: FlowEvent['type'];
      readonly summary: string;
      readonly facts?: Partial<JobFacts>;
    }
  /** the job stops here and goes on from this same step */
  | {
      readonly kind: 'halt';
      readonly status: Exclude<JobStatus, 'running' | 'done'>;
      readonly error: GenrtlError;
      readonly facts?: Partial<JobFacts>;
    };

export interface Step {
  readonly name: StepName;
  readonly reads: readonly (keyof JobFacts)[];
  readonly writes: readonly (keyof JobFacts)[];
  run(context: StepContext): Promise<StepOutcome>;
}

/** The job stops at this step; its status follows from the error's code. */
export function halt(error: GenrtlError, more: { facts?: Partial<JobFacts> } = {}): StepOutcome {
  return { kind: 'halt', status: statusOfError(error.code), error, ...more };
}

/** A fact that an earlier step must have left; its absence is our bug. */
export function need<K extends keyof JobFacts>(facts: Facts, name: K): NonNullable<JobFacts[K]> {
  const value = facts[name];
  if (value === undefined || value === null) throw new TypeError(`the step before left no ${name}`);
  return value;
}
