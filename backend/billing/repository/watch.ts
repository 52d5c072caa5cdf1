// SQL of what mails and automatic top-ups are asked from.
import type { Queryable } from '../../db/index.ts';

export interface WatchedRow {
  readonly account_id: string;
  readonly plan_id: string;
  readonly standing: string;
  readonly period_start: Date;
  readonly alert_percent: number;
  readonly alert_low_micro: number;
  readonly top_up_below_micro: number | null;
  readonly top_up_micro: number | null;
  readonly included_micro: number;
  readonly included_used_micro: number;
  readonly prepaid_left_micro: number;
  /** of grants and of what pay-as-you-go still allows */
  readonly drawable_micro: number;
  readonly top_ups: number;
  /** a payment of credit is under way */
  readonly top_up_pending: boolean;
}

/** Accounts that something was booked for lately, with what is left of their grants. */
export async function lately(tx: Queryable, now: Date, seconds: number): Promise<WatchedRow[]> {
  const { rows } = await tx.query<WatchedRow>(
    `SELECT b.account_id, b.plan_id, b.standing, b.period_start, b.alert_percent, b.alert_low_micro,
       b.top_up_below_micro, b.top_up_micro,
       coalesce(sum(g.amount_micro) FILTER (WHERE g.kind = 'period'), 0)::bigint AS included_micro,
       coalesce(sum(g.amount_micro - a.posted_micro) FILTER (WHERE g.kind = 'period'), 0)::bigint AS included_used_micro,
       coalesce(sum(a.posted_micro) FILTER (WHERE g.kind = 'prepaid' AND g.frozen_at IS NULL), 0)::bigint AS prepaid_left_micro,
       (coalesce(sum(a.posted_micro) FILTER (WHERE g.frozen_at IS NULL), 0)
         + coalesce((SELECT posted_micro - floor_micro FROM ledger_accounts o
                     WHERE o.account_id = b.account_id AND o.code = 'on_demand' AND b.standing = 'good'), 0))::bigint AS drawable_micro,
       (SELECT count(*) FROM payments p WHERE p.account_id = b.account_id AND p.kind = 'top_up') AS top_ups,
       EXISTS (SELECT 1 FROM stripe_objects s WHERE s.account_id = b.account_id AND s.kind = 'payment_intent'
               AND s.state->>'status' = 'processing') AS top_up_pending
     FROM billing_accounts b
     LEFT JOIN grants g ON g.account_id = b.account_id AND g.closed_at IS NULL AND g.starts_at <= $1
       AND (g.expires_at IS NULL OR g.expires_at > $1)
     LEFT JOIN ledger_accounts a ON a.grant_id = g.grant_id
     WHERE b.period_end > $1 AND EXISTS (
       SELECT 1 FROM journal_entries e WHERE e.account_id = b.account_id AND e.created_at > now() - make_interval(secs => $2)
         AND e.ordinal > (SELECT coalesce(max(ordinal), 0) - 100000 FROM journal_entries))
     GROUP BY b.account_id`,
    [now, seconds],
  );
  return rows;
}

export async function cardsThatExpire(
  tx: Queryable,
  now: Date,
): Promise<{ account_id: string; card_expires_at: Date }[]> {
  const { rows } = await tx.query<{ account_id: string; card_expires_at: Date }>(
    `SELECT account_id, card_expires_at FROM billing_accounts
     WHERE card_expires_at > $1::timestamptz - interval '1 day' AND card_expires_at < $1::timestamptz + interval '31 days'
       AND subscription_status IN ('active', 'trialing', 'past_due')`,
    [now],
  );
  return rows;
}

export interface AlertSettings {
  readonly percent: number;
  readonly lowMicro: number;
  readonly topUpBelowMicro: number | null;
  readonly topUpMicro: number | null;
}

export async function setAlerts(tx: Queryable, account: string, to: AlertSettings): Promise<void> {
  await tx.query(
    `UPDATE billing_accounts SET alert_percent = $2, alert_low_micro = $3, top_up_below_micro = $4, top_up_micro = $5
     WHERE account_id = $1`,
    [account, to.percent, to.lowMicro, to.topUpBelowMicro, to.topUpMicro],
  );
}
export async function readAlerts(tx: Queryable, account: string): Promise<AlertSettings | null> {
  const { rows } = await tx.query<{
    alert_percent: number;
    alert_low_micro: number;
    top_up_below_micro: number | null;
    top_up_micro: number | null;
  }>(
    'SELECT alert_percent, alert_low_micro, top_up_below_micro, top_up_micro FROM billing_accounts WHERE account_id = $1',
    [account],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    percent: row.alert_percent,
    lowMicro: row.alert_low_micro,
    topUpBelowMicro: row.top_up_below_micro,
    topUpMicro: row.top_up_micro,
  };
}

/** Subscriptions whose period is over without news: asked for, in case an event was lost. */
export async function overdueSubscriptions(tx: Queryable, now: Date, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ subscription_id: string }>(
    `SELECT b.subscription_id FROM billing_accounts b JOIN stripe_objects o ON o.object_id = b.subscription_id
     WHERE b.subscription_status IN ('active', 'trialing', 'past_due', 'incomplete')
       AND (b.period_end <= $1::timestamptz + interval '5 minutes' OR b.paid_until IS NULL OR b.paid_until <= $1)
       AND o.fetched_at < now() - interval '10 minutes'
     ORDER BY o.fetched_at LIMIT $2`,
    [now, limit],
  );
  return rows.map((row) => row.subscription_id);
}
