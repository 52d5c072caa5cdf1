// SQL of grants, the periods that they come with, and consent to pay-as-you-go.
import { prepared, toJsonb, type Queryable } from '../../db/index.ts';
import type { GrantKind } from './buckets.ts';

export interface GrantRow {
  readonly grant_id: string;
  readonly account_id: string;
  readonly kind: GrantKind;
  readonly amount_micro: number;
  readonly expires_at: Date | null;
  readonly closed_at: Date | null;
  readonly frozen_at: Date | null;
  readonly ledger_account_id: number;
  readonly posted_micro: number;
  readonly pending_micro: number;
}

const GRANT = `SELECT g.grant_id, g.account_id, g.kind, g.amount_micro, g.expires_at, g.closed_at, g.frozen_at,
  a.ledger_account_id, a.posted_micro, a.pending_micro FROM grants g JOIN ledger_accounts a USING (grant_id)`;

export interface NewGrant {
  readonly grantId: string;
  readonly accountId: string;
  readonly kind: GrantKind;
  readonly priority: number;
  readonly amountMicro: number;
  readonly startsAt: Date;
  readonly expiresAt: Date | null;
  readonly source: string;
}

/** The ledger account of a new grant; null when the grant is there already. */
export async function insertGrant(tx: Queryable, grant: NewGrant): Promise<number | null> {
  const { rowCount } = await tx.query(
    `INSERT INTO grants (grant_id, account_id, kind, priority, amount_micro, starts_at, expires_at, source)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [
      grant.grantId,
      grant.accountId,
      grant.kind,
      grant.priority,
      grant.amountMicro,
      grant.startsAt,
      grant.expiresAt,
      grant.source,
    ],
  );
  if (rowCount !== 1) return null;
  const { rows } = await tx.query<{ ledger_account_id: number }>(
    `INSERT INTO ledger_accounts (account_id, code, keeps_balance, floor_micro, grant_id) VALUES ($1, $2, true, 0, $3)
     RETURNING ledger_account_id`,
    [grant.accountId, grant.kind, grant.grantId],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`no ledger account of grant ${grant.grantId}`);
  return row.ledger_account_id;
}

/** Locks the grant's ledger account; null for one that is not there. */
export async function lockGrant(tx: Queryable, grantId: string): Promise<GrantRow | null> {
  await tx.query('SELECT 1 FROM ledger_accounts WHERE grant_id = $1 FOR UPDATE', [grantId]);
  const { rows } = await tx.query<GrantRow>(`${GRANT} WHERE g.grant_id = $1`, [grantId]);
  return rows[0] ?? null;
}

export async function closeGrant(tx: Queryable, grantId: string, now: Date): Promise<void> {
  await tx.query('UPDATE grants SET closed_at = $2 WHERE grant_id = $1 AND closed_at IS NULL', [grantId, now]);
}

export async function freezeGrant(tx: Queryable, grantId: string, frozenAt: Date | null): Promise<void> {
  await tx.query('UPDATE grants SET frozen_at = $2 WHERE grant_id = $1', [grantId, frozenAt]);
}

/** Grants of the account in force at `now`, in drawing order; frozen ones among them. */
export async function grantsInForce(tx: Queryable, account: string, now: Date): Promise<GrantRow[]> {
  const { rows } = await tx.query<GrantRow>(
    `${GRANT} WHERE g.account_id = $1 AND g.closed_at IS NULL AND g.starts_at <= $2
       AND (g.expires_at IS NULL OR g.expires_at > $2)
     ORDER BY g.priority, g.expires_at NULLS LAST, g.created_at, g.grant_id`,
    [account, now],
  );
  return rows;
}

/** Grants past their end, and closed ones to which a released hold gave something back. */
export async function grantsToClose(tx: Queryable, now: Date, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ grant_id: string }>(
    `(SELECT grant_id FROM grants WHERE closed_at IS NULL AND expires_at <= $1 ORDER BY expires_at LIMIT $2)
     UNION
     (SELECT grant_id FROM grants JOIN ledger_accounts a USING (grant_id)
      WHERE closed_at IS NOT NULL AND a.posted_micro > a.pending_micro LIMIT $2)`,
    [now, limit],
  );
  return rows.map((row) => row.grant_id);
}

/** What a plan included in the period that began then; drawn is what was given and not withdrawn. */
export async function grantsOfPeriod(
  tx: Queryable,
  account: string,
  start: Date,
): Promise<{ grant_id: string; closed: boolean; drawn_micro: number }[]> {
  const { rows } = await tx.query<{ grant_id: string; closed: boolean; drawn_micro: number }>(
    `SELECT g.grant_id, g.closed_at IS NOT NULL AS closed, (g.amount_micro + coalesce((
       SELECT sum(p.amount_micro) FROM postings p JOIN journal_entries e USING (entry_id)
       WHERE p.ledger_account_id = a.ledger_account_id AND e.account_id = $1 AND e.kind = 'expiry' AND e.item = g.grant_id
     ), 0))::bigint AS drawn_micro
     FROM grants g JOIN ledger_accounts a USING (grant_id)
     WHERE g.account_id = $1 AND g.kind = 'period' AND g.starts_at = $2 ORDER BY g.created_at`,
    [account, start],
  );
  return rows;
}

export async function countExpiries(tx: Queryable, account: string, grantId: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    `SELECT count(*) AS n FROM journal_entries WHERE account_id = $1 AND kind = 'expiry' AND item = $2`,
    [account, grantId],
  );
  return rows[0]?.n ?? 0;
}

export interface BillingRow {
  readonly account_id: string;
  readonly plan_id: string;
  readonly anchor: Date;
  readonly period_start: Date | null;
  readonly period_end: Date | null;
  readonly standing: 'good' | 'past_due' | 'unpaid' | 'disputed';
  readonly paid_until: Date | null;
  readonly subscription_status: string | null;
  readonly cancel_at_period_end: boolean;
  readonly card_expires_at: Date | null;
}

const BILLING = `SELECT account_id, plan_id, anchor, period_start, period_end, standing, paid_until, subscription_status,
  cancel_at_period_end, card_expires_at FROM billing_accounts WHERE account_id`;

/** null for an account without a plan: the local one. */
export async function readBilling(tx: Queryable, account: string): Promise<BillingRow | null> {
  const { rows } = await tx.query<BillingRow>(`${BILLING} = $1`, [account]);
  return rows[0] ?? null;
}

/** By account; those without a plan are not among them. */
export async function readBillings(tx: Queryable, accounts: readonly string[]): Promise<Map<string, BillingRow>> {
  if (accounts.length === 0) return new Map();
  const { rows } = await prepared<BillingRow>(tx, 'billing.read', `${BILLING} = ANY($1)`, [accounts]);
  return new Map(rows.map((row) => [row.account_id, row]));
}

export async function lockBilling(tx: Queryable, account: string): Promise<BillingRow | null> {
  const { rows } = await tx.query<BillingRow>(`${BILLING} = $1 FOR UPDATE`, [account]);
  return rows[0] ?? null;
}

export async function setPeriod(tx: Queryable, account: string, period: { start: Date; end: Date }): Promise<void> {
  await tx.query('UPDATE billing_accounts SET period_start = $2, period_end = $3 WHERE account_id = $1', [
    account,
    period.start,
    period.end,
  ]);
}

export async function consentUntil(tx: Queryable, account: string, now: Date): Promise<Date | null> {
  const { rows } = await tx.query<{ valid_until: Date }>(
    'SELECT max(valid_until) AS valid_until FROM on_demand_consents WHERE account_id = $1 AND valid_until > $2 HAVING count(*) > 0',
    [account, now],
  );
  return rows[0]?.valid_until ?? null;
}

export async function insertConsent(
  tx: Queryable,
  consent: { account: string; validUntil: Date; limitMicro: number; givenBy: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO on_demand_consents (account_id, valid_until, limit_micro, given_by) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [consent.account, consent.validUntil, consent.limitMicro, consent.givenBy],
  );
}

/** What the newest version of a plan includes; 0 for one that was never configured. */
export async function includedOf(
  tx: Queryable,
  planId: string,
): Promise<{ version: number; included_usd: string; free: boolean } | null> {
  const { rows } = await tx.query<{ version: number; included_usd: string; free: boolean }>(
    `SELECT version, terms->>'included_usd' AS included_usd, (terms->>'price_usd')::numeric = 0 AS free
     FROM plan_versions WHERE plan_id = $1 ORDER BY version DESC LIMIT 1`,
    [planId],
  );
  return rows[0] ?? null;
}

/** False when this version is there with other terms. */
export async function keepPlanVersion(
  tx: Queryable,
  plan: { planId: string; version: number; terms: unknown },
): Promise<boolean> {
  await tx.query('INSERT INTO plan_versions (plan_id, version, terms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    plan.planId,
    plan.version,
    toJsonb(plan.terms),
  ]);
  const { rowCount } = await tx.query(
    'SELECT 1 FROM plan_versions WHERE plan_id = $1 AND version = $2 AND terms = $3::jsonb',
    [plan.planId, plan.version, toJsonb(plan.terms)],
  );
  return rowCount === 1;
}
