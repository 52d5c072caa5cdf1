// The plans that accounts are on: a versioned table. A change of terms is a new version; the database keeps every
// version that was in force, so that what an account was granted stays explicable.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { GenrtlError, UsdString } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';
import { keepPlanVersion } from '../ledger/repository/grants.ts';

const Amount = UsdString.refine((text) => !text.startsWith('-'), 'an amount is not negative');

export const PlanTerms = z
  .object({
    plan: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
    version: z.number().int().positive(),
    name: z.object({ en: z.string().min(1).max(60), 'zh-CN': z.string().min(1).max(60) }).strict(),
    /** a month; "0" needs no subscription */
    price_usd: Amount,
    /** Stripe's lookup key of the monthly price; null for a plan that cannot be bought */
    stripe_lookup_key: z.string().max(200).nullable(),
    /** what a period includes */
    included_usd: Amount,
    /** ids of models, `*` at the end stands for anything */
    models: z.array(z.string().min(1).max(200)).min(1),
    /** jobs that may be unfinished at once */
    unfinished_jobs: z.number().int().positive().max(10_000),
    /** requests that begin work, in a minute */
    starts_per_minute: z.number().int().positive().max(100_000),
    /** how long prepaid credit is valid */
    prepaid_valid_days: z.number().int().positive().max(3660),
    /** whether pay-as-you-go may be opened */
    on_demand: z.boolean(),
    /**
     * what happens to a call that the account can no longer pay: refused, or answered by the first of these that it can
     */
    over_quota: z.union([
      z.object({ then: z.literal('refuse') }).strict(),
      z.object({ then: z.literal('downgrade'), to: z.array(z.string().min(1).max(200)).min(1).max(10) }).strict(),
    ]),
  })
  .strict();
export type PlanTerms = z.infer<typeof PlanTerms>;

export const FREE_PLAN = 'free';

const PlanTable = z
  .array(PlanTerms)
  .min(1)
  .refine((plans) => new Set(plans.map(({ plan }) => plan)).size === plans.length, 'every plan stands once')
  .refine(
    (plans) => plans.some(({ plan, price_usd }) => plan === FREE_PLAN && Number(price_usd) === 0),
    `a plan ${FREE_PLAN} with the price 0: what accounts have without a subscription`,
  );

/** What a service begins with; GENRTL_PLANS names a file with its own. */
export const SHIPPED_PLANS: readonly PlanTerms[] = PlanTable.parse([
  {
    plan: 'free',
    version: 1,
    name: { en: 'Free', 'zh-CN': '免费版' },
    price_usd: '0',
    stripe_lookup_key: null,
    included_usd: '5.00',
    models: ['*'],
    unfinished_jobs: 8,
    starts_per_minute: 60,
    prepaid_valid_days: 365,
    on_demand: false,
    over_quota: { then: 'refuse' },
  },
  {
    plan: 'pro',
    version: 1,
    name: { en: 'Pro', 'zh-CN': '专业版' },
    price_usd: '40.00',
    stripe_lookup_key: 'genrtl_pro_monthly',
    included_usd: '40.00',
    models: ['*'],
    unfinished_jobs: 32,
    starts_per_minute: 240,
    prepaid_valid_days: 365,
    on_demand: true,
    over_quota: { then: 'refuse' },
  },
  {
    plan: 'team',
    version: 1,
    name: { en: 'Team', 'zh-CN': '团队版' },
    price_usd: '200.00',
    stripe_lookup_key: 'genrtl_team_monthly',
    included_usd: '220.00',
    models: ['*'],
    unfinished_jobs: 256,
    starts_per_minute: 1200,
    prepaid_valid_days: 365,
    on_demand: true,
    over_quota: { then: 'refuse' },
  },
]);

/** USAGE names the place of a fault. */
export async function readPlans(path: string | undefined): Promise<readonly PlanTerms[]> {
  if (path === undefined || path.trim() === '') return SHIPPED_PLANS;
  const hint = 'Correct the file that GENRTL_PLANS names; docs/billing.md tells its shape.';
  let raw: unknown;
  try {
    raw = parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new GenrtlError('USAGE', `GENRTL_PLANS: ${path} cannot be read as YAML`, { hint, cause: error });
  }
  const plans = PlanTable.safeParse((raw as { plans?: unknown } | null)?.plans);
  if (plans.success) return plans.data;
  const issue = plans.error.issues[0];
  throw new GenrtlError(
    'USAGE',
    `GENRTL_PLANS: plans.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`,
    {
      hint,
    },
  );
}

/**
 * Keeps each version. BACKEND_START_FAILED for one that is known with other terms: no account's terms change silently.
 */
export async function keepPlans(tx: Queryable, plans: readonly PlanTerms[]): Promise<void> {
  for (const terms of plans)
    if (!(await keepPlanVersion(tx, { planId: terms.plan, version: terms.version, terms })))
      throw new GenrtlError(
        'BACKEND_START_FAILED',
        `The plan ${terms.plan} is known as version ${terms.version} with other terms`,
        { hint: 'Give changed terms a higher version.' },
      );
}

/** Whether a plan's list of models holds one. */
export function includesModel(terms: PlanTerms, modelId: string): boolean {
  return terms.models.some((pattern) =>
    pattern.endsWith('*') ? modelId.startsWith(pattern.slice(0, -1)) : pattern === modelId,
  );
}
