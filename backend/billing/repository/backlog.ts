// SQL of what payment and deletion still owe: for metrics, so asked at every scrape and answered from partial indexes.
import type { Queryable } from '../../db/index.ts';

export interface Backlog {
  readonly what: 'stripe_event' | 'usage_export' | 'deletion';
  readonly items: number;
  /** since when the oldest one could have been done */
  readonly oldestSeconds: number;
}

/** Usage of accounts that Stripe does not know is no backlog: nobody bills it. */
export async function backlog(tx: Queryable): Promise<Backlog[]> {
  const { rows } = await tx.query<Backlog>(
    `SELECT what, count(since)::int AS items, coalesce(extract(epoch FROM now() - min(since)), 0)::float8 AS "oldestSeconds"
     FROM (
       SELECT 'stripe_event' AS what, received_at AS since FROM stripe_events WHERE handled_at IS NULL
       UNION ALL SELECT 'usage_export', occurred_at FROM usage_exports JOIN billing_accounts USING (account_id)
         WHERE state IN ('waiting', 'trying') AND customer_id IS NOT NULL
       UNION ALL SELECT 'deletion', due_at FROM account_deletions WHERE done_at IS NULL AND due_at <= now()
       UNION ALL SELECT unnest(ARRAY['stripe_event', 'usage_export', 'deletion']), NULL
     ) AS waiting GROUP BY what`,
  );
  return rows;
}
