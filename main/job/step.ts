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
import type { ConfinementPolicy } from '@genrtl/eda/runner/sandbox/index.ts';
import type { BackendClient } from '../cloud/backend-client.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';
import type { RequestLog } from './request-log.ts';
import type { ResumeOptions } from './service.ts';

export type FactName = keyof JobFacts;
/** A name that is not among `R` is no property at all, so that code which reads it does not compile. */
export type Facts<R extends FactName = FactName> = { readonly [K in R]: JobFacts[K] | undefined };
export type Approval = ResumeOptions['approve'];

/** `R`: the facts that may be read through it; what a step does not declare does not compile. */
export interface StepContext<R extends FactName = FactName> {
  readonly paths: WorkspacePaths;
  readonly workspaceId: string;
  readonly jobId: string;
  readonly stepId: string;
  /** absolute run folder of this step; exists */
  readonly runDir: string;
  readonly settings: Readonly<JobSettings>;
  readonly facts: Facts<R>;
  readonly flow: Readonly<FlowContext>;
  /** what the person said when the job was started or continued */
  readonly approval: Approval;
  readonly backend: () => Promise<BackendClient>;
  readonly requests: RequestLog;
  readonly signal: AbortSignal;
  /** how every tool run of the job is confined */
  readonly confinement: ConfinementPolicy;
  readonly env: NodeJS.ProcessEnv;
  emit(update: JobUpdate): void;
}

/** New values of the facts `W`, and of no others. */
export type NewFacts<W extends FactName = FactName> = { readonly [K in W]?: JobFacts[K] } & {
  readonly [K in Exclude<FactName, W>]?: never;
};

export type StepOutcome<W extends FactName = FactName> =
  | {
      readonly kind: 'next';
      readonly event: FlowEvent['type'];
      readonly summary: string;
      readonly facts?: NewFacts<W>;
    }
  /** the job stops here and goes on from this same step */
  | {
      readonly kind: 'halt';
      readonly status: Exclude<JobStatus, 'running' | 'done'>;
      readonly error: GenrtlError;
      readonly facts?: NewFacts<W>;
    };

export interface Step<N extends StepName = StepName> {
  readonly name: N;
  readonly reads: readonly FactName[];
  readonly writes: readonly FactName[];
  run(context: StepContext): Promise<StepOutcome>;
}

/** One of each name: a step that nobody implements does not compile. */
export type StepTable = { readonly [N in StepName]: Step<N> };

/** A step whose code reads and writes no other facts than it declares. */
export function defineStep<
  const N extends StepName,
  const R extends FactName = never,
  const W extends FactName = never,
>(step: {
  readonly name: N;
  readonly reads: readonly R[];
  readonly writes: readonly W[];
  run(context: StepContext<NoInfer<R>>): Promise<StepOutcome<NoInfer<W>>>;
}): Step<N> {
  return step;
}

/** The job stops at this step; its status follows from the error's code. */
export function halt<W extends FactName = never>(
  error: GenrtlError,
  more: { readonly facts?: NewFacts<W> } = {},
): StepOutcome<W> {
  return { kind: 'halt', status: statusOfError(error.code), error, ...more };
}

/** A fact that an earlier step must have left; its absence is our bug. */
export function need<K extends FactName>(facts: Facts<K>, name: K): NonNullable<JobFacts[K]> {
  const value = facts[name];
  if (value === undefined || value === null) throw new TypeError(`the step before left no ${name}`);
  return value;
}
