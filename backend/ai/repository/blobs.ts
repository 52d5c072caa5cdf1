// SQL of what an account has sent.
import type { Queryable } from '../../db/index.ts';

/** Bytes; null when the account never sent it. */
export async function sentSize(tx: Queryable, accountId: string, sha256: string): Promise<number | null> {
  const { rows } = await tx.query<{ size_bytes: number }>(
    'SELECT size_bytes FROM blobs WHERE account_id = $1 AND sha256 = $2',
    [accountId, sha256],
  );
  return rows[0]?.size_bytes ?? null;
}
