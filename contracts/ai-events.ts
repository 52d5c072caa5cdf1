// Events of the AI module over SSE. `seq` is the SSE id, `event` the type; a client resumes with
// Last-Event-ID. Fields are camelCase but for the three counts of `usage`.
import { z } from 'zod';
import { RenderMode } from './ai-intents.ts';
import { ErrorBody } from './error-body.ts';
import { UsdString } from './money.ts';

const base = { seq: z.number().int().positive(), runId: z.string() };
const count = z.number().int().nonnegative();

/** What a patch replaces: the selection of the request, never the present one. */
export const PatchTarget = z.object({
  type: z.literal('selectionRef'),
  ref: z.object({
    docId: z.string().optional(),
    snapshotHash: z.string().optional(),
    snapshot: z.string().optional(),
    blockIds: z.array(z.string()).optional(),
  }),
});

export const AiStep = z.discriminatedUnion('phase', [
  z.object({
    ...base,
    type: z.literal('step'),
    phase: z.literal('start'),
    name: z.string(),
    renderMode: RenderMode,
    /** the request's `doc.version`; null when it named none */
    docVersion: z.number().int().nullable(),
    attempt: z.number().int().positive(),
    /** what came under this attempt is to be taken back */
    replaces: z.number().int().positive().optional(),
    /** `<provider>/<name>` */
    model: z.string(),
    /** `<flow>@<version>` */
    flow: z.string(),
    /** what the server cut from the context to fit the model */
    truncated: z.boolean().optional(),
  }),
  z.object({ ...base, type: z.literal('step'), phase: z.literal('progress'), name: z.string() }),
  z.object({ ...base, type: z.literal('step'), phase: z.literal('end'), name: z.string() }),
]);

export const AiUsage = z.object({
  model: z.string(),
  input_tokens: count,
  output_tokens: count,
  cost_usd: UsdString,
  /** counted here, because the model's server reported none */
  estimated: z.boolean().optional(),
  /** answered from the response cache, for nothing */
  cached: z.boolean().optional(),
  /** the model that was asked for, where the account's plan had another one answer */
  instead_of: z.object({ model: z.string(), reason: z.enum(['over_quota']) }).optional(),
});
export type AiUsage = z.infer<typeof AiUsage>;

export const AiEvent = z.union([
  AiStep,
  z.discriminatedUnion('type', [
    /** only under `streaming-text` */
    z.object({ ...base, type: z.literal('token'), text: z.string() }),
    /** only under `atomic-patch`, exactly one in a run that succeeds */
    z.object({
      ...base,
      type: z.literal('patch'),
      op: z.literal('replace_text'),
      target: PatchTarget,
      text: z.string(),
    }),
    z.object({
      ...base,
      type: z.literal('plan'),
      chunks: z.array(
        z.object({
          id: z.string(),
          /** first and last block, `b1..b3` */
          range: z.string(),
          tokens: count,
          /** first and last line in the document, counted from 1 */
          lines: z.object({ start: count, end: count }).optional(),
        }),
      ),
      strategy: z.string(),
      model: z.string(),
      /** what is going to be asked, about */
      inputTokens: count.optional(),
      costUsd: UsdString.optional(),
      /** chunks whose answers are known from before */
      reused: count.optional(),
      concurrency: count.optional(),
      /** share of the boundaries between chunks that lie inside a block */
      boundaryErrorRate: z.number().min(0).max(1).optional(),
    }),
    z.object({ ...base, type: z.literal('map:start'), chunkId: z.string() }),
    z.object({ ...base, type: z.literal('map:token'), chunkId: z.string(), text: z.string() }),
    z.object({ ...base, type: z.literal('map:end'), chunkId: z.string(), summary: z.string() }),
    z.object({ ...base, type: z.literal('reduce:start') }),
    /** the visible text of a long context under `streaming-text`, in the place of `token` */
    z.object({ ...base, type: z.literal('reduce:token'), text: z.string() }),
    z.object({ ...base, type: z.literal('reduce:end'), text: z.string() }),
    z.object({ ...base, type: z.literal('artifact'), kind: z.string(), name: z.string(), value: z.unknown() }),
    z.object({ ...base, type: z.literal('usage'), ...AiUsage.shape }),
    /** the last event, but for BUDGET_EXCEEDED, which `final` follows */
    z.object({ ...base, type: z.literal('error'), ...ErrorBody.shape }),
    z.object({ ...base, type: z.literal('final'), status: z.enum(['succeeded', 'cancelled']) }),
  ]),
]);
export type AiEvent = z.infer<typeof AiEvent>;
export type AiEventOf<T extends AiEvent['type']> = Extract<AiEvent, { type: T }>;
