// SQL of what Stripe told and what was fetched from it.
import { toJsonb, type Queryable } from '../../db/index.ts';

export interface EventRow {
  readonly event_id: string;
  readonly object_kind: string;
  readonly object_id: string;
  readonly tries: number;
}

/** False when the event is there already. */
export async function keepEvent(
  tx: Queryable,
  event: { id: string; type: string; objectKind: string; objectId: string; raw: string },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO stripe_events (event_id, type, object_kind, object_id, raw) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [event.id, event.type, event.objectKind, event.objectId, event.raw],
  );
  return rowCount === 1;
}

/** Waiting events that nobody else works on; a claim ends by itself when its process died. */
export async function claimEvents(tx: Queryable, limit: number): Promise<EventRow[]> {
  const { rows } = await tx.query<EventRow>(
    `UPDATE stripe_events SET claimed_until = now() + interval '1 minute', tries = tries + 1 WHERE event_id IN (
       SELECT event_id FROM stripe_events WHERE handled_at IS NULL AND (claimed_until IS NULL OR claimed_until < now())
       ORDER BY received_at LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING event_id, object_kind, object_id, tries`,
    [limit],
  );
  return rows;
}

export async function endEvent(tx: Queryable, eventId: string): Promise<void> {
  await tx.query('UPDATE stripe_events SET handled_at = now(), error = NULL WHERE event_id = $1', [eventId]);
}

/** What a handled event said is not needed, and may name persons. */
export async function forgetEvents(tx: Queryable): Promise<void> {
  await tx.query(`UPDATE stripe_events SET raw = '' WHERE handled_at < now() - interval '30 days' AND raw <> ''`);
}

/** Tried again later, the longer the more often it failed. */
export async function postponeEvent(tx: Queryable, eventId: string, error: string): Promise<void> {
  await tx.query(
    `UPDATE stripe_events SET error = $2,
       claimed_until = now() + least(interval '1 hour', interval '5 seconds' * power(2, least(tries, 10)))
     WHERE event_id = $1`,
    [eventId, error.slice(0, 500)],
  );
}

export async function nextFetch(tx: Queryable): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(`SELECT nextval('stripe_fetches') AS n`);
  return rows[0]?.n ?? 0;
}

