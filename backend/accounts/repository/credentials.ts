// SQL of keys and of sign-ins with their tokens.
import type { Pool, Queryable } from '../../db/index.ts';

export interface StoredKey {
  readonly key_id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: string[];
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
}
const KEY_COLUMNS = 'key_id, name, prefix, scopes, created_at, expires_at, last_used_at';

/** Writing the same key again changes nothing. */
export async function insertKey(
  tx: Queryable,
  key: {
    keyId: string;
    accountId: string;
    madeBy: string;
    name: string;
    hash: string;
    prefix: string;
    scopes: readonly string[];
    expiresInDays: number | null;
  },
): Promise<StoredKey> {
  await tx.query(
    `INSERT INTO auth.api_keys (key_id, account_id, made_by, name, hash, prefix, scopes, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, now() + $8 * interval '1 day') ON CONFLICT (key_id) DO NOTHING`,
    [key.keyId, key.accountId, key.madeBy, key.name, key.hash, key.prefix, key.scopes, key.expiresInDays],
  );
  const { rows } = await tx.query<StoredKey>(`SELECT ${KEY_COLUMNS} FROM auth.api_keys WHERE key_id = $1`, [key.keyId]);
  const [stored] = rows;
  if (stored === undefined) throw new Error('the key just written is missing');
  return stored;
}

export async function countKeys(tx: Queryable, accountId: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    'SELECT count(*) AS count FROM auth.api_keys WHERE account_id = $1 AND revoked_at IS NULL',
    [accountId],
  );
  return rows[0]?.count ?? 0;
}

export async function keysOf(pool: Pool, accountId: string): Promise<StoredKey[]> {
  const { rows } = await pool.query<StoredKey>(
    `SELECT ${KEY_COLUMNS} FROM auth.api_keys WHERE account_id = $1 AND revoked_at IS NULL ORDER BY created_at, key_id`,
    [accountId],
  );
  return rows;
}

/** False when the account has no such key, or had it revoked before by somebody else's doing. */
export async function revokeKey(tx: Queryable, accountId: string, keyId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE auth.api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE account_id = $1 AND key_id = $2',
    [accountId, keyId],
  );
  return rowCount === 1;
}

export interface NewSignIn {
  readonly signInId: string;
  readonly userId: string;
  readonly device: string;
  readonly place: string;
}

export async function insertSignIn(tx: Queryable, { signInId, userId, device, place }: NewSignIn): Promise<void> {
  await tx.query(
    `INSERT INTO auth.sign_ins (sign_in_id, user_id, device, place) VALUES ($1, $2, $3, $4)
     ON CONFLICT (sign_in_id) DO NOTHING`,
    [signInId, userId, device, place],
  );
}

export interface TokenHashes {
  readonly access: string;
  readonly refresh: string;
}

/** Seconds. */
export const ACCESS_TOKEN_S = 15 * 60;
const REFRESH_TOKEN_S = 60 * 24 * 60 * 60;

export async function insertTokens(tx: Queryable, signInId: string, { access, refresh }: TokenHashes): Promise<void> {
  await tx.query(
    `INSERT INTO auth.access_tokens (hash, sign_in_id, expires_at)
     VALUES ($1, $2, now() + $3 * interval '1 second') ON CONFLICT DO NOTHING`,
    [access, signInId, ACCESS_TOKEN_S],
  );
  await tx.query(
    `INSERT INTO auth.refresh_tokens (hash, sign_in_id, expires_at)
     VALUES ($1, $2, now() + $3 * interval '1 second') ON CONFLICT DO NOTHING`,
    [refresh, signInId, REFRESH_TOKEN_S],
  );
  await tx.query('UPDATE auth.sign_ins SET last_used_at = now() WHERE sign_in_id = $1', [signInId]);
}

export interface RefreshRow {
  readonly sign_in_id: string;
  readonly expired: boolean;
  readonly revoked: boolean;
  /** null: never used */
  readonly used_s_ago: number | null;
}

/** Locks the whole family, so that its tokens are used one after the other. */
export async function lockRefreshToken(tx: Queryable, hash: string): Promise<RefreshRow | null> {
  const { rows } = await tx.query<RefreshRow>(
    `SELECT s.sign_in_id, t.expires_at <= now() AS expired, s.revoked_at IS NOT NULL AS revoked,
            extract(epoch FROM clock_timestamp() - t.used_at)::float8 AS used_s_ago
     FROM auth.refresh_tokens t JOIN auth.sign_ins s USING (sign_in_id) WHERE t.hash = $1 FOR UPDATE OF s`,
    [hash],
  );
  return rows[0] ?? null;
}

export async function markRefreshUsed(tx: Queryable, hash: string): Promise<void> {
  await tx.query('UPDATE auth.refresh_tokens SET used_at = coalesce(used_at, clock_timestamp()) WHERE hash = $1', [
    hash,
  ]);
}

/** By the person who asks, or by the program itself (userId null). False when there is none. */
export async function revokeSignIn(
  tx: Queryable,
  signInId: string,
  userId: string | null,
  reason: 'signed_out' | 'reuse' | 'second_redemption',
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE auth.sign_ins SET revoked_at = coalesce(revoked_at, now()), revoked_for = coalesce(revoked_for, $3)
     WHERE sign_in_id = $1 AND ($2::text IS NULL OR user_id = $2)`,
    [signInId, userId, reason],
  );
  return rowCount === 1;
}

export async function signInOfToken(tx: Queryable, hash: string): Promise<string | null> {
  const { rows } = await tx.query<{ sign_in_id: string }>(
    `SELECT sign_in_id FROM auth.refresh_tokens WHERE hash = $1
     UNION ALL SELECT sign_in_id FROM auth.access_tokens WHERE hash = $1`,
    [hash],
  );
  return rows[0]?.sign_in_id ?? null;
}

export async function deleteSession(tx: Queryable, sessionId: string, userId: string): Promise<boolean> {
  const { rowCount } = await tx.query('DELETE FROM auth."session" WHERE "id" = $1 AND "userId" = $2', [
    sessionId,
    userId,
  ]);
  return rowCount === 1;
}

/** The event's row of the table in auth.revoke. */
export async function revokeFor(tx: Queryable, userId: string, event: 'signed_out_everywhere'): Promise<void> {
  await tx.query('SELECT auth.revoke($1, $2)', [userId, event]);
}

export interface SignInListRow {
  readonly sign_in_id: string;
  readonly kind: 'browser' | 'device';
  readonly device: string;
  readonly place: string;
  readonly created_at: Date;
  readonly last_used_at: Date;
}

export async function signInsOf(pool: Pool, userId: string): Promise<SignInListRow[]> {
  const { rows } = await pool.query<SignInListRow>(
    `SELECT sign_in_id, 'device' AS kind, device, place, created_at, last_used_at FROM auth.sign_ins
     WHERE user_id = $1 AND revoked_at IS NULL
     UNION ALL
     SELECT "id", 'browser', coalesce("userAgent", ''), coalesce("ipAddress", ''), "createdAt", "updatedAt"
     FROM auth."session" WHERE "userId" = $1 AND "expiresAt" > now()
     ORDER BY last_used_at DESC, sign_in_id`,
    [userId],
  );
  return rows;
}

/** What nobody can use any more; an hour is left to tell an expired token from one that never was. */
export async function pruneCredentials(tx: Queryable): Promise<void> {
  for (const table of ['access_tokens', 'refresh_tokens', 'device_grants', 'code_grants'])
    await tx.query(`DELETE FROM auth.${table} WHERE expires_at < now() - interval '1 hour'`);
}
