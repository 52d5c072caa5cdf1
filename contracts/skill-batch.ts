// Batches of skill jobs, and what is compared between their results.
import { z } from 'zod';
import { Instant, JobId } from './primitives.ts';
import { Better } from './skill-contract.ts';
import { SkillErrorType } from './skill-failures.ts';

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
