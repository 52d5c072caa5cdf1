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

export async function startsLately(pool: Queryable, account: string): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `SELECT ((SELECT count(*) FROM runs WHERE account_id = $1 AND created_at > now() - interval '1 minute')
           + (SELECT count(*) FROM flow_runs WHERE account_id = $1 AND runner = 'inline' AND created_at > now() - interval '1 minute')) AS n`,
    [account],
  );
  return rows[0]?.n ?? 0;
}
