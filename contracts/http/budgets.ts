// A job's hard cap.
import { z } from 'zod';
import { UsdString } from '../money.ts';

export const BudgetView = z.object({
  job_id: z.string(),
  cap_usd: UsdString,
  spent_usd: UsdString,
  held_usd: UsdString,
});
export type BudgetView = z.infer<typeof BudgetView>;

/** Idempotent: sets the cap; a cap below what is spent and held is refused. */
export const BudgetRaise = z.object({ cap_usd: UsdString });
