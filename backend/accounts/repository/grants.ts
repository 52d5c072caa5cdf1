// SQL of what turns into a sign-in: codes of devices and of browsers that come back to the program.
import type { Queryable } from '../../db/index.ts';

/** Seconds. */
export const DEVICE_GRANT_S = 600;
export const POLL_INTERVAL_S = 5;
const CODE_GRANT_S = 60;
/** RFC 8628 section 3.5: `slow_down` adds five seconds to the interval, for good. */
const SLOW_DOWN_S = 5;

export async function insertDeviceGrant(
  tx: Queryable,
  grant: { hash: string; userCode: string; device: string; place: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO auth.device_grants (device_code_hash, user_code, device, place, interval_s, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 second') ON CONFLICT (device_code_hash) DO NOTHING`,
    [grant.hash, grant.userCode, grant.device, grant.place, POLL_INTERVAL_S, DEVICE_GRANT_S],
  );
}

export async function openGrantsFrom(tx: Queryable, place: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    'SELECT count(*) AS count FROM auth.device_grants WHERE place = $1 AND decided IS NULL AND expires_at > now()',
    [place],
  );
  return rows[0]?.count ?? 0;
}

export interface DeviceGrantRow {
  readonly device_code_hash: string;
  readonly user_code: string;
  readonly device: string;
  readonly place: string;
  readonly created_at: Date;
  readonly user_id: string | null;
  readonly decided: 'approved' | 'denied' | null;
  readonly sign_in_id: string | null;
  readonly expired: boolean;
  readonly too_early: boolean;
}
const COLUMNS = `device_code_hash, user_code, device, place, created_at, user_id, decided, sign_in_id,
  expires_at <= now() AS expired, coalesce(polled_at + interval_s * interval '1 second' > clock_timestamp(), false) AS too_early`;

export async function deviceGrantByUserCode(tx: Queryable, userCode: string): Promise<DeviceGrantRow | null> {
  const { rows } = await tx.query<DeviceGrantRow>(
    `SELECT ${COLUMNS} FROM auth.device_grants WHERE user_code = $1 AND expires_at > now() FOR UPDATE`,
    [userCode],
  );
  return rows[0] ?? null;
}

export async function lockDeviceGrant(tx: Queryable, hash: string): Promise<DeviceGrantRow | null> {
  const { rows } = await tx.query<DeviceGrantRow>(
    `SELECT ${COLUMNS} FROM auth.device_grants WHERE device_code_hash = $1 FOR UPDATE`,
    [hash],
  );
  return rows[0] ?? null;
}

export async function notePoll(tx: Queryable, hash: string, tooEarly: boolean): Promise<void> {
  await tx.query(
    `UPDATE auth.device_grants SET polled_at = clock_timestamp(), interval_s = interval_s + $2
     WHERE device_code_hash = $1`,
    [hash, tooEarly ? SLOW_DOWN_S : 0],
  );
}

export async function decideDeviceGrant(
  tx: Queryable,
  hash: string,
  userId: string,
  decided: 'approved' | 'denied',
): Promise<void> {
  await tx.query('UPDATE auth.device_grants SET user_id = $2, decided = $3 WHERE device_code_hash = $1', [
    hash,
    userId,
    decided,
  ]);
}

export async function redeemDeviceGrant(tx: Queryable, hash: string, signInId: string): Promise<void> {
  await tx.query('UPDATE auth.device_grants SET sign_in_id = $2 WHERE device_code_hash = $1', [hash, signInId]);
}

export interface CodeGrantRow {
  readonly user_id: string;
  readonly redirect_uri: string;
  readonly code_challenge: string;
  readonly device: string;
  readonly expired: boolean;
  readonly sign_in_id: string | null;
}

export async function insertCodeGrant(
  tx: Queryable,
  grant: { hash: string; userId: string; redirectUri: string; codeChallenge: string; device: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO auth.code_grants (code_hash, user_id, redirect_uri, code_challenge, device, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 second') ON CONFLICT (code_hash) DO NOTHING`,
    [grant.hash, grant.userId, grant.redirectUri, grant.codeChallenge, grant.device, CODE_GRANT_S],
  );
}

export async function lockCodeGrant(tx: Queryable, hash: string): Promise<CodeGrantRow | null> {
  const { rows } = await tx.query<CodeGrantRow>(
    `SELECT user_id, redirect_uri, code_challenge, device, expires_at <= now() AS expired, sign_in_id
     FROM auth.code_grants WHERE code_hash = $1 FOR UPDATE`,
    [hash],
  );
  return rows[0] ?? null;
}

export async function redeemCodeGrant(tx: Queryable, hash: string, signInId: string): Promise<void> {
  await tx.query('UPDATE auth.code_grants SET sign_in_id = $2 WHERE code_hash = $1', [hash, signInId]);
}

/** Codes that a person typed and that no device showed, within the last ten minutes. */
export async function wrongCodesOf(tx: Queryable, userId: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    `SELECT count(*) AS count FROM auth.wrong_codes WHERE user_id = $1 AND typed_at > now() - interval '10 minutes'`,
    [userId],
  );
  return rows[0]?.count ?? 0;
}

export async function noteWrongCode(tx: Queryable, userId: string, id: string): Promise<void> {
  await tx.query('INSERT INTO auth.wrong_codes (id, user_id) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING', [
    id,
    userId,
  ]);
}
