// What an account's plan says about a call: which models it may use, how much it may begin, and which model answers
// when it can no longer pay the one that was asked. A substitution is told, in the stream, the usage and the job.
import { GenrtlError, type ModelUsage } from '@genrtl/contracts';
import { reading, type Pool } from '../db/index.ts';
import { drawable } from '../ledger/index.ts';
import type { ModelPrompt, ModelRouter, RoutedModel } from '../models/model.ts';
import { planOf } from './plan-of.ts';
import { includesModel, type PlanTerms } from './plans.ts';

/** null for an account without a plan. */
export const termsOf = async (pool: Pool, account: string): Promise<PlanTerms | null> =>
  account === 'local' ? null : reading(pool, (tx) => planOf(tx, account));

/** The account began as much as its plan allows in a minute. */
export const tooFast = (terms: PlanTerms): GenrtlError =>
  new GenrtlError('RATE_LIMITED', `The plan ${terms.plan} begins ${terms.starts_per_minute} requests a minute`, {
    details: { plan: terms.plan, starts_per_minute: terms.starts_per_minute },
  });

/** The route without models that the plan does not have. PLAN_EXCLUDES when none is left. */
export function withinPlan(terms: PlanTerms | null, models: readonly RoutedModel[]): readonly RoutedModel[] {
  if (terms === null) return models;
  const allowed = models.filter(({ id }) => includesModel(terms, id));
  if (allowed.length > 0 || models[0] === undefined) return allowed;
  throw new GenrtlError('PLAN_EXCLUDES', `The plan ${terms.plan} does not include ${models[0].id}`, {
    details: { plan: terms.plan, model: models[0].id, models: terms.models },
  });
}

/**
 * The route of a call: within the plan, and, where the plan downgrades and the account cannot pay the first model's
 * worst case, the first cheaper one that it can. The hold decides in the end: what others take meanwhile refuses the
 * call.
 */
export async function routeWithinPlan(
  pool: Pool,
  account: string,
  router: ModelRouter,
  models: readonly RoutedModel[],
  /** null: not known yet, so nothing is known of its cost */
  prompt: ModelPrompt | null,
  /** of the account, where they are known */
  known?: PlanTerms | null,
): Promise<readonly RoutedModel[]> {
  const terms = known === undefined ? await termsOf(pool, account) : known;
  const allowed = withinPlan(terms, models);
  const first = allowed[0];
  if (terms === null || terms.over_quota.then !== 'downgrade' || first === undefined || prompt === null) return allowed;
  const left = await reading(pool, (tx) => drawable(tx, account, new Date()));
  if (left === null || router.maxCost(first, prompt) <= left) return allowed;
  for (const name of terms.over_quota.to) {
    const [cheaper] = chosen(router, prompt, name);
    if (cheaper !== undefined && router.maxCost(cheaper, prompt) <= left)
      return [{ ...cheaper, insteadOf: { model: first.id, reason: 'over_quota' } }];
  }
  return allowed;
}

/** A model of the plan that is not configured here is passed over. */
function chosen(router: ModelRouter, prompt: ModelPrompt, name: string): readonly RoutedModel[] {
  try {
    return router.choose(prompt.service, name);
  } catch (error) {
    if (error instanceof GenrtlError) return [];
    throw error;
  }
}

/** The sentence that a person reads. */
export function tellSubstitution(model: string, insteadOf: NonNullable<ModelUsage['instead_of']>): string {
  return `${model} answers instead of ${insteadOf.model}: what the plan includes does not suffice for it`;
}
