// Skill jobs: the files of a run directory, and what a skill's own files say. docs/skills/protocols.md tells who writes
// which when.
// Every schema carries a version; a reader accepts every version up to its own.
import { z } from 'zod';
import { Instant, JobId, Semver, Sha256 } from './primitives.ts';
import { SkillErrorType } from './skill-failures.ts';

export const SkillName = z.string().regex(/^[a-z][a-z0-9_]{1,63}$/, 'lower-case letters, digits and _');
export const SkillHost = z.enum(['innovus', 'yosys', 'opensta', 'magic', 'netgen', 'tclsh']);
export type SkillHost = z.infer<typeof SkillHost>;
export const LauncherId = z.enum(['local', 'dsub', 'lsf', 'slurm']);
export type LauncherId = z.infer<typeof LauncherId>;

// ---- what a skill declares: contract.yaml and metrics.yaml -------------------------------------------------------

const Seconds = z
  .number()
  .positive()
  .max(30 * 86_400);
/** One typed check on an output's content. Patterns are applied line by line. */
export const OutputCheck = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('regex'), pattern: z.string().min(1), absent: z.boolean().default(false) }),
  z.strictObject({
    type: z.literal('range'),
    pattern: z.string().min(1),
    min: z.number().optional(),
    max: z.number().optional(),
  }),
  z.strictObject({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) }),
]);
export type OutputCheck = z.infer<typeof OutputCheck>;
export const OutputSpec = z.strictObject({
  /** below reports/, forward slashes */
  path: z.string().min(1),
  non_empty: z.boolean().default(true),
  checks: z.array(OutputCheck).default([]),
});
export type OutputSpec = z.infer<typeof OutputSpec>;

/** Database forms by host; `docs/skills/protocols.md` lists the files of each. */
export const DbForm = z.enum(['innovus_enc', 'rtlil', 'verilog', 'netlist_sdc', 'magic_mag', 'spice', 'tcl_dict']);
export type DbForm = z.infer<typeof DbForm>;

/** What is asked of a database right after it was restored; each form knows some of them. */
export const DbAssertion = z.enum(['linked', 'no_black_boxes', 'clocks']);
export type DbAssertion = z.infer<typeof DbAssertion>;

/** Why something that would fail a job is borne: read by the person who reads the result. */
const Reason = z.string().trim().min(10, 'say in a sentence why');

/** An error line of the host's log (by the host's table) with which this skill's result is still right. */
export const AllowedLogLine = z.strictObject({ pattern: z.string().min(1), reason: Reason });
export type AllowedLogLine = z.infer<typeof AllowedLogLine>;

export const SkillContract = z.strictObject({
  schema_version: z.literal(1),
  name: SkillName,
  version: Semver,
  title: z.string().min(1),
  description: z.string().min(1),
  host: SkillHost,
  database: z
    .strictObject({
      required: z.boolean(),
      forms: z.array(DbForm).min(1),
      /** assertions of the form that this skill can do without */
      not_asserted: z.array(z.strictObject({ assertion: DbAssertion, reason: Reason })).default([]),
    })
    .nullable()
    .default(null),
  /**
   * JSON Schema (2020-12) of an object. Formats of paths, which are resolved: `input-file` and `filelist` (hashed),
   * `folder`. What a file list names goes into the parameters `sources`, `include_dirs` and `defines`.
   */
  parameters: z
    .record(z.string(), z.unknown())
    .default({ type: 'object', properties: {}, additionalProperties: false }),
  /** names of parameters, or `database`: a run that gives none of them has nothing to read */
  one_of: z.array(z.string()).default([]),
  /** the script that the run request sources, below templates/ */
  template: z.string().default('templates/run.tcl'),
  outputs: z.strictObject({ required: z.array(OutputSpec), optional: z.array(OutputSpec).default([]) }),
  allowed_log_lines: z.array(AllowedLogLine).max(20).default([]),
  timeouts: z
    .strictObject({
      start_s: Seconds.default(300),
      restore_s: Seconds.default(3600),
      run_s: Seconds.default(3600),
      /** longest silence of the heartbeat while a script runs: one tool command may take that long */
      silence_s: Seconds.default(1800),
    })
    .default({ start_s: 300, restore_s: 3600, run_s: 3600, silence_s: 1800 }),
  resources: z
    .strictObject({
      cpus: z.number().int().positive().default(1),
      memory_mb: z.number().int().positive().default(1024),
    })
    .default({ cpus: 1, memory_mb: 1024 }),
});
export type SkillContract = z.infer<typeof SkillContract>;

