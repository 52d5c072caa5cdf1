// Durable jobs: what is asked, how a run stands, what it gives.
import { z } from 'zod';
import { Quote } from '../cbb.ts';
import { Diagnostic, ToolId } from '../diagnostic.ts';
import { ErrorBody } from '../error-body.ts';
import { UsdString } from '../money.ts';
import { Plan } from '../plan.ts';
import { CbbId, Instant, JobId, Semver, Sha256, StepId } from '../primitives.ts';
import { PatchRules } from '../project.ts';
import { LogFacts, Strength, TestResult, ToolRunRecord } from '../tools.ts';

export const FileRef = z.object({ path: z.string(), sha256: Sha256 });
export type FileRef = z.infer<typeof FileRef>;

/** Part of keys and indexes, so bounded. */
export const WorkspaceId = z.string().max(256);

const JobCommon = {
  job_id: JobId,
  step_id: StepId,
  attempt: z.number().int().positive(),
  workspace_id: WorkspaceId,
  /** model id `<provider>/<name>`, or null for the router's choice */
  model: z.string().nullable(),
  /** the job's hard cap; taken when the job is first seen, raised only through PUT /v1/budgets/:job_id */
  cap_usd: UsdString,
  /** what patches of the job may touch; missing: `src/` and `tb/` */
  rules: PatchRules.optional(),
  /** the project's AGENTS.md, as blob */
  agents: Sha256.optional(),
  /** orders the waiting jobs of one account; others are not overtaken */
  priority: z.enum(['low', 'normal', 'high']).optional(),
  /** is told when the run has ended, signed as Standard Webhooks says */
  callback_url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
};

/** What the engineer who approves the work wants heeded. */
const EngineerNotes = z.array(z.string()).optional();

export const PlanRequest = z.object({
  kind: z.literal('plan'),
  ...JobCommon,
  spec: Sha256,
  spec_name: z.string(),
  /** contradictions that the interface check found in the last plan */
  feedback: z.array(z.string()),
  /** modules of the workspace, which the plan may instantiate without planning them */
  existing: z.array(z.string().max(256)).max(20_000).optional(),
  /** the workspace's own sources, as blobs, of which the plan sees the hierarchy */
  files: z.array(FileRef).optional(),
  notes: EngineerNotes,
});

export const ImplementRequest = z.object({
  kind: z.literal('implement'),
  ...JobCommon,
  spec: Sha256,
  spec_name: z.string(),
  plan: Sha256,
  /** the workspace's own sources, as blobs */
  files: z.array(FileRef),
  cbbs: z.array(z.object({ cbb_id: CbbId, version: Semver })),
  /** why the last patch was refused, hunk by hunk; empty at first */
  feedback: z.array(z.string()),
  notes: EngineerNotes,
});

export const RepairRequest = z.object({
  kind: z.literal('repair'),
  ...JobCommon,
  spec: Sha256,
  spec_name: z.string(),
  plan: Sha256,
  files: z.array(FileRef),
  cbbs: z.array(z.object({ cbb_id: CbbId, version: Semver })),
  /** an EvidenceBundle as blob */
  evidence: Sha256,
  feedback: z.array(z.string()),
  notes: EngineerNotes,
});

export const DesignRequest = z.object({ kind: z.literal('design'), ...JobCommon, spec: Sha256, spec_name: z.string() });

/** A path of the run's own tree: relative, and never out of it. */
const TreePath = z
  .string()
  .min(1)
  .max(1024)
  .refine((path) => !/[\0\\]/.test(path) && path.split('/').every((part) => part !== '' && part !== '..'), 'leads out');

const TreeFile = FileRef.extend({ path: TreePath });

/** Lint or one simulation on the backend, in its sandbox, by the same adapters as at home. Costs nothing. */
export const CloudVerifyRequest = z.object({
  kind: z.literal('cloud-verify'),
  ...JobCommon,
  tool: ToolId,
  action: z.enum(['lint', 'simulate']),
  /** all that the run reads, as blobs under the paths that the tool sees */
  files: z.array(TreeFile).max(10_000),
  /** in compile order, among `files` */
  sources: z.array(TreePath).max(10_000),
  include_dirs: z.array(TreePath).max(1_000),
  defines: z.record(z.string().max(256), z.string().max(4096).nullable()),
  /** VHDL library by source */
  libraries: z.record(TreePath, z.string().max(256)),
  top: z.string().max(256).nullable(),
  test: z.object({ name: z.string().max(256), kind: TestResult.shape.kind }).nullable(),
  /** whether a waveform is wanted */
  waves: z.boolean(),
  /** where the tool's files lie in the tree, so that commands read as they do at home */
  run_folder: TreePath,
  timeout_ms: z.number().int().positive().max(600_000),
});
export type CloudVerifyRequest = z.infer<typeof CloudVerifyRequest>;

