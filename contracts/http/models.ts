// Models that the router offers.
import { z } from 'zod';
import { UsdString } from '../money.ts';

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

export const ModelsResponse = z.object({ models: z.array(ModelView) });

/** The deterministic composer: reads structured specifications only, costs nothing, writes once and never repairs. */
export const COMPOSER_MODEL = 'builtin/composer';

/** Whether a job with this model setting (null: the router's choice) can have a finding mended. */
export function canRepair(model: string | null, models: readonly ModelView[]): boolean {
  if (model !== null) return model !== COMPOSER_MODEL;
  return models.some((view) => view.provider !== 'builtin' && view.priced && view.default_for.includes('repair'));
}