export const Better = z.enum(['higher', 'lower', 'none']);
const MetricCommon = {
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  title: z.string().min(1),
  /** SI or field unit as printed, "" for counts and texts */
  unit: z.string(),
  better: Better,
  report: z.string().min(1),
  required: z.boolean().default(true),
};
/** How one metric is read: by a pattern with one group, or by a JSON pointer. */
export const MetricSpec = z.union([
  z.strictObject({
    ...MetricCommon,
    type: z.enum(['number', 'integer', 'string']),
    pattern: z.string().min(1),
    pick: z.enum(['first', 'last', 'min', 'max', 'sum', 'count']).default('first'),
    scale: z.number().optional(),
  }),
  z.strictObject({
    ...MetricCommon,
    type: z.enum(['number', 'integer', 'string']),
    pointer: z.string().startsWith('/'),
    scale: z.number().optional(),
  }),
]);
export type MetricSpec = z.infer<typeof MetricSpec>;
export const MetricsFile = z.strictObject({ schema_version: z.literal(1), metrics: z.array(MetricSpec).min(1) });
export type MetricsFile = z.infer<typeof MetricsFile>;

/** `contract.json` of a run directory: everything that the skill contributed, as used. */
export const ContractSnapshot = z.object({
  schema_version: z.literal(1),
  contract: SkillContract,
  metrics: z.array(MetricSpec),
  files: z.record(z.string(), Sha256),
});
export type ContractSnapshot = z.infer<typeof ContractSnapshot>;

// ---- the run directory ---------------------------------------------------------------------------------------------

export const SkillState = z.enum([
  'INIT',
  'PREPARE_RUNDIR',
  'LOCATE_DB',
  'START_SESSION',
  'RESTORE_DB',
  'RUN_SKILL',
  'VALIDATE_OUTPUTS',
  'SUMMARIZE',
  'DONE',
  'FAIL',
]);
export type SkillState = z.infer<typeof SkillState>;
export const SkillStatus = z.enum(['RUNNING', 'WAITING_SELECTION', 'DONE', 'FAIL']);
export type SkillStatus = z.infer<typeof SkillStatus>;

export const DbCandidate = z.object({
  /** counted from 1 in the order of the paths */
  id: z.number().int().positive(),
  name: z.string(),
  form: DbForm,
  /** absolute paths by role, e.g. { enc, enc_dat } */
  files: z.record(z.string(), z.string()),
  size_bytes: z.number().int(),
  modified_at: Instant,
});
export type DbCandidate = z.infer<typeof DbCandidate>;
export const IncompleteDb = z.object({ path: z.string(), form: DbForm, missing: z.string(), reason: z.string() });
export type IncompleteDb = z.infer<typeof IncompleteDb>;
export const SelectionReason = z.enum(['not_required', 'explicit_path', 'single_candidate', 'user_selected']);
export const LocatorRecord = z.object({
  query: z.string().nullable(),
  search_paths: z.array(z.string()),
  candidates: z.array(DbCandidate),
  incomplete: z.array(IncompleteDb),
  /** where the search had to stop or could not look: what is below is not known */
  not_searched: z.array(z.object({ path: z.string(), reason: z.string() })).default([]),
  selected: DbCandidate.nullable(),
  selection_reason: SelectionReason.nullable(),
});
export type LocatorRecord = z.infer<typeof LocatorRecord>;

export const LauncherSettings = z.object({
  id: LauncherId,
  queue: z.string().optional(),
  account: z.string().optional(),
  cpus: z.number().int().positive().optional(),
  memory_mb: z.number().int().positive().optional(),
  /** longest wait in the scheduler's queue */
  queue_timeout_s: Seconds.default(600),
  /** further arguments of the submit command, one each */
  extra: z.array(z.string()).default([]),
});
export type LauncherSettings = z.infer<typeof LauncherSettings>;

export const SkillFailure = z.object({
  error_type: SkillErrorType,
  state: SkillState,
  message: z.string(),
  hint: z.string(),
  evidence_paths: z.array(z.string()),
});
export type SkillFailure = z.infer<typeof SkillFailure>;

/** `job_manifest.json`: inputs, choice, versions, end state. Replaced atomically by the orchestrator alone. */
export const JobManifest = z.object({
  schema_version: z.literal(1),
  job_id: JobId,
  status: SkillStatus,
  state: SkillState,
  /** version and host are null when the contract could not be read */
  skill: z.object({ name: z.string(), version: Semver.nullable(), host: SkillHost.nullable(), path: z.string() }),
  design: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  /** sha256 by absolute path of every input file that a parameter names */
  inputs: z.record(z.string(), Sha256),
  locator: LocatorRecord,
  /** the audited exception: code from outside the run directory that the wrapper sources */
  restore: z
    .object({
      wrapper: z.string(),
      wrapper_sha256: Sha256,
      files: z.record(z.string(), z.string()),
      source_sha256: Sha256.nullable(),
    })
    .nullable(),
  launcher: LauncherSettings,
  settings: z.object({
    poll_ms: z.number().int().positive(),
    heartbeat_ms: z.number().int().positive(),
    max_log_bytes: z.number().int().positive(),
    /** executable as given; null: the host's own names on PATH */
    tool: z.string().nullable(),
  }),
  /** sha256 of every rendered script, by path inside the run directory */
  scripts: z.record(z.string(), Sha256),
  versions: z.object({
    genrtl: z.string(),
    protocol: z.literal(1),
    node: z.string(),
    tool: z.string().nullable(),
    tcl: z.string().nullable(),
  }),
  error_type: SkillErrorType.nullable(),
  error: SkillFailure.nullable(),
  /** of summary.json as it was written; null or absent: none, or written by an older version */
  summary_sha256: Sha256.nullable().optional(),
  created_at: Instant,
  finished_at: Instant.nullable(),
});
export type JobManifest = z.infer<typeof JobManifest>;

