// The configuration of interactive runs: limits, budgets, render modes and routes, as a YAML file.
import { z } from 'zod';
import { AI_ENDPOINTS, AiIntent, intentSpec, ModelService, RenderMode, type Diagnostic } from '@genrtl/contracts';
import type { AiRequest } from '@genrtl/contracts/http/ai.ts';
import { readYaml } from '@genrtl/core/project/read-project.ts';

/** `80k`, `16000`: characters of the context. */
const LENGTH = /^(<=|>=|<|>)\s*(\d{1,9})(k?)$/;

const tokens = z.number().int().positive();
const Limits = z.strictObject({
  max_input_tokens: z.union([z.literal('auto'), tokens]).default('auto'),
  budget_usd: z.number().nonnegative().max(1_000_000).optional(),
});
const Rule = z.strictObject({
  when: z.strictObject({
    intent: AiIntent.optional(),
    length: z.string().regex(LENGTH, 'a comparison such as “>=80k” or “<16000”').optional(),
  }),
  use: z.strictObject({
    model: z.string().max(300).optional(),
    strategy: z.enum(['DIRECT', 'LCG', 'auto']).default('auto'),
  }),
});

const sizeOrAuto = z.union([z.literal('auto'), tokens]);
const LongContexts = z.strictObject({
  chunking: z
    .strictObject({
      strategy: z.string().max(100).optional(),
      max_chunk_tokens: sizeOrAuto.optional(),
      overlap_ratio: z.number().min(0).max(0.5).optional(),
    })
    .optional(),
  map: z.strictObject({ concurrency: z.number().int().min(1).max(64).optional() }).optional(),
  reduce: z.strictObject({ aggregator: z.enum(['concat', 'summarize', 'outline']).optional() }).optional(),
});

/** By id; of what an account gets always the same. */
const Weights = z.record(z.string().max(100), z.number().nonnegative().max(1_000_000));
const Rate = z.strictObject({ burst: z.number().int().positive(), per_minute: z.number().positive() });

export const AiConfig = z
  .strictObject({
    version: z.literal(1),
    models: z
      .array(
        z.strictObject({
          name: z.string().max(300),
          provider: z.string().max(100).optional(),
          max_model_tokens: tokens.optional(),
          reserved_output_tokens: tokens.optional(),
          /** taken from files of other servers; prices here are those of the rate cards */
          cost: z
            .strictObject({ input_per_1k: z.number().nonnegative(), output_per_1k: z.number().nonnegative() })
            .optional(),
        }),
      )
      .default([]),
    limits: z.partialRecord(z.union([z.literal('default'), AiIntent]), Limits).default({}),
    lcg: LongContexts.optional(),
    rendering: z.strictObject({ defaults: z.record(z.string(), RenderMode).default({}) }).default({ defaults: {} }),
    /** which versions of a flow, and which of its templates, answer what part of the accounts */
    shares: z
      .partialRecord(AiIntent, z.strictObject({ flows: Weights.optional(), templates: Weights.optional() }))
      .default({}),
    /** what runs of this process do beside answering */
    features: z
      .strictObject({
        /** the same question may get the same answer for a while */
        response_cache: z.boolean().default(true),
        /** other models answer when the first one does not */
        fallbacks: z.boolean().default(true),
        /** inputs and outputs of all steps are kept, whatever the flow says: for finding faults */
        payloads: z.boolean().default(false),
      })
      .prefault({}),
    /** how often runs may begin */
    rates: z.strictObject({ user: Rate.optional(), address: Rate.optional(), project: Rate.optional() }).default({}),
    /** by kind of work: models in the order in which they are asked */
    routes: z.partialRecord(ModelService, z.array(z.string().min(1).max(300)).min(1).max(10)).default({}),
    routing: z.strictObject({ rules: z.array(Rule).max(200).default([]) }).default({ rules: [] }),
  })
  .superRefine(({ rendering }, context) => {
    for (const [path, mode] of Object.entries(rendering.defaults)) {
      const endpoint = Object.values(AI_ENDPOINTS).find((each) => each.path === path);
      const place = ['rendering', 'defaults', path];
      if (endpoint === undefined) context.addIssue({ code: 'custom', path: place, message: 'no such path' });
      else if (!intentSpec(endpoint.intents[0]).renderModes.includes(mode) || (endpoint.renderMode ?? mode) !== mode)
        context.addIssue({ code: 'custom', path: place, message: `${path} cannot answer as ${mode}` });
    }
  });
export type AiConfig = z.infer<typeof AiConfig>;

export const NO_CONFIG: AiConfig = AiConfig.parse({ version: 1 });

/** The configuration, or what is wrong with it, with line and column. */
export function readAiConfig(text: string, file: string): AiConfig | readonly Diagnostic[] {
  const read = readYaml(text, file, AiConfig, 'CONFIG_INVALID');
  return read.ok ? read.value : read.diagnostics;
}

/** What stands in the file and is not heeded, for its author. */
export function unheeded(config: AiConfig): string[] {
  return [
    ...(config.lcg?.reduce?.aggregator === undefined && config.lcg?.chunking?.strategy === undefined
      ? []
      : ['lcg: how documents are divided and brought together follows from what they are and what is asked']),
    ...config.models.flatMap(({ name, cost }) =>
      cost === undefined ? [] : [`models: the cost of ${name} is that of its rate card`],
    ),
  ];
}

/** What the first rule that fits says. */
export function routeOf(
  config: AiConfig,
  request: AiRequest,
  chars: number,
): { readonly model: string | null; readonly strategy: 'DIRECT' | 'LCG' | 'auto' } {
  const rule = config.routing.rules.find(
    ({ when }) =>
      (when.intent === undefined || when.intent === request.intent) &&
      (when.length === undefined || hasLength(when.length, chars)),
  );
  return { model: rule?.use.model ?? null, strategy: rule?.use.strategy ?? 'auto' };
}

function hasLength(condition: string, chars: number): boolean {
  const [, comparison, digits, kilo] = LENGTH.exec(condition) ?? [];
  const limit = Number(digits) * (kilo === 'k' ? 1_000 : 1);
  switch (comparison) {
    case '<':
      return chars < limit;
    case '<=':
      return chars <= limit;
    case '>':
      return chars > limit;
    default:
      return chars >= limit;
  }
}

export interface ConfiguredLimits {
  readonly maxInputTokens: number;
  readonly maxModelTokens: number;
  readonly reservedOutputTokens: number;
  /** null: none */
  readonly budgetMicro: number | null;
}

/** What the configuration says of an intent and a model; what it does not say is Infinity. */
export function limitsFor(config: AiConfig, intent: AiIntent, modelId: string): ConfiguredLimits {
  const own = config.limits[intent];
  const general = config.limits.default;
  const model = config.models.find(({ name }) => modelId === name || modelId.endsWith(`/${name}`));
  const input = own?.max_input_tokens ?? general?.max_input_tokens ?? 'auto';
  const budget = own?.budget_usd ?? general?.budget_usd ?? null;
  return {
    maxInputTokens: input === 'auto' ? Infinity : input,
    maxModelTokens: model?.max_model_tokens ?? Infinity,
    reservedOutputTokens: model?.reserved_output_tokens ?? Infinity,
    budgetMicro: budget === null ? null : Math.round(budget * 1_000_000),
  };
}
