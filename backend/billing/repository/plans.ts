// SQL of the plans that accounts are on.
import type { Queryable } from '../../db/index.ts';

export async function termsOfAccount(tx: Queryable, account: string): Promise<unknown> {
  const { rows } = await tx.query<{ terms: unknown }>(
    `SELECT p.terms FROM billing_accounts b JOIN plan_versions p USING (plan_id) WHERE b.account_id = $1
     ORDER BY p.version DESC LIMIT 1`,
    [account],
  );
  return rows[0]?.terms ?? null;
}
