// SQL of usage that is reported to Stripe.
import type { Queryable } from '../../db/index.ts';

export interface ExportRow {
  readonly entry_id: string;
  readonly customer_id: string;
  readonly value_micro: number;
  readonly occurred_at: Date;
  readonly first_tried_at: Date;
}

/**
 * Takes what waits, and what a process claimed that did not end it in time. The first try is recorded with the claim,
 * before anything is sent.
 */
export async function claimExports(tx: Queryable, now: Date, limit: number): Promise<ExportRow[]> {
  const { rows } = await tx.query<ExportRow>(
    `UPDATE usage_exports x SET state = 'trying', first_tried_at = coalesce(first_tried_at, $1),
       claimed_until = $1::timestamptz + interval '1 minute'
     FROM billing_accounts b
     WHERE b.account_id = x.account_id AND b.customer_id IS NOT NULL AND x.entry_id IN (
       SELECT entry_id FROM usage_exports JOIN billing_accounts USING (account_id)
       WHERE customer_id IS NOT NULL AND (state = 'waiting' OR (state = 'trying' AND claimed_until < $1))
       ORDER BY occurred_at LIMIT $2 FOR UPDATE OF usage_exports SKIP LOCKED)
     RETURNING x.entry_id, b.customer_id, x.value_micro, x.occurred_at, x.first_tried_at`,
    [now, limit],
  );
  return rows;
}

/** False for one that was ended before. */
export async function endExport(
  tx: Queryable,
  entryId: string,
  state: 'sent' | 'unclear',
  error: string | null,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE usage_exports SET state = $2, claimed_until = NULL, error = $3 WHERE entry_id = $1 AND state = 'trying'`,
    [entryId, state, error],
  );
  return rowCount === 1;
}

export async function postponeExport(tx: Queryable, entryId: string, until: Date, error: string): Promise<void> {
  await tx.query(`UPDATE usage_exports SET claimed_until = $2, error = $3 WHERE entry_id = $1 AND state = 'trying'`, [
    entryId,
    until,
    error.slice(0, 500),
  ]);
}
