// The run directory of a skill job; docs/skills/protocols.md tells who writes which file when. Every schema carries a
// version; a reader accepts every version up to its own.
import { z } from 'zod';
import { Instant, JobId, Semver, Sha256 } from './primitives.ts';
import { AllowedLogLine, Better, DbForm, LauncherId, Seconds, SkillHost, SkillName } from './skill-contract.ts';
import { SkillErrorType } from './skill-failures.ts';

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
