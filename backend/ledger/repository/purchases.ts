// SQL of receipts, entitlements and the keys of checkouts.
import type { Bucket } from '@genrtl/contracts';
import type { Queryable } from '../../db/index.ts';

export interface PackageInWorkspace {
  readonly accountId: string;
  readonly cbbId: string;
  readonly version: string;
  readonly workspaceId: string;
}

export interface ReceiptRow {
  readonly receipt_id: string;
  readonly account_id: string;
  readonly entry_id: string;
  /** the idempotency key that paid */
  readonly checkout_key: string;
  readonly cbb_id: string;
  readonly version: string;
  readonly workspace_id: string;
  readonly job_id: string | null;
  readonly step_id: string | null;
  readonly price_micro: number;
  readonly bucket: Bucket;
  readonly sha256: string;
  readonly created_at: Date;
  readonly revoked: boolean;
  readonly ordinal: number;
}

const RECEIPT = `SELECT r.*, (e.revoked_at IS NOT NULL) AS revoked, j.ordinal
  FROM receipts r JOIN entitlements e USING (receipt_id) JOIN journal_entries j USING (entry_id)`;

/** Serialises everything that buys or reverses one package for one workspace, until the transaction ends. */
export async function lockPackage(tx: Queryable, of: PackageInWorkspace): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    ['checkout', of.accountId, of.cbbId, of.version, of.workspaceId].join('|'),
  ]);
}

export async function receiptsOf(tx: Queryable, of: PackageInWorkspace): Promise<ReceiptRow[]> {
  const { rows } = await tx.query<ReceiptRow>(
    `${RECEIPT} WHERE r.account_id = $1 AND r.cbb_id = $2 AND r.version = $3 AND r.workspace_id = $4 ORDER BY j.ordinal`,
    [of.accountId, of.cbbId, of.version, of.workspaceId],
  );
  return rows;
}

export async function findReceipt(tx: Queryable, account: string, receiptId: string): Promise<ReceiptRow | null> {
  const { rows } = await tx.query<ReceiptRow>(`${RECEIPT} WHERE r.account_id = $1 AND r.receipt_id = $2`, [
    account,
    receiptId,
  ]);
  return rows[0] ?? null;
}

export async function insertReceipt(
  tx: Queryable,
  receipt: PackageInWorkspace & {
    receiptId: string;
    entryId: string;
    checkoutKey: string;
    jobId: string | null;
    stepId: string | null;
    priceMicro: number;
    bucket: Bucket;
    sha256: string;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO receipts (receipt_id, account_id, entry_id, checkout_key, cbb_id, version, workspace_id, job_id, step_id, price_micro, bucket, sha256)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      receipt.receiptId,
      receipt.accountId,
      receipt.entryId,
      receipt.checkoutKey,
      receipt.cbbId,
      receipt.version,
      receipt.workspaceId,
      receipt.jobId,
      receipt.stepId,
      receipt.priceMicro,
      receipt.bucket,
      receipt.sha256,
    ],
  );
  await tx.query(
    'INSERT INTO entitlements (receipt_id, account_id, cbb_id, version, workspace_id) VALUES ($1, $2, $3, $4, $5)',
    [receipt.receiptId, receipt.accountId, receipt.cbbId, receipt.version, receipt.workspaceId],
  );
}

export async function revokeEntitlement(tx: Queryable, receiptId: string): Promise<void> {
  await tx.query('UPDATE entitlements SET revoked_at = now() WHERE receipt_id = $1 AND revoked_at IS NULL', [
    receiptId,
  ]);
}

export async function entitledVersions(
  tx: Queryable,
  account: string,
  workspaceId: string,
): Promise<{ cbb_id: string; version: string }[]> {
  const { rows } = await tx.query<{ cbb_id: string; version: string }>(
    'SELECT cbb_id, version FROM entitlements WHERE account_id = $1 AND workspace_id = $2 AND revoked_at IS NULL',
    [account, workspaceId],
  );
  return rows;
}
