// Usage as people see it: one row for each model call and each purchase.
import { z } from 'zod';
import { UsdString } from './money.ts';
import { Instant } from './primitives.ts';

/** What pays, in drawing order; people read `on_demand` as pay-as-you-go. */
export const Bucket = z.enum(['included', 'promotion', 'prepaid', 'on_demand']);
export type Bucket = z.infer<typeof Bucket>;

export const UsageRow = z.object({
  time: Instant,
  job_id: z.string().nullable(),
  step_id: z.string().nullable(),
  kind: z.enum(['model', 'cbb', 'reversal']),
  /** model id or cbb id */
  item: z.string(),
  /** cbb version or rate card version */
  version: z.string(),
  amount_usd: UsdString,
  bucket: Bucket,
  receipt_id: z.string().nullable(),
  input_tokens: z.number().int().nullable(),
  output_tokens: z.number().int().nullable(),
  cached_tokens: z.number().int().nullable(),
  cache_write_tokens: z.number().int().nullable().optional(),
  /** from the request until the first of the answer, and until its end; null where nobody measured it */
  first_token_ms: z.number().int().nullable().optional(),
  duration_ms: z.number().int().nullable().optional(),
  /** true when the provider sent no final usage and the router estimated it */
  estimated: z.boolean(),
});
export type UsageRow = z.infer<typeof UsageRow>;

/** What a job has cost so far, as the ledger has it; only the ledger adds up. */
export const JobCost = z.object({
  job_id: z.string(),
  cost_usd: UsdString,
  /** steps that something was booked for */
  steps: z.array(z.object({ step_id: z.string(), cost_usd: UsdString })),
});
export type JobCost = z.infer<typeof JobCost>;

const GrantedLeft = z.object({ left_usd: UsdString, next_end: Instant.nullable() });

export const UsageSummary = z.object({
  included: z.object({ used_usd: UsdString, limit_usd: UsdString.nullable(), renews_at: Instant.nullable() }),
  on_demand: z.object({ used_usd: UsdString, limit_usd: UsdString.nullable() }),
  /** what is left of promotions and prepaid credit, the next end first; absent where there are no plans */
  promotion: GrantedLeft.optional(),
  prepaid: GrantedLeft.optional(),
  /** true for the local ledger: entries are real, no money moves */
  local: z.boolean(),
  rows: z.array(UsageRow),
  next_cursor: z.string().nullable(),
});
export type UsageSummary = z.infer<typeof UsageSummary>;
