// What shells may ask of the agent; implemented by job-service.ts.
import type {
  Diagnostic,
  FileOwner,
  JobNote,
  JobResult,
  JobSettings,
  JobState,
  JobSummary,
  JobUpdate,
  OutgoingView,
  Plan,
  Quote,
  Waiver,
} from '@genrtl/contracts';
import type { FileChange } from '@genrtl/contracts/workspace.ts';

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
  /** what the person passes by his or her word although it was not measured */
  readonly waivers?: readonly Waiver[];
  /** benches may change in what they check */
  readonly acceptBenchChanges?: boolean;
}

export interface JobService {
  /**
   * Makes the workspace's folder when only its parent exists. Throws SPEC_* and WORKSPACE_* before anything is written.
   */
  start(workspace: string, settings: JobSettings, onUpdate: JobListener): Promise<StartedJob>;
  /** Throws NO_JOB, WORKSPACE_BUSY. */
  resume(workspace: string, options: ResumeOptions, onUpdate: JobListener): Promise<StartedJob>;
  cancel(workspace: string): Promise<void>;
  state(workspace: string): Promise<JobState | null>;
  /**
   * Runs a step anew and goes on from there, with a note for the author of the code where one is given. Throws NO_JOB,
   * NOT_FOUND, USAGE, WORKSPACE_BUSY.
   */
  retry(
    workspace: string,
    from: { readonly stepId: string; readonly note: string | null },
    onUpdate: JobListener,
  ): Promise<StartedJob>;
  /**
   * Has one finding mended in its own file. Throws NO_JOB, USAGE, VENDOR_ROOT_CAUSE, SPEC_NEEDS_MODEL, WORKSPACE_BUSY.
   */
  fix(workspace: string, finding: Diagnostic, onUpdate: JobListener): Promise<StartedJob>;
  /**
   * Takes another package than the one whose purchase waits, or none (the author writes it), and goes on from there.
   * Throws NO_JOB, USAGE, WORKSPACE_BUSY.
   */
  decline(
    workspace: string,
    choice: { readonly cbbId: string; readonly instead: string | null },
    onUpdate: JobListener,
  ): Promise<StartedJob>;
  /** Changes the plan at its gate. Throws USAGE, PLAN_INVALID, WORKSPACE_BUSY. */
  editPlan(workspace: string, plan: Plan): Promise<{ plan: Plan; contradictions: string[] }>;
  notes(workspace: string): Promise<JobNote[]>;
  addNote(workspace: string, text: string): Promise<JobNote[]>;
  /**
   * Restores the files that the job touched (the present one unless named) and leaves it `undone`; returns their paths.
   * Throws FILE_CHANGED for files edited since, unless forced.
   */
  undo(workspace: string, options?: { readonly force?: boolean; readonly jobId?: string }): Promise<string[]>;
  /** What the first requests of a new job would send to a model. Throws SPEC_*. */
  outgoing(
    workspace: string,
    job: { readonly specPath: string | null; readonly model: string | null },
  ): Promise<OutgoingView>;
  plan(workspace: string): Promise<{ plan: Plan | null; quotes: Quote[] }>;
  changes(workspace: string): Promise<FileChange[]>;
  owners(workspace: string, files: readonly string[]): Promise<FileOwner[]>;
  /** Every job of the workspace, the newest first. */
  history(workspace: string): Promise<JobSummary[]>;
  /** Throws NOT_FOUND. */
  past(workspace: string, jobId: string): Promise<{ state: JobState; plan: Plan | null; changes: FileChange[] }>;
}