/** What a run of a tool gave; texts that may be long are blobs of the account. */
export const CloudVerifyOutput = z.object({
  kind: z.literal('cloud-verify'),
  record: ToolRunRecord,
  diagnostics: z.array(Diagnostic),
  tests: z.array(TestResult),
  /** all build commands succeeded and the last command was started */
  ran: z.boolean(),
  facts: LogFacts,
  stdout: Sha256,
  stderr: Sha256,
  /** VCD; null: none was wanted or written, or it was longer than a blob may be */
  waves: Sha256.nullable(),
});
export type CloudVerifyOutput = z.infer<typeof CloudVerifyOutput>;

const Name = z.string().min(1).max(256);
const Paths = z.array(TreePath).max(10_000);
const LinesOf = z.record(TreePath, z.array(z.number().int().positive()).max(1_000_000));
const Defines = z.record(z.string().max(256), z.string().max(4096).nullable());

/** How strong testbenches are, measured on the backend in its sandbox. Costs nothing. */
export const CloudStrengthRequest = z.object({
  kind: z.literal('cloud-strength'),
  ...JobCommon,
  tool: ToolId,
  /** all that the benches read, as blobs under the paths that the tool sees */
  files: z.array(TreeFile).max(10_000),
  /** the design in compile order, packages included, without benches */
  design: Paths,
  include_dirs: z.array(TreePath).max(1_000),
  defines: Defines,
  benches: z
    .array(
      z.object({
        top: Name,
        /** design and testbench in compile order */
        sources: Paths,
        include_dirs: z.array(TreePath).max(1_000),
        defines: Defines,
        /** that it has an instance of */
        modules: z.array(Name).max(20_000),
      }),
    )
    .max(200),
  /** the top first; outputs that count, or all */
  judged: z.array(z.object({ module: Name, charged: z.array(Name).max(20_000).optional() })).max(2_000),
  mutate: Paths,
  /** of a source that was there before, only these */
  mutate_lines: LinesOf,
  /** lines of mutated sources that decide no output that counts */
  unreachable: LinesOf,
  /** reasons by output */
  waived: z.record(Name, z.string().max(2000)),
  floor: z.number().min(0).max(1),
  budget_ms: z.number().int().min(0).max(300_000),
  max_mutants: z.number().int().min(0).max(1_000),
});
export type CloudStrengthRequest = z.infer<typeof CloudStrengthRequest>;

export const CloudStrengthOutput = z.object({
  kind: z.literal('cloud-strength'),
  strength: Strength,
  /** changes of the sources as they were sent that no bench noticed */
  survivors: z.array(
    z.object({
      file: TreePath,
      line: z.number().int(),
      description: z.string(),
      start: z.number().int(),
      end: z.number().int(),
      replacement: z.string(),
    }),
  ),
  confinement: ToolRunRecord.shape.confinement,
});
export type CloudStrengthOutput = z.infer<typeof CloudStrengthOutput>;

export const ModelUsage = z.object({
  model: z.string(),
  rate_card: z.string(),
  /** the whole prompt, whatever the provider's own convention: cached and cache-writing tokens included */
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  /** part of input_tokens that the provider read from its cache */
  cached_tokens: z.number().int(),
  /** part of input_tokens that the provider wrote to its cache, where it charges for that */
  cache_write_tokens: z.number().int().optional(),
  cost_usd: UsdString,
  estimated: z.boolean(),
  /** from the request until the first of the answer, thoughts included; absent when none came */
  first_token_ms: z.number().int().nonnegative().optional(),
  duration_ms: z.number().int().nonnegative().optional(),
  /** the model that was asked for, where the account's plan had another one answer */
  instead_of: z.object({ model: z.string(), reason: z.enum(['over_quota']) }).optional(),
});
export type ModelUsage = z.infer<typeof ModelUsage>;

