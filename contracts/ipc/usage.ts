// Calls of the page: what the ledger says.
import { z } from 'zod';
import { BillingView, OnDemandConsent } from '../http/billing.ts';
import { BudgetView } from '../http/budgets.ts';
import { JobId } from '../primitives.ts';
import { UsageSummary } from '../usage.ts';
import { call } from './call.ts';

export const USAGE_CALLS = {
  'usage.read': call(
    z.object({ job_id: z.string().nullable(), from: z.string().nullable(), to: z.string().nullable() }),
    UsageSummary,
  ),
  /** plan, grants and pay-as-you-go; null where there are no plans */
  'usage.billing': call(z.object({}), z.object({ billing: BillingView.nullable() })),
  /** agrees to pay-as-you-go until the period ends */
  'usage.consent': call(z.object({}), OnDemandConsent),
  /** what the ledger says of one job: its cap, what is spent and held; null before the server knows the job */
  'usage.budget': call(z.object({ job_id: JobId }), z.object({ budget: BudgetView.nullable() })),
} as const;
