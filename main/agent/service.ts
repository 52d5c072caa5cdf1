// What shells may ask of the agent; implemented by the run service in this folder.
import type { FileChange, JobResult, JobSettings, JobState, JobUpdate, Plan, Quote } from '@genrtl/contracts';

export interface StartedJob {
  readonly jobId: string;
  readonly finished: Promise<JobResult>;
}

export interface JobListener {
  (update: JobUpdate): void;
}

export interface JobService {
  /** Throws WORKSPACE_BUSY when another process works on it. */
  start(workspace: string, settings: JobSettings, onUpdate: JobListener): Promise<StartedJob>;
  resume(workspace: string, options: { approve: boolean; maxUsd: string | null }, onUpdate: JobListener): Promise<StartedJob>;
  cancel(workspace: string): Promise<void>;
  state(workspace: string): Promise<JobState | null>;
  undo(workspace: string): Promise<string[]>;
  plan(workspace: string): Promise<{ plan: Plan | null; quotes: Quote[] }>;
  changes(workspace: string): Promise<FileChange[]>;
}