/**
 * Every kind of durable job: what it is asked with and what it gives. The one list; its flow stands in `backend/flows`.
 */
export const JOB_KINDS = {
  plan: { request: PlanRequest, output: z.object({ kind: z.literal('plan'), plan: Plan }) },
  implement: { request: ImplementRequest, output: z.object({ kind: z.literal('implement'), patch: z.string() }) },
  repair: { request: RepairRequest, output: z.object({ kind: z.literal('repair'), patch: z.string() }) },
  design: {
    request: DesignRequest,
    output: z.object({
      kind: z.literal('design'),
      plan: Plan,
      quotes: z.array(z.object({ requirement_id: z.string(), quote: Quote })),
      patch: z.string(),
    }),
  },
  'cloud-verify': { request: CloudVerifyRequest, output: CloudVerifyOutput },
  'cloud-strength': { request: CloudStrengthRequest, output: CloudStrengthOutput },
};
export type JobKind = keyof typeof JOB_KINDS;
export type JobRequestOf<K extends JobKind> = z.infer<(typeof JOB_KINDS)[K]['request']>;
export type JobOutputOf<K extends JobKind> = z.infer<(typeof JOB_KINDS)[K]['output']>;

type Shapes = (typeof JOB_KINDS)[JobKind];
const shapes = Object.values(JOB_KINDS) as [Shapes, ...Shapes[]];
type Requests = [Shapes['request'], ...Shapes['request'][]];
type Outputs = [Shapes['output'], ...Shapes['output'][]];
export const JobRequest = z.discriminatedUnion('kind', shapes.map((kind) => kind.request) as Requests);
export type JobRequest = JobRequestOf<JobKind>;
export const JobOutput = z.discriminatedUnion('kind', shapes.map((kind) => kind.output) as Outputs);
export type JobOutput = JobOutputOf<JobKind>;
export const JobKind = z.enum(Object.keys(JOB_KINDS) as [JobKind, ...JobKind[]]);

/** Every blob that a request refers to, by the shapes of its fields: `Sha256` and lists of `FileRef`. */
export function blobsOf(request: JobRequest): string[] {
  const fields = request as Readonly<Record<string, unknown>>;
  const hashes = Object.entries<z.ZodType>(JOB_KINDS[request.kind].request.shape).flatMap(([name, schema]) => {
    const shape = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
    if (fields[name] === undefined) return [];
    if (shape === Sha256) return [fields[name] as string];
    const listed = shape instanceof z.ZodArray && (shape.element === FileRef || shape.element === TreeFile);
    return listed ? (fields[name] as FileRef[]).map((file) => file.sha256) : [];
  });
  return [...new Set(hashes)];
}

export const RunStatus = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);

/** Why a run does not go on by itself. */
export const WaitReason = z.object({
  /**
   * `worker`: a free place on the server; `user_limit`, `account_limit`, `plan_limit`: an end of other jobs of the
   * person, the account, or all accounts of the plan; `model`: the next try of a model; `client`: the program whose
   * models answer
   */
  for: z.enum(['worker', 'user_limit', 'account_limit', 'plan_limit', 'model', 'client']),
  /** how many may run at once */
  limit: z.number().int().optional(),
  /** when it goes on, where that is known */
  until: Instant.optional(),
});
export type WaitReason = z.infer<typeof WaitReason>;
export const Waiting = WaitReason.extend({ since: Instant });
export type Waiting = z.infer<typeof Waiting>;

export const RunView = z.object({
  run_id: z.string(),
  kind: JobKind,
  status: RunStatus,
  phase: z.string(),
  /** null while it works, and when it has ended */
  waiting: Waiting.nullable().optional(),
  output: JobOutput.nullable(),
  error: ErrorBody.nullable(),
  usage: z.array(ModelUsage),
  cost_usd: UsdString,
  created_at: Instant,
  finished_at: Instant.nullable(),
});
export type RunView = z.infer<typeof RunView>;

/** A refusal of a job carries the spec's diagnostics in `details.diagnostics`. */
export const RefusalDetails = z.object({ diagnostics: z.array(Diagnostic) });
