// What shells may ask of the agent; implemented by job-service.ts.
import type { FileChange, JobResult, JobSettings, JobState, JobUpdate, Plan, Quote } from '@genrtl/contracts';

export interface StartedJob {
  readonly jobId: string;
  readonly finished: Promise<JobResult>;
}

export interface JobListener {
  (update: JobUpdate): void;
}

export interface ResumeOptions {
  /** `gate` approves the gate at which the job waits, `all` every one that follows too */
  readonly approve: 'none' | 'gate' | 'all';
  /** a new cap in dollars, or null to keep it */
  readonly maxUsd: string | null;
}

export interface JobService {
  /** Makes the workspace's folder when only its parent exists. Throws SPEC_* and WORKSPACE_* before anything is written. */
  start(workspace: string, settings: JobSettings, onUpdate: JobListener): Promise<StartedJob>;
  /** Throws NO_JOB, WORKSPACE_BUSY. */
  resume(workspace: string, options: ResumeOptions, onUpdate: JobListener): Promise<StartedJob>;
  cancel(workspace: string): Promise<void>;
  state(workspace: string): Promise<JobState | null>;
  /** Restores the files that the job touched; returns their paths. */
  undo(workspace: string): Promise<string[]>;
  plan(workspace: string): Promise<{ plan: Plan | null; quotes: Quote[] }>;
  changes(workspace: string): Promise<FileChange[]>;
}
