// SQL of ledger accounts: what an account draws from, in drawing order, and the platform's counterparties.
import { prepared, type Queryable } from '../../db/index.ts';

export type GrantKind = 'period' | 'promotion' | 'prepaid';
export type BucketCode = 'included' | GrantKind | 'on_demand';

export interface BucketRow {
  readonly ledger_account_id: number;
  readonly code: BucketCode;
  readonly posted_micro: number;
  readonly pending_micro: number;
  readonly floor_micro: number | null;
}

const COLUMNS = 'a.ledger_account_id, a.code, a.posted_micro, a.pending_micro, a.floor_micro';

/**
 * What may be drawn at $2, always in one order, for drawing and for locking: the base bucket (unlimited on this
 * machine, empty elsewhere), grants by priority, the next to expire first, then pay-as-you-go while the account is in
 * good standing.
 */
const IN_DRAWING_ORDER = `FROM ledger_accounts a LEFT JOIN grants g USING (grant_id)
  LEFT JOIN billing_accounts b ON b.account_id = a.account_id
  WHERE a.account_id = $1 AND a.keeps_balance AND a.code <> 'owed'
    AND (a.grant_id IS NULL OR (g.closed_at IS NULL AND g.frozen_at IS NULL
      AND g.starts_at <= $2 AND (g.expires_at IS NULL OR g.expires_at > $2)))
    AND (a.code <> 'on_demand' OR coalesce(b.standing, 'good') = 'good')
  ORDER BY CASE a.code WHEN 'included' THEN 0 WHEN 'on_demand' THEN 2 ELSE 1 END,
    g.priority, g.expires_at NULLS LAST, g.created_at, a.grant_id`;

export async function lockBuckets(tx: Queryable, account: string, now: Date): Promise<BucketRow[]> {
  const { rows } = await tx.query<BucketRow>(`SELECT ${COLUMNS} ${IN_DRAWING_ORDER} FOR UPDATE OF a`, [account, now]);
  return rows;
}

export async function readBuckets(tx: Queryable, account: string, now: Date): Promise<BucketRow[]> {
  const { rows } = await tx.query<BucketRow>(`SELECT ${COLUMNS} ${IN_DRAWING_ORDER}`, [account, now]);
  return rows;
}

const ONE = `SELECT ${COLUMNS} FROM ledger_accounts a WHERE account_id = $1 AND code = $2 AND grant_id IS NULL`;

/** One bucket of an account that is no grant; null where there is none. */
export async function readBucket(
  tx: Queryable,
  account: string,
  code: 'included' | 'on_demand',
): Promise<BucketRow | null> {
  return (await tx.query<BucketRow>(ONE, [account, code])).rows[0] ?? null;
}

export async function lockBucket(
  tx: Queryable,
  account: string,
  code: 'included' | 'on_demand',
): Promise<BucketRow | null> {
  return (await tx.query<BucketRow>(`${ONE} FOR UPDATE`, [account, code])).rows[0] ?? null;
}

export async function addPending(tx: Queryable, ledgerAccount: number, amount: number): Promise<void> {
  if (amount === 0) return;
  const text = 'UPDATE ledger_accounts SET pending_micro = pending_micro + $2 WHERE ledger_account_id = $1';
  await prepared(tx, 'bucket.pending', text, [ledgerAccount, amount]);
}

/** A bucket's balance starts at 0 and falls with use, so its limit is the floor's negative; null removes it. */
export async function setFloor(
  tx: Queryable,
  account: string,
  code: 'included' | 'on_demand',
  floor: number | null,
): Promise<void> {
  await tx.query(
    'UPDATE ledger_accounts SET floor_micro = $3 WHERE account_id = $1 AND code = $2 AND grant_id IS NULL',
    [account, code, floor],
  );
}

export async function openBuckets(
  tx: Queryable,
  account: string,
  floors: { included: number | null; onDemand: number | null },
): Promise<void> {
  await tx.query(
    `INSERT INTO ledger_accounts (account_id, code, keeps_balance, floor_micro)
     VALUES ($1, 'included', true, $2), ($1, 'on_demand', true, $3) ON CONFLICT DO NOTHING`,
    [account, floors.included, floors.onDemand],
  );
}

/** What the account owes for closed periods, as a ledger account; made with the first one. */
export async function owedAccount(tx: Queryable, account: string): Promise<number> {
  await tx.query(
    `INSERT INTO ledger_accounts (account_id, code, keeps_balance) VALUES ($1, 'owed', true) ON CONFLICT DO NOTHING`,
    [account],
  );
  const { rows } = await tx.query<{ ledger_account_id: number }>(
    `SELECT ledger_account_id FROM ledger_accounts WHERE account_id = $1 AND code = 'owed'`,
    [account],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`no account for what ${account} owes`);
  return row.ledger_account_id;
}

export async function platformAccount(
  tx: Queryable,
  code: 'models' | 'cbb' | 'loss' | 'grants' | 'cash' | 'sales',
): Promise<number> {
  const { rows } = await prepared<{ ledger_account_id: number }>(
    tx,
    'platform.account',
    `SELECT ledger_account_id FROM ledger_accounts WHERE account_id = 'platform' AND code = $1`,
    [code],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`no platform account ${code}`);
  return row.ledger_account_id;
}
