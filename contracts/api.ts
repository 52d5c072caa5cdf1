// The backend's HTTP API: request and response shapes. Paths stand in API_ROUTES; bulk goes as blobs named by sha256.
import { z } from 'zod';
import { CbbListing, Delivery, Quote, Receipt } from './cbb.ts';
import { Diagnostic } from './diagnostic.ts';
import { ErrorBody } from './errors.ts';
import { Plan, Requirement } from './plan.ts';
import { CbbId, Instant, JobId, Semver, Sha256, StepId } from './primitives.ts';
import { UsdString } from './money.ts';

/**
 * Every durable request carries this header; its value is sha256(job_id|step_id|attempt) for jobs,
 * sha256(job_id|cbb_id|version|workspace_id) for checkout.
 */
export const IDEMPOTENCY_HEADER = 'Idempotency-Key';

export const API_ROUTES = {
  health: '/v1/health',
  blobs: '/v1/blobs/:sha256',
  jobs: '/v1/jobs',
  job: '/v1/jobs/:run_id',
  jobEvents: '/v1/jobs/:run_id/events',
  jobCancel: '/v1/jobs/:run_id/cancel',
  budget: '/v1/budgets/:job_id',
  models: '/v1/models',
  cbbSearch: '/v1/cbb',
  cbbListing: '/v1/cbb/:cbb_id/:version',
  cbbResolve: '/v1/cbb/resolve',
  cbbCheckout: '/v1/cbb/checkout',
  cbbDeliver: '/v1/cbb/deliver',
  cbbReport: '/v1/cbb/report',
  cbbPublish: '/v1/cbb/publish',
  download: '/v1/downloads/:token',
  usage: '/v1/usage',
  lease: '/v1/embedded/lease',
} as const;

export const FileRef = z.object({ path: z.string(), sha256: Sha256 });
export type FileRef = z.infer<typeof FileRef>;

/** Part of keys and indexes, so bounded. */
const WorkspaceId = z.string().max(256);

const JobCommon = {
  job_id: JobId,
  step_id: StepId,
  attempt: z.number().int().positive(),
  workspace_id: WorkspaceId,
  /** model id `<provider>/<name>`, or null for the router's choice */
  model: z.string().nullable(),
  /** the job's hard cap; taken when the job is first seen, raised only through PUT /v1/budgets/:job_id */
  cap_usd: UsdString,
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

export const JobRequest = z.discriminatedUnion('kind', [PlanRequest, ImplementRequest, RepairRequest, DesignRequest]);
export type JobRequest = z.infer<typeof JobRequest>;

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
});
export type ModelUsage = z.infer<typeof ModelUsage>;

export const JobOutput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('plan'), plan: Plan }),
  z.object({ kind: z.literal('implement'), patch: z.string() }),
  z.object({ kind: z.literal('repair'), patch: z.string() }),
  z.object({
    kind: z.literal('design'),
    plan: Plan,
    quotes: z.array(z.object({ requirement_id: z.string(), quote: Quote })),
    patch: z.string(),
  }),
]);
export type JobOutput = z.infer<typeof JobOutput>;

export const RunStatus = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);
export const RunView = z.object({
  run_id: z.string(),
  kind: z.enum(['plan', 'implement', 'repair', 'design']),
  status: RunStatus,
  phase: z.string(),
  output: JobOutput.nullable(),
  error: ErrorBody.nullable(),
  usage: z.array(ModelUsage),
  cost_usd: UsdString,
  created_at: Instant,
  finished_at: Instant.nullable(),
});
export type RunView = z.infer<typeof RunView>;

export const BudgetView = z.object({
  job_id: z.string(),
  cap_usd: UsdString,
  spent_usd: UsdString,
  held_usd: UsdString,
});
export type BudgetView = z.infer<typeof BudgetView>;
/** Idempotent: sets the cap; a cap below what is spent and held is refused. */
export const BudgetRaise = z.object({ cap_usd: UsdString });

export const ModelView = z.object({
  id: z.string(),
  provider: z.enum(['openai', 'anthropic', 'compatible', 'builtin']),
  priced: z.boolean(),
  /** micro-dollar prices per million tokens as decimal dollars */
  input_usd_per_mtok: UsdString.nullable(),
  output_usd_per_mtok: UsdString.nullable(),
  default_for: z.array(z.enum(['plan', 'implement', 'repair'])),
});
export type ModelView = z.infer<typeof ModelView>;

export const ResolveRequest = z.object({ workspace_id: z.string(), requirements: z.array(Requirement) });
export const Resolution = z.object({
  requirement_id: z.string(),
  status: z.enum(['found', 'ambiguous', 'not_found']),
  quote: Quote.nullable(),
  candidates: z.array(z.object({ cbb_id: CbbId, version: Semver, title: z.string() })),
});
export type Resolution = z.infer<typeof Resolution>;
export const ResolveResponse = z.object({ resolutions: z.array(Resolution) });

/** Binds to a priced quote: another price answers CBB_PRICE_CHANGED and charges nothing. */
export const CheckoutRequest = z.object({
  job_id: JobId.nullable(),
  step_id: z.string().max(64).nullable(),
  workspace_id: WorkspaceId,
  cbb_id: CbbId,
  version: Semver,
  price_usd: UsdString,
  /** needed when job_id is given and the job is not yet known to the server */
  cap_usd: UsdString.nullable(),
});
export const CheckoutResponse = z.object({ receipt: Receipt });
export const DeliverRequest = z.object({ receipt_ids: z.array(z.string()).min(1).max(500) });
export const DeliverResponse = z.object({ deliveries: z.array(Delivery) });
export const SearchResponse = z.object({ listings: z.array(CbbListing) });
export const CbbReport = z.object({
  cbb_id: CbbId,
  version: Semver,
  message: z.string().max(4000),
  evidence: Sha256.nullable(),
});

/**
 * The archive is a tar.gz of a package's folder, sent as a blob before. Named by its content, so asking again is always
 * safe.
 */
export const PublishRequest = z.object({ archive: Sha256 });
/**
 * `verifying`: the gate still runs; ask again with the same request. A package that the gate refuses answers
 * CBB_GATE_FAILED with `details.findings`.
 */
export const Publication = z.object({
  cbb_id: CbbId,
  version: Semver,
  status: z.enum(['verifying', 'published', 'unchanged']),
  /** the part of the gate that runs now */
  part: z.string().nullable(),
  listing: CbbListing.nullable(),
});
export type Publication = z.infer<typeof Publication>;
export const ModelsResponse = z.object({ models: z.array(ModelView) });
export const CbbReportResponse = z.object({ report_id: z.string() });
export const BlobView = z.object({ sha256: Sha256, size_bytes: z.number().int() });

export const Health = z.object({
  status: z.literal('ok'),
  version: z.string(),
  embedded: z.boolean(),
  pid: z.number().int(),
});
/**
 * POST opens or renews a lease of an embedded backend; DELETE ends it. The backend stops after the last one ended or
 * ran out.
 */
export const LeaseRequest = z.object({ lease_id: z.string(), ttl_ms: z.number().int().min(1000).max(120_000) });
export const LeaseResponse = z.object({ leases: z.number().int() });

/** A refusal of a job carries the spec's diagnostics in `details.diagnostics`. */
export const RefusalDetails = z.object({ diagnostics: z.array(Diagnostic) });