/** One line of `job_timeline.jsonl`, appended and never changed. */
export const TimelineEvent = z.object({
  schema_version: z.literal(1),
  seq: z.number().int().nonnegative(),
  at: Instant,
  /** milliseconds of a monotonic clock since this supervisor took the job */
  mono_ms: z.number(),
  job_id: JobId,
  level: z.enum(['INFO', 'WARN', 'ERROR']),
  event: z.string(),
  state: SkillState,
  message: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
});
export type TimelineEvent = z.infer<typeof TimelineEvent>;

export const RequestId = z.string().regex(/^\d{4}_[a-z][a-z0-9_]{0,40}$/);
/** `queue/<request_id>.json`, written by the runtime with link-free rename. */
export const SkillRequest = z.discriminatedUnion('action', [
  z.object({
    schema_version: z.literal(1),
    request_id: RequestId,
    job_id: JobId,
    action: z.literal('SOURCE_TCL'),
    script: z.string(),
    script_sha256: Sha256,
    submitted_ms: z.number().int(),
  }),
  z.object({
    schema_version: z.literal(1),
    request_id: RequestId,
    job_id: JobId,
    action: z.literal('STOP'),
    submitted_ms: z.number().int(),
  }),
]);
export type SkillRequest = z.infer<typeof SkillRequest>;

/** `ack/<request_id>.json`, written by queue_processor.tcl; times are the tool machine's wall clock in ms. */
export const SkillAck = z.object({
  schema_version: z.literal(1),
  request_id: z.string(),
  status: z.enum(['PASS', 'FAIL']),
  error_type: z.string(),
  message: z.string(),
  error_info: z.string(),
  error_code: z.string(),
  /** line of the script at which the failing command starts; 0: none */
  error_line: z.number().int(),
  script: z.string(),
  script_sha256: z.string(),
  received_ms: z.number().int(),
  finished_ms: z.number().int(),
  pid: z.number().int(),
  processor_version: z.string(),
});
export type SkillAck = z.infer<typeof SkillAck>;

/** `session/ready.json`, written by queue_processor.tcl when it starts to poll. */
export const SessionReady = z.object({
  schema_version: z.literal(1),
  pid: z.number().int(),
  host: z.string(),
  tool_version: z.string(),
  tcl_version: z.string(),
  processor_version: z.string(),
});
export type SessionReady = z.infer<typeof SessionReady>;
/** `session/heartbeat`: `seq` grows with every beat, whatever the clock says. */
export const Heartbeat = z.object({
  seq: z.number().int(),
  state: z.enum(['idle', 'busy']),
  request_id: z.string(),
  at_ms: z.number().int(),
  pid: z.number().int(),
});
export type Heartbeat = z.infer<typeof Heartbeat>;

/** `session/state.json`, written by the session supervisor. */
export const SessionState = z.object({
  schema_version: z.literal(1),
  state: z.enum(['STARTING', 'STARTED', 'READY', 'STOPPING', 'EXITED']),
  argv: z.array(z.string()),
  pid: z.number().int().nullable(),
  host: z.string(),
  boot_id: z.string(),
  tool: SessionReady.nullable(),
  exit_code: z.number().int().nullable(),
  signal: z.string().nullable(),
  stop: z.enum(['none', 'orderly', 'terminated', 'killed']),
  heartbeats: z.number().int(),
  longest_silence_ms: z.number(),
  started_at: Instant,
  exited_at: Instant.nullable(),
});
export type SessionState = z.infer<typeof SessionState>;

