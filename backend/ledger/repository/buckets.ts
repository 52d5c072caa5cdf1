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
 * What an account may draw at $2: the base bucket (unlimited on this machine, empty elsewhere), grants, and
 * pay-as-you-go while the account is in good standing.
 */
const MAY_BE_DRAWN = `a.keeps_balance AND a.code <> 'owed'
    AND (a.grant_id IS NULL OR (g.closed_at IS NULL AND g.frozen_at IS NULL
      AND g.starts_at <= $2 AND (g.expires_at IS NULL OR g.expires_at > $2)))
    AND (a.code <> 'on_demand' OR coalesce(b.standing, 'good') = 'good')`;

const FROM = `FROM ledger_accounts a LEFT JOIN grants g USING (grant_id)
  LEFT JOIN billing_accounts b ON b.account_id = a.account_id`;

/**
 * Always in one order, for drawing and for locking: the base bucket, grants by priority, the next to expire first, then
 * pay-as-you-go.
 */
const DRAWING_ORDER = `CASE a.code WHEN 'included' THEN 0 WHEN 'on_demand' THEN 2 ELSE 1 END,
    g.priority, g.expires_at NULLS LAST, g.created_at, a.grant_id`;

export interface LockedBucket extends BucketRow {
  readonly account_id: string;
  /** false: locked since a hold drew from it */
  readonly drawable: boolean;
}

/** What the accounts may draw, and what holds drew from, each account's in drawing order. */
export async function lockBuckets(
  tx: Queryable,
  of: { readonly accounts: readonly string[]; readonly holds?: readonly string[] },
  now: Date,
): Promise<LockedBucket[]> {
  const { rows } = await prepared<LockedBucket>(
    tx,
    'buckets.lock',
    `SELECT ${COLUMNS}, a.account_id, a.account_id = ANY($1) AND ${MAY_BE_DRAWN} AS drawable ${FROM}
     WHERE a.ledger_account_id IN (
       SELECT a.ledger_account_id ${FROM} WHERE a.account_id = ANY($1) AND ${MAY_BE_DRAWN}
       UNION SELECT ledger_account_id FROM hold_parts WHERE hold_id = ANY($3))
     ORDER BY a.account_id, ${DRAWING_ORDER} FOR NO KEY UPDATE OF a`,
    [of.accounts, now, of.holds ?? []],
  );
  return rows;
}

export async function readBuckets(tx: Queryable, account: string, now: Date): Promise<BucketRow[]> {
  const { rows } = await tx.query<BucketRow>(
    `SELECT ${COLUMNS} ${FROM} WHERE a.account_id = $1 AND ${MAY_BE_DRAWN} ORDER BY ${DRAWING_ORDER}`,
    [account, now],
  );
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
  return (await tx.query<BucketRow>(`${ONE} FOR NO KEY UPDATE`, [account, code])).rows[0] ?? null;
}

/** By ledger account; what is held more, or less. */
export async function movePending(tx: Queryable, moves: ReadonlyMap<number, number>): Promise<void> {
  const moved = [...moves].filter(([, amount]) => amount !== 0);
  if (moved.length === 0) return;
  await prepared(
    tx,
    'buckets.pending',
    `UPDATE ledger_accounts a SET pending_micro = a.pending_micro + m.micro
     FROM unnest($1::bigint[], $2::bigint[]) AS m (id, micro) WHERE a.ledger_account_id = m.id`,
    [moved.map(([id]) => id), moved.map(([, amount]) => amount)],
  );
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

export type PlatformCode = 'models' | 'cbb' | 'loss' | 'grants' | 'cash' | 'sales';

/** They were made with the database and never change, so that each connection asks once. */
const PLATFORM = new WeakMap<Queryable, ReadonlyMap<string, number>>();

/** By code. */
export async function platformAccounts(tx: Queryable): Promise<ReadonlyMap<string, number>> {
  const known = PLATFORM.get(tx);
  if (known !== undefined) return known;
  const { rows } = await prepared<{ code: string; ledger_account_id: number }>(
    tx,
    'platform.accounts',
    `SELECT code, ledger_account_id FROM ledger_accounts WHERE account_id = 'platform'`,
    [],
  );
  const accounts = new Map(rows.map(({ code, ledger_account_id: id }) => [code, id]));
  PLATFORM.set(tx, accounts);
  return accounts;
}

export async function platformAccount(tx: Queryable, code: PlatformCode): Promise<number> {
  const id = (await platformAccounts(tx)).get(code);
  if (id === undefined) throw new Error(`no platform account ${code}`);
  return id;
}
