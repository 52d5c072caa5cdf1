// The client's job: settings, durable state, result.
import { z } from 'zod';
import { Quote, Receipt } from './cbb.ts';
import { Diagnostic } from './diagnostic.ts';
import { ErrorBody } from './error-body.ts';
import { ERRORS, type ErrorCode } from './errors.ts';
import { Waiting } from './http/jobs.ts';
import { ImportNote } from './spec-import.ts';
import { Instant, JobId, Sha256, StepId } from './primitives.ts';
import { Confinement, Strength, TestResult, UnconfinedReason } from './tools.ts';
import { UsdString } from './money.ts';
import { JobCheck } from './project.ts';
import { STEP_NAMES } from './steps.ts';
import { AppliedWaiver, BenchChange, InterfaceReading, ReferenceComparison, Untried, Waiver } from './verdicts.ts';

export const StepName = z.enum(STEP_NAMES);
export type StepName = z.infer<typeof StepName>;

export const JobStatus = z.enum([
  'running',
  'done',
  'failed',
  'needs_input',
  'budget_exceeded',
  'cancelled',
  /** its files are as they were before it; nothing that it measured holds any more */
  'undone',
]);
export type JobStatus = z.infer<typeof JobStatus>;

/** The status of a job or a command that an error ends, by the exit code of the error's row. */
export function statusOfError(code: ErrorCode): Exclude<JobStatus, 'running' | 'done' | 'undone'> {
  switch (ERRORS[code].exit) {
    case 5:
      return 'budget_exceeded';
    case 6:
      return 'needs_input';
    case 130:
      return 'cancelled';
    default:
      return 'failed';
  }
}

export const Gate = z.enum(['auto', 'ask']);
export const Gates = z.object({ plan: Gate, purchase: Gate, patch: Gate });
export type Gates = z.infer<typeof Gates>;

export const JobSettings = z.object({
  /** absolute path of the specification that the person named */
  spec_path: z.string(),
  model: z.string().nullable(),
  max_usd: UsdString,
  max_repairs: z.number().int().min(0).max(50),
  lint_tool: z.string(),
  sim_tool: z.string(),
  /** absolute folder of sealed acceptance tests */
  accept_dir: z.string().nullable(),
  gates: Gates,
  /**
   * what the person passes although it was not measured; those of the workspace's files are added when they are needed
   */
  waivers: z.array(Waiver).optional(),
  /** the person lets benches change in what they check, as `--accept-bench-changes` says */
  accept_bench_changes: z.boolean().optional(),
  /** the person lets the job's code run without a sandbox where none can be had, as `--yes` says */
  accept_unconfined: z.boolean().optional(),
  /** the person lets the job change files that are not genRTL's, as `--accept-file-changes` says */
  accept_file_changes: z.boolean().optional(),
});
export type JobSettings = z.infer<typeof JobSettings>;

export const StepRecord = z.object({
  step_id: StepId,
  step: StepName,
  status: z.enum(['running', 'ok', 'failed', 'skipped', 'waiting']),
  outcome: z.string().nullable(),
  summary: z.string(),
  started_at: Instant,
  duration_ms: z.number().nullable(),
  cost_usd: UsdString,
  /** what the server lets it wait for now */
  waiting: Waiting.optional(),
});
export type StepRecord = z.infer<typeof StepRecord>;

/** Facts that steps hand to one another; every bulky thing is a file in the run folder of the step that is named. */
export const JobFacts = z.object({
  spec_name: z.string().optional(),
  /** holds spec.md */
  spec_step: StepId.optional(),
  spec_sha256: Sha256.optional(),
  /** what the import says of itself: above all what it could not read */
  spec_notes: z.array(ImportNote).optional(),
  /** structured: the built-in composer understands it */
  spec_form: z.enum(['structured', 'free']).optional(),
  /** holds plan.json */
  plan_step: StepId.optional(),
  plan_sha256: Sha256.optional(),
  /** the model that planned, as the server reported it; `builtin/composer` cannot repair */
  plan_model: z.string().optional(),
  /** what the last plan contradicts; goes back to the plan step once, then to the person */
  contradictions: z.array(z.string()).optional(),
  /** what is still to be bought */
  quotes: z.array(Quote).optional(),
  /** packages that the person did not want, each with the one to take instead; null: none, the author writes it */
  declined: z.record(z.string(), z.string().nullable()).optional(),
  /** every package that the plan uses, bought now or before */
  cbbs: z.array(z.object({ cbb_id: z.string(), version: z.string() })).optional(),
  /** requirements that no package meets: the model writes them */
  unresolved: z.array(z.string()).optional(),
  receipts: z.array(Receipt).optional(),
  /** holds deliveries.json */
  deliver_step: StepId.optional(),
  /** holds patch.diff */
  patch_step: StepId.optional(),
  /** hash of each workspace file as the model saw it */
  seen: z.record(z.string(), z.string()).optional(),
  /** why the last patch was refused, hunk by hunk */
  patch_feedback: z.array(z.string()).optional(),
  /** the apply step that holds checks_before.json: the project's checks before the job's first patch */
  checks_before: StepId.optional(),
  /** the project's checks as they stand now */
  checks: z.array(JobCheck).optional(),
  /** the tool run that failed last */
  failed_step: StepId.optional(),
  tests: z.array(TestResult).optional(),
  strength: Strength.nullable().optional(),
  /** measures that were not taken and that nobody waived: they keep the job from being done */
  untried: z.array(Untried).optional(),
  /** waivers that this job needed */
  waived: z.array(AppliedWaiver).optional(),
  /** steps that hold the testbenches as they were before a patch, `bench_before.json` */
  bench_versions: z.array(z.object({ step_id: StepId, accepted: z.boolean() })).optional(),
  bench_changes: z.array(BenchChange).optional(),
  interface: InterfaceReading.optional(),
  /** null: the specification is not structured, or the composer wrote the design */
  reference: ReferenceComparison.nullable().optional(),
  diagnostics: z.array(Diagnostic).optional(),
  /** the next patch may change these only (one finding is being mended); empty: no limit */
  only_files: z.array(z.string()).optional(),
  /** files of the person's that the job may change, each with the hash of the text that the person let it change */
  may_change: z.record(z.string(), Sha256).optional(),
  /** workspace files that patches of this job wrote */
  files: z.array(z.string()).optional(),
});
export type JobFacts = z.infer<typeof JobFacts>;

