// Models that the router offers.
import { z } from 'zod';
import { UsdString } from '../money.ts';

/** What decides which models a client can use, and who is billed for them: names of environment variables. */
export const MODEL_VARIABLES = [
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_BASE_URL',
  'GENRTL_MODEL',
  'GENRTL_MODEL_PRICES',
  'GENRTL_MODEL_CONNECT_TIMEOUT_MS',
  'GENRTL_MODEL_FIRST_BYTE_TIMEOUT_MS',
  'GENRTL_MODEL_IDLE_TIMEOUT_MS',
  'GENRTL_MODEL_TOTAL_TIMEOUT_MS',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
] as const;

/** A client's own model settings, keys among them. The backend keeps them in memory, as long as the client's lease. */
export const ModelEnvironment = z.partialRecord(z.enum(MODEL_VARIABLES), z.string().max(65_536));
export type ModelEnvironment = z.infer<typeof ModelEnvironment>;

/** The part of an environment that decides about models. */
export function modelEnvironment(env: Readonly<Record<string, string | undefined>>): ModelEnvironment {
  return Object.fromEntries(
    MODEL_VARIABLES.flatMap((name) => {
      const value = env[name];
      return value === undefined || value === '' ? [] : [[name, value] as const];
    }),
  );
}

/** Names the lease whose model settings a request is made with. */
export const LEASE_HEADER = 'GenRTL-Lease';

/** What a model is asked for; each has a route of its own. `assist` is everything interactive. */
export const ModelService = z.enum(['plan', 'implement', 'repair', 'assist']);
export type ModelService = z.infer<typeof ModelService>;

export const ModelView = z.object({
  id: z.string(),
  provider: z.enum(['openai', 'anthropic', 'compatible', 'builtin']),
  priced: z.boolean(),
  /** micro-dollar prices per million tokens as decimal dollars */
  input_usd_per_mtok: UsdString.nullable(),
  output_usd_per_mtok: UsdString.nullable(),
  default_for: z.array(ModelService),
});
export type ModelView = z.infer<typeof ModelView>;

export const ModelsResponse = z.object({ models: z.array(ModelView) });

/** What a model server said when it was asked for its models. */
export const ModelProbe = z.object({
  server: z.enum(['openai', 'anthropic']),
  host: z.string(),
  models: z.array(z.string()),
  took_ms: z.number().int(),
});
export type ModelProbe = z.infer<typeof ModelProbe>;
