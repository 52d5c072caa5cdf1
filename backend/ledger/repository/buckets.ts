// SQL of ledger accounts: a user's buckets in drawing order, and the platform's counterparties.
import type { Queryable } from '../../db/index.ts';

export type BucketCode = 'included' | 'on_demand';

export interface BucketRow {
  readonly ledger_account_id: number;
  readonly code: BucketCode;
  readonly posted_micro: number;
  readonly pending_micro: number;
  readonly floor_micro: number | null;
}

/** Included before on-demand, always: one order for drawing and for locking. */
const IN_DRAWING_ORDER = `ORDER BY CASE code WHEN 'included' THEN 0 ELSE 1 END`;
const COLUMNS = 'ledger_account_id, code, posted_micro, pending_micro, floor_micro';

export async function lockBuckets(tx: Queryable, account: string): Promise<BucketRow[]> {
  const { rows } = await tx.query<BucketRow>(
    `SELECT ${COLUMNS} FROM ledger_accounts WHERE account_id = $1 AND keeps_balance ${IN_DRAWING_ORDER} FOR UPDATE`,
    [account],
  );
  return rows;
}

export async function readBuckets(tx: Queryable, account: string): Promise<BucketRow[]> {
  const { rows } = await tx.query<BucketRow>(
    `SELECT ${COLUMNS} FROM ledger_accounts WHERE account_id = $1 AND keeps_balance ${IN_DRAWING_ORDER}`,
    [account],
  );
  return rows;
}

export async function addPending(tx: Queryable, ledgerAccount: number, amount: number): Promise<void> {
  if (amount === 0) return;
  await tx.query('UPDATE ledger_accounts SET pending_micro = pending_micro + $2 WHERE ledger_account_id = $1', [
    ledgerAccount,
    amount,
  ]);
}

/** A bucket's balance starts at 0 and falls with use, so its limit is the floor's negative; null removes it. */
export async function setFloor(tx: Queryable, account: string, code: BucketCode, floor: number | null): Promise<void> {
  await tx.query('UPDATE ledger_accounts SET floor_micro = $3 WHERE account_id = $1 AND code = $2', [
    account,
    code,
    floor,
  ]);
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

export async function platformAccount(tx: Queryable, code: 'models' | 'cbb' | 'loss'): Promise<number> {
  const { rows } = await tx.query<{ ledger_account_id: number }>(
    `SELECT ledger_account_id FROM ledger_accounts WHERE account_id = 'platform' AND code = $1`,
    [code],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`no platform account ${code}`);
  return row.ledger_account_id;
}
