// SQL of what holds for all versions of a package: who sees it, who publishes it, how often it was used.
import { GenrtlError, type CbbPackage, type CbbVisibility } from '@genrtl/contracts';
import { inStatement, inTransaction, query, type Pool, type Queryable } from '../../db/index.ts';
import { notTheirs } from './claims.ts';

/** Of a package that is not there yet; another keeps what it has. */
export async function keepPackage(
  tx: Queryable,
  cbbId: string,
  account: string,
  visibility: CbbVisibility,
): Promise<void> {
  await tx.query(
    `INSERT INTO cbb_packages (cbb_id, account_id, visibility) SELECT $1, $2, $3
     WHERE $3 = 'private' AND NOT EXISTS (SELECT 1 FROM cbb_versions WHERE cbb_id = $1) ON CONFLICT DO NOTHING`,
    [cbbId, account, visibility],
  );
}

interface Held {
  readonly account_id: string;
  readonly visibility: CbbVisibility;
}

const HELD = `SELECT v.account_id, COALESCE(p.visibility, 'public') AS visibility
  FROM cbb_versions v LEFT JOIN cbb_packages p USING (cbb_id) WHERE cbb_id = $1 LIMIT 1`;

const none = (cbbId: string): GenrtlError => new GenrtlError('CBB_NOT_FOUND', `The registry holds no ${cbbId}.`);

/** The package as the account may see it. CBB_NOT_FOUND. */
export async function readPackage(pool: Pool, cbbId: string, account: string): Promise<CbbPackage> {
  const [held] = await query<Held>(pool, HELD, [cbbId]);
  if (held === undefined || (held.visibility === 'private' && held.account_id !== account)) throw none(cbbId);
  const owners =
    held.account_id === account
      ? await query<CbbPackage['owners'][number]>(
          pool,
          `SELECT u."id" AS user_id, u."name" AS name, u."email" AS email FROM cbb_owners o
           JOIN auth."user" u ON u."id" = o.user_id
           JOIN auth."member" m ON m."userId" = u."id" AND 'org_' || m."organizationId" = $2
           WHERE o.cbb_id = $1 ORDER BY u."email"`,
          [cbbId, account],
        )
      : [];
  const versions = await query<{
    version: string;
    published_at: Date;
    yanked: boolean;
    downloads: number;
    passes: number;
  }>(
    pool,
    `SELECT v.version, v.published_at, y.version IS NOT NULL AS yanked, COALESCE(d.count, 0) AS downloads,
       (SELECT count(*) FROM cbb_passes s WHERE s.cbb_id = v.cbb_id AND s.version = v.version) AS passes
     FROM cbb_versions v LEFT JOIN cbb_yanks y USING (cbb_id, version) LEFT JOIN cbb_downloads d USING (cbb_id, version)
     WHERE v.cbb_id = $1 ORDER BY v.published_at DESC`,
    [cbbId],
  );
  return {
    cbb_id: cbbId,
    visibility: held.visibility,
    owners,
    versions: versions.map(({ published_at, ...row }) => ({ ...row, published_at: published_at.toISOString() })),
  };
}

/**
 * Private or public from now on. FORBIDDEN for another's, and for hiding what other accounts have bought: they keep
 * what they paid for.
 */
export function setVisibility(pool: Pool, cbbId: string, account: string, visibility: CbbVisibility): Promise<void> {
  return inTransaction(pool, 'package.change', async (tx) => {
    await requireTheirs(tx, cbbId, account);
    if (visibility === 'private') {
      const { rowCount } = await tx.query(
        'SELECT 1 FROM entitlements WHERE cbb_id = $1 AND account_id <> $2 AND revoked_at IS NULL LIMIT 1',
        [cbbId, account],
      );
      if (rowCount !== 0)
        throw new GenrtlError('FORBIDDEN', `Others have bought ${cbbId}: it stays public`, {
          hint: 'Withdraw its versions instead: installed copies keep working, nothing new chooses them.',
        });
    }
    await tx.query(
      `INSERT INTO cbb_packages (cbb_id, account_id, visibility) VALUES ($1, $2, $3)
       ON CONFLICT (cbb_id) DO UPDATE SET visibility = $3`,
      [cbbId, account, visibility],
    );
  });
}

/** Names a member of the organisation as owner of the package, or no longer. NOT_FOUND for who is no member. */
export function setOwner(pool: Pool, cbbId: string, account: string, userId: string, owns: boolean): Promise<void> {
  return inTransaction(pool, 'package.change', async (tx) => {
    await requireTheirs(tx, cbbId, account);
    if (!owns) {
      await tx.query('DELETE FROM cbb_owners WHERE cbb_id = $1 AND user_id = $2', [cbbId, userId]);
      return;
    }
    const { rowCount } = await tx.query(
      `SELECT 1 FROM auth."member" WHERE "userId" = $1 AND 'org_' || "organizationId" = $2`,
      [userId, account],
    );
    if (rowCount === 0) throw new GenrtlError('NOT_FOUND', 'Nobody of the organisation has this id');
    await tx.query('INSERT INTO cbb_owners (cbb_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [cbbId, userId]);
  });
}

async function requireTheirs(tx: Queryable, cbbId: string, account: string): Promise<void> {
  const { rows } = await tx.query<Held>(HELD, [cbbId]);
  const [held] = rows;
  if (held === undefined || (held.visibility === 'private' && held.account_id !== account)) throw none(cbbId);
  if (held.account_id !== account) throw notTheirs(cbbId);
}

/** Of an archive that was sent whole. */
export async function countDownload(pool: Pool, cbbId: string, version: string): Promise<void> {
  await inStatement(
    pool,
    'package.download',
    `INSERT INTO cbb_downloads (cbb_id, version, count) VALUES ($1, $2, 1)
     ON CONFLICT (cbb_id, version) DO UPDATE SET count = cbb_downloads.count + 1`,
    [cbbId, version],
  );
}

/** Once for a job and version, of versions that the account has bought; how many were new. */
export async function countPasses(
  pool: Pool,
  account: string,
  jobId: string,
  cbbs: readonly { readonly cbb_id: string; readonly version: string }[],
): Promise<number> {
  const rows = await inStatement(
    pool,
    'package.pass',
    `INSERT INTO cbb_passes (cbb_id, version, account_id, job_id)
     SELECT DISTINCT asked.cbb_id, asked.version, $1, $2 FROM unnest($3::text[], $4::text[]) AS asked (cbb_id, version)
     JOIN entitlements e ON e.account_id = $1 AND e.cbb_id = asked.cbb_id AND e.version = asked.version
       AND e.revoked_at IS NULL
     ON CONFLICT DO NOTHING RETURNING 1`,
    [account, jobId, cbbs.map(({ cbb_id }) => cbb_id), cbbs.map(({ version }) => version)],
  );
  return rows.length;
}
