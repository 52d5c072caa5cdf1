// Every call between the page and the main process, once. Bridge, window type and handler map derive from this table.
import { z } from 'zod';
import { InstalledPackage, Quote } from './cbb.ts';
import { Diagnostic } from './diagnostic.ts';
import { EvidenceBundle } from './evidence.ts';
import { ErrorBody } from './errors.ts';
import { Gates, JobNote, JobState, JobUpdate, JobSettings } from './job.ts';
import { Lockfile, CbbListing } from './cbb.ts';
import { CodeCompletion, CodePlace, CodePosition, CodeReference, OutlineSymbol } from './language.ts';
import { BudgetView, ModelView } from './api.ts';
import { Plan } from './plan.ts';
import { UsdString } from './money.ts';
import { Identifier, CbbId, JobId, Semver, WorkspacePath } from './primitives.ts';
import { Comparison, JobManifest, LauncherId, SkillState, SkillStatus, SkillSummary, TimelineEvent } from './skills.ts';
import { SchematicGraph } from './schematic.ts';
import { TestResult, ToolInfo, ToolRunRecord, ToolVerdict } from './tools.ts';
import { UsageSummary } from './usage.ts';

const None = z.object({});
const call = <Req extends z.ZodType, Res extends z.ZodType>(request: Req, response: Res) => ({ request, response });

export const WorkspaceView = z.object({
  path: z.string(),
  name: z.string(),
  job: JobState.nullable(),
  /** a live process works on the job; false for a job whose process was killed, whatever its state says */
  working: z.boolean(),
  lockfile: Lockfile.nullable(),
});
export type WorkspaceView = z.infer<typeof WorkspaceView>;

export const FileNode = z.object({
  path: z.string(),
  name: z.string(),
  kind: z.enum(['file', 'directory']),
  locked: z.boolean(),
});
export type FileNode = z.infer<typeof FileNode>;

/**
 * One find-in-files hit: `text` is its line (cut around the hit), `start` and `end` the hit's place in `text`, from 0.
 */
export const SearchMatch = z.object({
  path: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  text: z.string(),
  start: z.number().int(),
  end: z.number().int(),
});
export type SearchMatch = z.infer<typeof SearchMatch>;

export const Draft = z.object({
  path: WorkspacePath,
  text: z.string().max(64_000_000),
  base_sha256: z.string().nullable(),
  saved_at: z.string().max(40),
});
export type Draft = z.infer<typeof Draft>;

export const FileChange = z.object({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() });
export type FileChange = z.infer<typeof FileChange>;

export const Language = z.enum(['en', 'zh-CN']);
export type Language = z.infer<typeof Language>;
export const Theme = z.enum(['dark', 'light']);
export type Theme = z.infer<typeof Theme>;

/** The person's settings; `gates` is the default that a workspace may override at the start of a job. */
export const UserSettings = z.object({
  language: Language,
  theme: Theme,
  gates: Gates,
  max_usd: z.string(),
  max_repairs: z.number().int().min(0).max(50),
  model: z.string().nullable(),
  lint_tool: z.string(),
  sim_tool: z.string(),
  /** absolute folders that are searched for tools before PATH */
  tool_folders: z.array(z.string().max(1000)).max(20),
  openai_base_url: z.url().nullable(),
  anthropic_base_url: z.url().nullable(),
  /** of the OpenAI-compatible server */
  default_model: z.string().max(200).nullable(),
  /** dollars per million tokens by model name, for models without a rate card */
  model_prices: z.record(z.string(), z.object({ input: UsdString, output: UsdString, cached: UsdString.optional() })),
  proxy: z.url().nullable(),
  /** a notification of the system when a long job ends while the window is in the background */
  notify: z.boolean(),
});
export type UserSettings = z.infer<typeof UserSettings>;

/** Keys that the person may set; they go to the secret store and never come back to the page. */
export const SECRET_NAMES = ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY'] as const;
export type SecretName = (typeof SECRET_NAMES)[number];
export const SecretsView = z.object({
  /** `memory`: this system has no key store; keys are forgotten when genRTL stops */
  keeps: z.enum(['key_store', 'memory']),
  secrets: z.array(z.object({ name: z.enum(SECRET_NAMES), from: z.enum(['environment', 'kept']).nullable() })),
});
export type SecretsView = z.infer<typeof SecretsView>;