/** One line of the host's log that its table takes for an error or a warning. */
export const HostLogLine = z.object({
  request_id: RequestId,
  stream: z.enum(['stdout', 'stderr']),
  line: z.number().int().positive(),
  severity: z.enum(['error', 'warning']),
  text: z.string(),
  /** reason of the contract's allowed line that covers it; null: none does */
  allowed: z.string().nullable(),
});
export type HostLogLine = z.infer<typeof HostLogLine>;
/** `session/host_log.json`: what the tool said between the requests and its end. */
export const HostLogRecord = z.object({
  schema_version: z.literal(1),
  job_id: JobId,
  /** error lines that no allowed line covers: with one of them the job fails */
  errors: z.number().int().nonnegative(),
  warnings: z.number().int().nonnegative(),
  /** how many error lines each allowed line of the contract covered, in the contract's order */
  allowed: z.array(AllowedLogLine.extend({ lines: z.number().int().nonnegative() })),
  /** errors first; bounded */
  lines: z.array(HostLogLine),
  left_out: z.number().int().nonnegative(),
});
export type HostLogRecord = z.infer<typeof HostLogRecord>;

export const MetricValue = z.object({
  name: z.string(),
  title: z.string(),
  type: z.enum(['number', 'integer', 'string']),
  value: z.union([z.number(), z.string()]).nullable(),
  unit: z.string(),
  better: Better,
  /** where the value stands; null when the report does not hold it */
  evidence: z.object({ path: z.string(), line: z.number().int().positive(), text: z.string() }).nullable(),
});
export type MetricValue = z.infer<typeof MetricValue>;
/** `summary.json`. Only `job_id` and `generated_at` differ between two runs on the same inputs. */
export const SkillSummary = z.object({
  schema_version: z.literal(1),
  job_id: JobId,
  generated_at: Instant,
  skill: z.object({ name: SkillName, version: Semver, host: SkillHost }),
  design: z.string(),
  tool_version: z.string().nullable(),
  parameters: z.record(z.string(), z.unknown()),
  database: z.record(z.string(), z.string()).nullable(),
  metrics: z.array(MetricValue),
  /** absent in summaries of older versions, whose host logs were not read */
  host_log: HostLogRecord.pick({ warnings: true, allowed: true }).optional(),
  outputs: z.array(z.object({ path: z.string(), size_bytes: z.number().int(), sha256: Sha256 })),
});
export type SkillSummary = z.infer<typeof SkillSummary>;

/** `debug_bundle/index.json`, written last: a bundle without it is incomplete. */
export const DebugBundleIndex = z.object({
  schema_version: z.literal(1),
  job_id: JobId,
  error: SkillFailure,
  created_at: Instant,
  files: z.array(z.object({ path: z.string(), size_bytes: z.number().int(), sha256: Sha256, truncated: z.boolean() })),
});
export type DebugBundleIndex = z.infer<typeof DebugBundleIndex>;

// ---- batches and comparisons ---------------------------------------------------------------------------------------

/** One run of a plan; a key that nobody knows is a typing error, not a default. */
export const BatchEntry = z.strictObject({
  design: z.string(),
  database: z.string().nullable().default(null),
  parameters: z.record(z.string(), z.unknown()).default({}),
});
const BatchStatus = z.enum(['PENDING', 'RUNNING', 'WAITING_SELECTION', 'DONE', 'FAIL']);
/** `batch.json`: the plan of a batch and the run directory of each entry; what is there is never run twice. */
export const BatchRecord = z.object({
  schema_version: z.literal(1),
  batch_id: JobId,
  skill: z.string(),
  max_parallel: z.number().int().positive(),
  entries: z.array(
    z.object({
      ...BatchEntry.shape,
      runs: z.array(JobId),
      status: BatchStatus,
      error_type: SkillErrorType.nullable(),
    }),
  ),
  created_at: Instant,
});
export type BatchRecord = z.infer<typeof BatchRecord>;

export const ComparedMetric = z.object({
  name: z.string(),
  title: z.string(),
  unit: z.string(),
  better: Better,
  values: z.array(z.union([z.number(), z.string()]).nullable()),
  /** against the first column; null where either side is no number */
  deltas: z.array(z.number().nullable()),
  best: z.array(z.number().int()),
  worst: z.array(z.number().int()),
});
export type ComparedMetric = z.infer<typeof ComparedMetric>;
export const ThresholdBreach = z.object({
  metric: z.string(),
  job_id: JobId,
  value: z.number().nullable(),
  rule: z.string(),
});
/** An entry of a batch that has no result to compare. */
export const MissingColumn = z.object({
  design: z.string(),
  job_id: JobId.nullable(),
  status: BatchStatus,
  error_type: SkillErrorType.nullable(),
});
export const Comparison = z.object({
  schema_version: z.literal(1),
  columns: z.array(z.object({ job_id: JobId, design: z.string(), skill: z.string(), run_dir: z.string() })),
  metrics: z.array(ComparedMetric),
  breaches: z.array(ThresholdBreach),
  /** with one of these the comparison has failed, whatever the others say */
  missing: z.array(MissingColumn).default([]),
  warnings: z.array(z.string()),
});
export type Comparison = z.infer<typeof Comparison>;