/** False when a later fetch has been kept. */
export async function keepObject(
  tx: Queryable,
  object: { id: string; kind: string; account: string; fetchNo: number; state: unknown },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO stripe_objects (object_id, kind, account_id, fetch_no, state) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (object_id) DO UPDATE SET fetch_no = excluded.fetch_no, state = excluded.state, fetched_at = now()
       WHERE stripe_objects.fetch_no < excluded.fetch_no`,
    [object.id, object.kind, object.account, object.fetchNo, toJsonb(object.state)],
  );
  return rowCount === 1;
}

export async function objectsOf(tx: Queryable, account: string): Promise<{ kind: string; state: unknown }[]> {
  const { rows } = await tx.query<{ kind: string; state: unknown }>(
    `SELECT kind, state FROM stripe_objects
     WHERE account_id = $1 AND kind IN ('subscription', 'dispute', 'customer') ORDER BY object_id`,
    [account],
  );
  return rows;
}

export async function accountOfCustomer(tx: Queryable, customer: string): Promise<string | null> {
  const { rows } = await tx.query<{ account_id: string }>(
    'SELECT account_id FROM billing_accounts WHERE customer_id = $1',
    [customer],
  );
  return rows[0]?.account_id ?? null;
}

export async function customerOfAccount(tx: Queryable, account: string): Promise<string | null> {
  const { rows } = await tx.query<{ customer_id: string | null }>(
    'SELECT customer_id FROM billing_accounts WHERE account_id = $1',
    [account],
  );
  return rows[0]?.customer_id ?? null;
}

/** The customer that the account has then: the first one that was kept. */
export async function keepCustomer(tx: Queryable, account: string, customer: string): Promise<string | null> {
  await tx.query('UPDATE billing_accounts SET customer_id = $2 WHERE account_id = $1 AND customer_id IS NULL', [
    account,
    customer,
  ]);
  return customerOfAccount(tx, account);
}

export interface Subscribed {
  readonly planId: string;
  readonly anchor: Date | null;
  readonly paidUntil: Date | null;
  readonly standing: string;
  readonly subscriptionId: string | null;
  readonly status: string | null;
  readonly cancelAtPeriodEnd: boolean;
  readonly cardExpiresAt: Date | null;
}

export async function setSubscribed(tx: Queryable, account: string, now: Subscribed): Promise<void> {
  await tx.query(
    `UPDATE billing_accounts SET plan_id = $2, anchor = coalesce($3, anchor), paid_until = $4, standing = $5,
       subscription_id = $6, subscription_status = $7, cancel_at_period_end = $8, card_expires_at = $9
     WHERE account_id = $1`,
    [
      account,
      now.planId,
      now.anchor,
      now.paidUntil,
      now.standing,
      now.subscriptionId,
      now.status,
      now.cancelAtPeriodEnd,
      now.cardExpiresAt,
    ],
  );
}

export interface PaymentRow {
  readonly payment_id: string;
  readonly entry_id: string | null;
  readonly paid_micro: number;
  readonly refunded_micro: number;
  readonly grant_id: string | null;
}

export async function lockPayment(tx: Queryable, paymentId: string): Promise<PaymentRow | null> {
  const { rows } = await tx.query<PaymentRow>(
    'SELECT payment_id, entry_id, paid_micro, refunded_micro, grant_id FROM payments WHERE payment_id = $1 FOR UPDATE',
    [paymentId],
  );
  return rows[0] ?? null;
}

export async function insertPayment(
  tx: Queryable,
  payment: {
    id: string;
    account: string;
    kind: 'invoice' | 'top_up';
    entryId: string | null;
    paidMicro: number;
    usage: { micro: number; from: Date; to: Date } | null;
    grantId: string | null;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO payments (payment_id, account_id, kind, entry_id, paid_micro, usage_micro, usage_from, usage_to, grant_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      payment.id,
      payment.account,
      payment.kind,
      payment.entryId,
      payment.paidMicro,
      payment.usage?.micro ?? null,
      payment.usage?.from ?? null,
      payment.usage?.to ?? null,
      payment.grantId,
    ],
  );
}

export async function setRefunded(tx: Queryable, paymentId: string, refundedMicro: number): Promise<void> {
  await tx.query('UPDATE payments SET refunded_micro = $2 WHERE payment_id = $1', [paymentId, refundedMicro]);
}

/** Grants of prepaid credit with the payment that each was bought with. */
export async function topUpsOf(
  tx: Queryable,
  account: string,
): Promise<{ payment_id: string; grant_id: string; frozen: boolean }[]> {
  const { rows } = await tx.query<{ payment_id: string; grant_id: string; frozen: boolean }>(
    `SELECT p.payment_id, p.grant_id, g.frozen_at IS NOT NULL AS frozen FROM payments p JOIN grants g USING (grant_id)
     WHERE p.account_id = $1 ORDER BY p.payment_id`,
    [account],
  );
  return rows;
}

/** What entries about this object have moved out of the platform's cash. */
export async function cashBackOf(tx: Queryable, account: string, objectId: string): Promise<number> {
  const { rows } = await tx.query<{ sum: number }>(
    `SELECT coalesce(sum(p.amount_micro), 0)::bigint AS sum FROM journal_entries e JOIN postings p USING (entry_id)
     JOIN ledger_accounts a USING (ledger_account_id)
     WHERE e.account_id = $1 AND e.kind = 'payment' AND e.item = $2 AND a.code = 'cash'`,
    [account, objectId],
  );
  return rows[0]?.sum ?? 0;
}

/** Until the transaction's end nobody else sends a person of this account to Stripe for a plan. */
export async function lockSubscribing(tx: Queryable, account: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('subscribe|' || $1, 0))`, [account]);
}

export async function isSubscribed(tx: Queryable, account: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT 1 FROM billing_accounts WHERE account_id = $1
     AND subscription_status IN ('active', 'trialing', 'past_due', 'unpaid', 'paused')`,
    [account],
  );
  return rowCount === 1;
}

export interface PaymentRow {
  readonly payment_id: string;
  readonly kind: 'invoice' | 'top_up';
  readonly paid_micro: number;
  readonly refunded_micro: number;
  readonly usage_micro: number | null;
  readonly usage_from: Date | null;
  readonly usage_to: Date | null;
  readonly paid_at: Date;
  readonly url: string | null;
}

/** What was paid, the newest first, with the invoice's document where the provider keeps one. */
export async function paymentsOf(tx: Queryable, account: string): Promise<PaymentRow[]> {
  const { rows } = await tx.query<PaymentRow>(
    `SELECT p.payment_id, p.kind, p.paid_micro, p.refunded_micro, p.usage_micro, p.usage_from, p.usage_to, p.paid_at,
       o.state->>'hosted_invoice_url' AS url
     FROM payments p LEFT JOIN stripe_objects o ON o.object_id = p.payment_id
     WHERE p.account_id = $1 ORDER BY p.paid_at DESC, p.payment_id LIMIT 200`,
    [account],
  );
  return rows;
}
