// What the built-in composer is to everybody else. Free of zod, so that the page can load it.
import type { ModelView } from './http/models.ts';

/** The deterministic composer: reads structured specifications only, costs nothing, writes once and never repairs. */
export const COMPOSER_MODEL = 'builtin/composer';

/** Whether a job with this model setting (null: the router's choice) can have a finding mended. */
export function canRepair(model: string | null, models: readonly ModelView[]): boolean {
  if (model !== null) return model !== COMPOSER_MODEL;
  return models.some((view) => view.provider !== 'builtin' && view.priced && view.default_for.includes('repair'));
}