/** A folder as the folder picker shows it; paths are absolute, on the machine where main runs. */
export const FolderView = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  folders: z.array(z.object({ name: z.string(), path: z.string(), workspace: z.boolean() })),
});
export type FolderView = z.infer<typeof FolderView>;

/** A waveform file that was found in a workspace. */
export const WaveFileInfo = z.object({ path: z.string(), size_bytes: z.number(), modified: z.string() });
export type WaveFileInfo = z.infer<typeof WaveFileInfo>;

export const WaveSignalInfo = z.object({ name: z.string(), width: z.number().int().positive(), type: z.string() });
export type WaveSignalInfo = z.infer<typeof WaveSignalInfo>;

/**
 * One signal over a window, reduced to what a row of pixels can show. Values are binary digits with x and z.
 * `ticks[i]` is where `values[i]` begins; a value of null is a stretch with more changes than pixels.
 */
export const WaveRow = z.object({
  name: z.string(),
  ticks: z.array(z.number()),
  values: z.array(z.string().nullable()),
});
export type WaveRow = z.infer<typeof WaveRow>;

/**
 * A block of a file's cumulative change; lines count from 1, a start points before its first line when there are none.
 * `returned`: rejected before, and back.
 */
export const ReviewHunk = z.object({
  id: z.string().max(64),
  old_start: z.number().int(),
  old_lines: z.number().int(),
  new_start: z.number().int(),
  new_lines: z.number().int(),
  status: z.enum(['open', 'accepted', 'returned']),
});
export type ReviewHunk = z.infer<typeof ReviewHunk>;

/** A file that a job changed; `before` is null for one that it created, `after` for one that it deleted. */
export const ReviewFile = z.object({
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** of the bytes on disk, which a decision has to name */
  sha256: z.string().nullable(),
  hunks: z.array(ReviewHunk),
});
export type ReviewFile = z.infer<typeof ReviewFile>;

/** A hunk that the person rejected: reverted on disk, and kept so that it cannot come back unnoticed. */
export const RejectedHunk = z.object({
  id: z.string(),
  job_id: z.string(),
  at: z.string(),
  path: z.string(),
  removed: z.array(z.string()),
  added: z.array(z.string()),
  /** it was the whole of a file that the job created */
  created: z.boolean(),
});
export type RejectedHunk = z.infer<typeof RejectedHunk>;

export const ReviewView = z.object({
  job_id: z.string().nullable(),
  files: z.array(ReviewFile),
  rejected: z.array(RejectedHunk),
});
export type ReviewView = z.infer<typeof ReviewView>;

/** Hunks of one file, as the page saw it. */
export const ReviewTarget = z.object({
  path: z.string(),
  sha256: z.string().nullable(),
  hunks: z.array(z.string().max(64)).min(1).max(20_000),
});
export type ReviewTarget = z.infer<typeof ReviewTarget>;

/** A skill as the catalogue shows it; one that cannot be read has diagnostics and no parameters. */
export const SkillCard = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  version: z.string().nullable(),
  host: z.string().nullable(),
  /** a database has to be restored first */
  database: z.boolean(),
  /** JSON Schema of an object */
  parameters: z.record(z.string(), z.unknown()).nullable(),
  metrics: z.array(z.string()),
  diagnostics: z.array(Diagnostic),
});
export type SkillCard = z.infer<typeof SkillCard>;

export const SkillRunView = z.object({
  job_id: z.string(),
  skill: z.string(),
  version: z.string().nullable(),
  design: z.string(),
  status: SkillStatus,
  state: SkillState,
  /** this process drives it */
  live: z.boolean(),
  error_type: z.string().nullable(),
  created_at: z.string(),
  finished_at: z.string().nullable(),
});
export type SkillRunView = z.infer<typeof SkillRunView>;

const TerminalId = z.string().max(64);
const SkillJobId = z.string().max(120);

