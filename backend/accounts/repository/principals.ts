// SQL of who a credential belongs to. Every statement checks all that may have been taken away since it was handed out.
import type { Pool } from '../../db/index.ts';

export interface PersonRow {
  readonly user_id: string;
  readonly email: string;
  readonly name: string;
  /** of the organisation that was asked for */
  readonly role: string | null;
  readonly organisation_id: string | null;
}
export interface SignInRow extends PersonRow {
  readonly sign_in_id: string;
}
export interface KeyRow extends PersonRow {
  readonly key_id: string;
  readonly account_id: string;
  /** the organisation's */
  readonly short_name: string | null;
  readonly scopes: string[];
}

const PERSON = `u."id" AS user_id, u."email" AS email, u."name" AS name, m."role" AS role, m."organizationId" AS organisation_id`;
/** The organisation that $2 names, by its id or else its short name; ids are longer than short names are. */
const NAMED = `(SELECT o."id" FROM auth."organization" o WHERE o."id" = $2 OR o."slug" = $2 ORDER BY o."id" <> $2 LIMIT 1)`;
const IN_GOOD_STANDING = `u."emailVerified" AND u."seizedAt" IS NULL`;

export async function personById(pool: Pool, userId: string, organisation: string | null): Promise<PersonRow | null> {
  const { rows } = await pool.query<PersonRow>(
    `SELECT ${PERSON} FROM auth."user" u LEFT JOIN auth."member" m ON m."userId" = u."id" AND m."organizationId" = ${NAMED}
     WHERE u."id" = $1 AND ${IN_GOOD_STANDING}`,
    [userId, organisation],
  );
  return rows[0] ?? null;
}

export async function personOfAccessToken(
  pool: Pool,
  hash: string,
  organisation: string | null,
): Promise<SignInRow | null> {
  const { rows } = await pool.query<SignInRow>(
    `SELECT ${PERSON}, s.sign_in_id FROM auth.access_tokens t JOIN auth.sign_ins s USING (sign_in_id)
     JOIN auth."user" u ON u."id" = s.user_id
     LEFT JOIN auth."member" m ON m."userId" = u."id" AND m."organizationId" = ${NAMED}
     WHERE t.hash = $1 AND t.expires_at > now() AND s.revoked_at IS NULL AND ${IN_GOOD_STANDING}`,
    [hash, organisation],
  );
  return rows[0] ?? null;
}

/** The role of an organisation's key is that of its maker now. */
export async function personOfKey(pool: Pool, hash: string): Promise<KeyRow | null> {
  const { rows } = await pool.query<KeyRow>(
    `SELECT ${PERSON}, k.key_id, k.account_id, k.scopes, o."slug" AS short_name
     FROM auth.api_keys k JOIN auth."user" u ON u."id" = k.made_by
     LEFT JOIN auth."member" m ON m."userId" = u."id" AND 'org_' || m."organizationId" = k.account_id
     LEFT JOIN auth."organization" o ON o."id" = m."organizationId"
     WHERE k.hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
     AND ${IN_GOOD_STANDING} AND (k.account_id = 'user_' || u."id" OR m."id" IS NOT NULL)`,
    [hash],
  );
  return rows[0] ?? null;
}

/** At most once a minute a key, so that a busy one does not write with each request. */
export async function noteKeyUse(pool: Pool, keyId: string): Promise<void> {
  await pool.query(
    `UPDATE auth.api_keys SET last_used_at = now()
     WHERE key_id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
    [keyId],
  );
}

export interface MembershipRow {
  readonly organisation_id: string;
  readonly name: string;
  readonly slug: string;
  readonly role: string;
}

export async function membershipsOf(pool: Pool, userId: string): Promise<MembershipRow[]> {
  const { rows } = await pool.query<MembershipRow>(
    `SELECT o."id" AS organisation_id, o."name" AS name, o."slug" AS slug, m."role" AS role
     FROM auth."member" m JOIN auth."organization" o ON o."id" = m."organizationId"
     WHERE m."userId" = $1 ORDER BY o."name", o."id"`,
    [userId],
  );
  return rows;
}

/** Addresses of the person, or of an organisation's owners and of those who look after its payment. */
export async function billingAddresses(pool: Pool, account: string): Promise<string[]> {
  const { rows } = await pool.query<{ email: string }>(
    `SELECT u."email" AS email FROM auth."user" u LEFT JOIN auth."member" m ON m."userId" = u."id"
       AND 'org_' || m."organizationId" = $1 AND m."role" IN ('owner', 'billing')
     WHERE ${IN_GOOD_STANDING} AND ('user_' || u."id" = $1 OR m."id" IS NOT NULL) ORDER BY u."email" LIMIT 20`,
    [account],
  );
  return rows.map((row) => row.email);
}

export async function tell(pool: Pool, channel: string, news: string): Promise<void> {
  await pool.query('SELECT pg_notify($1, $2)', [channel, news]);
}
