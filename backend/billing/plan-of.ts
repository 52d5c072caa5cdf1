// The plan that an account is on, as the database has it: processes with other versions of the table agree.
import type { Queryable } from '../db/index.ts';
import { PlanTerms } from './plans.ts';
import { termsOfAccount } from './repository/plans.ts';

/** null for an account without a plan: the local one. The newest version of its plan is in force. */
export async function planOf(tx: Queryable, account: string): Promise<PlanTerms | null> {
  const terms = await termsOfAccount(tx, account);
  return terms === null ? null : PlanTerms.parse(terms);
}