/** Calls from the page to the main process. */
export const IPC_CALLS = {
  'app.info': call(
    None,
    z.object({
      version: z.string(),
      shell: z.enum(['electron', 'web']),
      node: z.string(),
      home: z.string(),
      locale: z.string(),
    }),
  ),
  'app.sample': call(z.object({ name: z.string() }), z.object({ workspace: z.string(), spec: z.string() })),
  'app.samples': call(
    None,
    z.object({ samples: z.array(z.object({ name: z.string(), title: z.string(), description: z.string() })) }),
  ),
  'app.recent': call(None, z.object({ workspaces: z.array(z.string()) })),
  'app.folders': call(z.object({ path: z.string().nullable() }), FolderView),
  /** the saved window layout of a workspace, opaque to main; null when there is none */
  'layout.read': call(z.object({ workspace: z.string() }), z.object({ layout: z.string().nullable() })),
  'layout.write': call(z.object({ workspace: z.string(), layout: z.string().max(1_000_000) }), None),
  'workspace.create': call(z.object({ path: z.string() }), WorkspaceView),
  'workspace.open': call(z.object({ path: z.string() }), WorkspaceView),
  'workspace.list': call(
    z.object({ workspace: z.string(), directory: z.string() }),
    z.object({ entries: z.array(FileNode) }),
  ),
  'workspace.read': call(
    z.object({ workspace: z.string(), path: z.string() }),
    z.object({ text: z.string(), sha256: z.string(), locked: z.boolean() }),
  ),
  'workspace.write': call(
    z.object({ workspace: z.string(), path: z.string(), text: z.string(), expect_sha256: z.string().nullable() }),
    z.object({ sha256: z.string() }),
  ),
  /**
   * a part of a file from `offset` on, whole characters; the further parts of a large one begin every `part_bytes` from
   * `next_offset` on. `sha256` comes with the last; a file that changed meanwhile is FILE_CHANGED
   */
  'workspace.read_part': call(
    z.object({
      workspace: z.string(),
      path: z.string(),
      offset: z.number().int().min(0),
      stamp: z.string().nullable(),
    }),
    z.object({
      text: z.string(),
      next_offset: z.number().int(),
      part_bytes: z.number().int(),
      size_bytes: z.number().int(),
      stamp: z.string(),
      locked: z.boolean(),
      sha256: z.string().nullable(),
    }),
  ),
  /** all files but those of .git, node_modules and run records, sorted */
  'workspace.files': call(
    z.object({ workspace: z.string() }),
    z.object({ files: z.array(z.string()), truncated: z.boolean() }),
  ),
  'workspace.search': call(
    z.object({
      workspace: z.string(),
      text: z.string().min(1).max(500),
      regex: z.boolean(),
      match_case: z.boolean(),
      whole_word: z.boolean(),
      include: z.string().max(200),
    }),
    z.object({ matches: z.array(SearchMatch), files: z.number().int(), truncated: z.boolean() }),
  ),
  'workspace.make': call(
    z.object({ workspace: z.string(), path: WorkspacePath, kind: z.enum(['file', 'directory']) }),
    None,
  ),
  'workspace.rename': call(z.object({ workspace: z.string(), from: WorkspacePath, to: WorkspacePath }), None),
  /** to the system's trash, never for good */
  'workspace.trash': call(z.object({ workspace: z.string(), path: WorkspacePath }), None),
  /**
   * unsaved work of this workspace, kept by main so that a crash of page or host loses nothing; `base_sha256` is the
   * disk's text that it was typed over
   */
  'drafts.list': call(z.object({ workspace: z.string() }), z.object({ drafts: z.array(Draft) })),
  'drafts.write': call(z.object({ workspace: z.string(), draft: Draft }), None),
  'drafts.drop': call(z.object({ workspace: z.string(), path: WorkspacePath }), None),
  /** what would be read from a file; nothing is written */
  'spec.preview': call(
    z.object({ name: z.string(), bytes_base64: z.string() }),
    z.object({ markdown: z.string(), structured: z.boolean(), diagnostics: z.array(Diagnostic) }),
  ),
  'spec.import': call(
    z.object({ workspace: z.string(), name: z.string(), bytes_base64: z.string() }),
    z.object({ path: z.string(), markdown: z.string(), structured: z.boolean(), diagnostics: z.array(Diagnostic) }),
  ),
  'job.start': call(z.object({ workspace: z.string(), settings: JobSettings }), z.object({ job_id: z.string() })),
  'job.resume': call(
    z.object({ workspace: z.string(), approve: z.boolean(), max_usd: z.string().nullable() }),
    z.object({ job_id: z.string() }),
  ),
  'job.cancel': call(z.object({ workspace: z.string() }), None),
  /** runs a step anew and goes on from there; every limit but the cap counts from zero */
  'job.retry': call(
    z.object({ workspace: z.string(), step_id: z.string(), note: z.string().max(4000).nullable() }),
    z.object({ job_id: z.string() }),
  ),
  /** has one finding mended, in its own file only, then checked like any other patch */
  'job.fix': call(z.object({ workspace: z.string(), finding: Diagnostic }), z.object({ job_id: z.string() })),
  /** changes the plan while it waits at its gate; throws PLAN_INVALID with `details.problems` */
  'job.editPlan': call(
    z.object({ workspace: z.string(), plan: Plan }),
    z.object({ plan: Plan, contradictions: z.array(z.string()) }),
  ),
  'job.notes': call(z.object({ workspace: z.string() }), z.object({ notes: z.array(JobNote) })),
  'job.addNote': call(
    z.object({ workspace: z.string(), text: z.string().trim().min(1).max(4000) }),
    z.object({ notes: z.array(JobNote) }),
  ),
  /** `force` overwrites files that were edited since; without it those throw FILE_CHANGED with `details.files` */
  'job.undo': call(
    z.object({ workspace: z.string(), force: z.boolean().optional() }),
    z.object({ restored: z.array(z.string()) }),
  ),
  'job.plan': call(z.object({ workspace: z.string() }), z.object({ plan: Plan.nullable(), quotes: z.array(Quote) })),
  'job.changes': call(z.object({ workspace: z.string() }), z.object({ changes: z.array(FileChange) })),
  'job.log': call(
    z.object({
      workspace: z.string(),
      step_id: z.string(),
      stream: z.enum(['stdout', 'stderr']),
      offset: z.number().int(),
    }),
    z.object({ text: z.string(), next_offset: z.number().int(), size_bytes: z.number().int() }),
  ),
  /** all that a tool step left behind; null where a file was not written */
  'job.run': call(
    z.object({ workspace: z.string(), step_id: z.string() }),
    z.object({
      record: ToolRunRecord.nullable(),
      diagnostics: z.array(Diagnostic),
      evidence: EvidenceBundle.nullable(),
      patch: z.string().nullable(),
    }),
  ),
  'waves.files': call(z.object({ workspace: z.string() }), z.object({ files: z.array(WaveFileInfo) })),
  /** opens and indexes a VCD or FST; ticks count in `tick` (value and unit) */
  'waves.open': call(
    z.object({ workspace: z.string(), path: z.string() }),
    z.object({
      signals: z.array(WaveSignalInfo),
      tick: z.object({ factor: z.number(), unit: z.string() }),
      start: z.number(),
      end: z.number(),
    }),
  ),
  'waves.window': call(
    z.object({
      workspace: z.string(),
      path: z.string(),
      signals: z.array(z.string()).max(500),
      from: z.number(),
      to: z.number(),
      pixels: z.number().int().min(1).max(10_000),
    }),
    z.object({ rows: z.array(WaveRow) }),
  ),
  /** the time of the next (or previous) change of a signal, null when there is none */
  'waves.edge': call(
    z.object({
      workspace: z.string(),
      path: z.string(),
      signal: z.string(),
      from: z.number(),
      direction: z.enum(['next', 'previous']),
    }),
    z.object({ tick: z.number().nullable() }),
  ),
  /** one run of a tool over the workspace's sources, without a job; its files lie in .genRTL/build/last_run */
  'tools.run': call(
    z.object({ workspace: z.string(), tool: z.string(), action: z.enum(['lint', 'simulate']), waves: z.boolean() }),
    z.object({
      passed: z.boolean(),
      verdict: ToolVerdict,
      diagnostics: z.array(Diagnostic),
      tests: z.array(TestResult),
      waves: z.string().nullable(),
    }),
  ),
  'terminal.open': call(
    z.object({
      workspace: z.string(),
      columns: z.number().int().min(2).max(1000),
      rows: z.number().int().min(1).max(500),
    }),
    z.object({ terminal_id: TerminalId, title: z.string() }),
  ),
  'terminal.list': call(
    z.object({ workspace: z.string() }),
    z.object({ terminals: z.array(z.object({ terminal_id: TerminalId, title: z.string() })) }),
  ),
  /** what the terminal printed last, for a page that was reloaded; counts as acknowledged */
  'terminal.attach': call(z.object({ terminal_id: TerminalId }), z.object({ text: z.string() })),
  'terminal.write': call(z.object({ terminal_id: TerminalId, data: z.string().max(1_000_000) }), None),
  'terminal.resize': call(
    z.object({
      terminal_id: TerminalId,
      columns: z.number().int().min(2).max(1000),
      rows: z.number().int().min(1).max(500),
    }),
    None,
  ),
  /** characters that the page has drawn; without it the terminal stops reading from its program */
  'terminal.ack': call(
    z.object({ terminal_id: TerminalId, characters: z.number().int().min(0).max(100_000_000) }),
    None,
  ),
  'terminal.close': call(z.object({ terminal_id: TerminalId }), None),
  /** the job's cumulative change, hunk by hunk, with what the person decided so far */
  'review.read': call(z.object({ workspace: z.string() }), ReviewView),
  /**
   * all targets or none; throws FILE_CHANGED when a file is no longer as the page saw it, WORKSPACE_BUSY while the job
   * runs
   */
  'review.decide': call(
    z.object({
      workspace: z.string(),
      decision: z.enum(['accept', 'reject']),
      targets: z.array(ReviewTarget).min(1).max(2000),
    }),
    ReviewView,
  ),
  /** takes a rejection back: the hunk is applied again */
  'review.restore': call(z.object({ workspace: z.string(), id: z.string() }), ReviewView),
  'skills.list': call(z.object({ workspace: z.string() }), z.object({ skills: z.array(SkillCard) })),
  /** answers once the run has its directory; the rest is told by `skills.event` */
  'skills.run': call(
    z.object({
      workspace: z.string(),
      skill: z.string().max(120),
      parameters: z.record(z.string(), z.unknown()),
      database: z.string().nullable(),
      design: z.string().nullable(),
      launcher: LauncherId,
      tool: z.string().nullable(),
    }),
    z.object({ job_id: z.string() }),
  ),
  /** newest first */
  'skills.runs': call(z.object({ workspace: z.string() }), z.object({ runs: z.array(SkillRunView) })),
  /** `folder` is the run directory relative to the workspace; `files` are relative to it */
  'skills.run.read': call(
    z.object({ workspace: z.string(), job_id: SkillJobId }),
    z.object({
      run: SkillRunView,
      manifest: JobManifest,
      summary: SkillSummary.nullable(),
      timeline: z.array(TimelineEvent),
      folder: z.string(),
      files: z.array(z.object({ path: z.string(), size_bytes: z.number() })),
    }),
  ),
  /** number or path of a candidate */
  'skills.select': call(
    z.object({ workspace: z.string(), job_id: SkillJobId, candidate: z.string() }),
    z.object({ job_id: z.string() }),
  ),
  'skills.stop': call(z.object({ workspace: z.string(), job_id: SkillJobId }), None),
  /** against the first; thresholds as `wns>=0` or `cells<=+5%` */
  'skills.compare': call(
    z.object({
      workspace: z.string(),
      job_ids: z.array(SkillJobId).min(1).max(20),
      thresholds: z.array(z.string().max(120)).max(50),
    }),
    z.object({ comparison: Comparison }),
  ),
  'tools.list': call(None, z.object({ tools: z.array(ToolInfo) })),
  'models.list': call(None, z.object({ models: z.array(ModelView) })),
  'usage.read': call(
    z.object({ job_id: z.string().nullable(), from: z.string().nullable(), to: z.string().nullable() }),
    UsageSummary,
  ),
  'cbb.search': call(z.object({ query: z.string() }), z.object({ listings: z.array(CbbListing) })),
  /** the README of one version, from the installed package or else the registry; null when neither has one */
  'cbb.document': call(
    z.object({ workspace: z.string(), cbb_id: CbbId, version: Semver }),
    z.object({ readme: z.string().nullable() }),
  ),
  /** what is installed, each package checked against its recorded hashes */
  'cbb.installed': call(z.object({ workspace: z.string() }), z.object({ packages: z.array(InstalledPackage) })),
  /**
   * buys (the page has shown the price and asked) and installs a version with all that it needs; what is owned costs
   * nothing
   */
  'cbb.install': call(
    z.object({ workspace: z.string(), cbb_id: CbbId, version: Semver }),
    z.object({ installed: z.array(z.object({ cbb_id: CbbId, version: Semver })) }),
  ),
  /** puts damaged and missing packages back from their receipts */
  'cbb.restore': call(
    z.object({ workspace: z.string() }),
    z.object({ restored: z.array(z.object({ cbb_id: CbbId, version: Semver })) }),
  ),
  /** the text of an open document that differs from the disk; null: the disk's text holds again */
  'language.update': call(
    z.object({ workspace: z.string(), path: z.string(), text: z.string().max(4_000_000).nullable() }),
    None,
  ),
  'language.outline': call(
    z.object({ workspace: z.string(), path: z.string() }),
    z.object({ symbols: z.array(OutlineSymbol), folds: z.array(z.tuple([z.number().int(), z.number().int()])) }),
  ),
  'language.definition': call(CodePosition, z.object({ places: z.array(CodePlace) })),
  /** every use in the workspace, the declaration among them; `truncated` when there are more than 2,000 */
  'language.references': call(
    CodePosition,
    z.object({ name: z.string(), references: z.array(CodeReference), truncated: z.boolean() }),
  ),
  'language.hover': call(CodePosition, z.object({ code: z.string().nullable(), place: CodePlace.nullable() })),
  'language.completion': call(CodePosition, z.object({ items: z.array(CodeCompletion) })),
  /** modules, interfaces, packages and classes of the workspace by name */
  'language.symbols': call(
    z.object({ workspace: z.string(), query: z.string().max(200) }),
    z.object({ symbols: z.array(OutlineSymbol.extend({ path: z.string() })) }),
  ),
  'secrets.read': call(None, SecretsView),
  /** write-only; null forgets the key */
  'secrets.write': call(z.object({ name: z.enum(SECRET_NAMES), value: z.string().max(4096).nullable() }), SecretsView),
  /** what the ledger says of one job: its cap, what is spent and held; null before the server knows the job */
  'usage.budget': call(z.object({ job_id: JobId }), z.object({ budget: BudgetView.nullable() })),
  /**
   * elaborates a module with Yosys; a module that does not elaborate is DESIGN_FAILED with its diagnostics in the
   * details
   */
  'schematic.read': call(z.object({ workspace: z.string(), module: Identifier }), SchematicGraph),
  'settings.read': call(None, UserSettings),
  'settings.write': call(UserSettings.partial(), None),
} as const;
export type IpcCall = keyof typeof IPC_CALLS;
export type IpcRequest<C extends IpcCall> = z.infer<(typeof IPC_CALLS)[C]['request']>;
export type IpcResponse<C extends IpcCall> = z.infer<(typeof IPC_CALLS)[C]['response']>;