/** `.genRTL/state.json`, replaced atomically after every transition. */
export const JobState = z.object({
  schema_version: z.literal(1),
  workspace_id: z.string(),
  job_id: JobId,
  status: JobStatus,
  settings: JobSettings,
  /** the flow's present state, serialised by the flow table in core */
  flow: z.unknown(),
  steps: z.array(StepRecord),
  facts: JobFacts,
  /** how the tool runs of the job are confined; missing before its first step, and in jobs of before */
  confinement: Confinement.pick({ confined: true, unconfined_reason: true }).optional(),
  /** grows only after a recorded outcome; key = step_id */
  attempts: z.record(z.string(), z.number().int()),
  error: ErrorBody.nullable(),
  /** what the ledger says; the steps' costs too */
  cost_usd: UsdString,
  /** the ledger could not be asked since something may have been charged: the costs are the last known ones */
  cost_stale: z.boolean().optional(),
  created_at: Instant,
  updated_at: Instant,
});
export type JobState = z.infer<typeof JobState>;

/** What the person tells the author of the code; goes out with every later request of the job. */
export const JobNote = z.object({ at: Instant, text: z.string().min(1).max(4000) });
export type JobNote = z.infer<typeof JobNote>;

/** Whose a file is that a job means to write. */
export const FileOwner = z.object({
  path: z.string(),
  /** nobody: there is no such file yet; genrtl: a job wrote it whole, and it is as that job left it */
  owner: z.enum(['nobody', 'genrtl', 'person']),
  /** null: no repository, or no git to ask */
  tracked: z.boolean().nullable(),
});
export type FileOwner = z.infer<typeof FileOwner>;

/** One job of the workspace, as its history lists it. */
export const JobSummary = z.object({
  job_id: JobId,
  /** the design's title from its plan; the specification's name before there is one */
  title: z.string(),
  status: JobStatus,
  cost_usd: UsdString,
  created_at: Instant,
  updated_at: Instant,
  files: z.array(z.string()),
  /** mutants killed and tried, where they were measured */
  strength: z.object({ killed: z.number().int(), total: z.number().int() }).nullable(),
  /** a later job changed some of its files: that one is undone first */
  covered_by: JobId.nullable(),
});
export type JobSummary = z.infer<typeof JobSummary>;

export const JobResult = z.object({
  event: z.literal('result'),
  status: JobStatus,
  job_id: z.string().nullable(),
  steps: z.array(StepRecord),
  diagnostics: z.array(Diagnostic),
  /** what could not be read of the specification, or was read by guess */
  spec_notes: z.array(ImportNote),
  tests: z.array(TestResult).nullable(),
  strength: Strength.nullable(),
  /** the project's own checks; missing where it names none */
  checks: z.array(JobCheck).optional(),
  /** what was not measured: with an entry here no job is done */
  untried: z.array(Untried),
  /** what was passed by a person's word, with the reason */
  waivers: z.array(AppliedWaiver),
  /** changes of what testbenches check, each with who let it pass */
  bench_changes: z.array(BenchChange),
  /** null: no plan was read against the specification */
  interface: InterfaceReading.nullable(),
  /** null where there is nothing to compare with */
  reference: ReferenceComparison.nullable(),
  cost_usd: UsdString,
  cost_stale: z.boolean().optional(),
  files: z.array(z.string()),
  /** how its tool runs were confined; null when it came to none */
  confined: Confinement.shape.confined.nullable(),
  unconfined_reason: UnconfinedReason.optional(),
  error: ErrorBody.optional(),
});
export type JobResult = z.infer<typeof JobResult>;

/** What the running job tells its shell, live; never persisted. */
export const JobUpdate = z.discriminatedUnion('type', [
  z.object({ type: z.literal('state'), state: JobState }),
  z.object({ type: z.literal('step'), step: StepRecord }),
  z.object({ type: z.literal('token'), step_id: z.string(), text: z.string() }),
  z.object({ type: z.literal('waiting'), step_id: z.string(), waiting: Waiting.nullable() }),
  z.object({ type: z.literal('log'), step_id: z.string(), stream: z.enum(['stdout', 'stderr']), text: z.string() }),
  z.object({ type: z.literal('notes'), step_id: z.string(), spec_name: z.string(), notes: z.array(ImportNote) }),
  z.object({ type: z.literal('diagnostics'), step_id: z.string(), diagnostics: z.array(Diagnostic) }),
  z.object({
    type: z.literal('gate'),
    gate: z.enum(['plan', 'purchase', 'patch', 'confinement', 'sources']),
    step_id: z.string(),
  }),
]);
export type JobUpdate = z.infer<typeof JobUpdate>;