/** Messages from the main process to the page. */
export const IPC_PUSHES = {
  'job.update': z.object({ workspace: z.string(), update: JobUpdate }),
  /** paths are relative to the workspace; `anywhere`: others may have changed too */
  'workspace.changed': z.object({ workspace: z.string(), paths: z.array(z.string()), anywhere: z.boolean() }),
  'terminal.data': z.object({ terminal_id: z.string(), data: z.string() }),
  'terminal.exit': z.object({ terminal_id: z.string(), code: z.number().int() }),
  'skills.event': z.object({ workspace: z.string(), job_id: z.string(), state: SkillState, message: z.string() }),
  'backend.state': z.object({ state: z.enum(['starting', 'ready', 'down']), error: ErrorBody.nullable() }),
} as const;
export type IpcPush = keyof typeof IPC_PUSHES;
export type IpcPushPayload<P extends IpcPush> = z.infer<(typeof IPC_PUSHES)[P]>;

/** The answer of a call on the wire, over either transport. */
export const IpcAnswer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: ErrorBody }),
]);
export type IpcAnswer = z.infer<typeof IpcAnswer>;

/** What main implements: one function a call; a missing one does not compile. */
export type IpcHandlers = { [C in IpcCall]: (request: IpcRequest<C>) => Promise<IpcResponse<C>> };

/** What the page sees as `window.genrtl`, whichever transport carries it. */
export interface IpcBridge {
  call<C extends IpcCall>(name: C, request: IpcRequest<C>): Promise<IpcResponse<C>>;
  /** returns the function that ends the subscription */
  on<P extends IpcPush>(name: P, listener: (payload: IpcPushPayload<P>) => void): () => void;
}
