// SQL of published versions: the only place of the registry that speaks to the database.
import { CbbEvidence, CbbManifest } from '@genrtl/contracts';
import { GenrtlError, type CbbListing, type SignedStatement } from '@genrtl/contracts';
import { inTransaction, query, storableText, toJsonb } from '../db/index.ts';
import type { Pool, Queryable } from '../db/index.ts';
import { looksLike, skeletonOf } from './names.ts';

/** One published version with what a delivery needs beside the listing. */
export interface PublishedVersion {
  readonly listing: CbbListing;
  /** base64 detached Ed25519 signature over the archive */
  readonly signature: string;
  /** base64 SPKI of the key that signed */
  readonly publicKey: string;
  /** what the registry states of it; absent for versions of before there were statements */
  readonly statement?: SignedStatement;
}

export interface ReportRow {
  readonly report_id: string;
  readonly cbb_id: string;
  readonly version: string;
  readonly message: string;
  readonly evidence: string | null;
  readonly created_at: Date;
}

export interface RegistryRepository {
  /** Every version of every package, in no particular order. */
  all(): Promise<readonly PublishedVersion[]>;
  find(cbbId: string, version: string): Promise<PublishedVersion | null>;
  statement(cbbId: string, version: string): Promise<SignedStatement | null>;
  /** Withdraws a version, or takes that back with null. FORBIDDEN for another's, CBB_NOT_FOUND. */
  yank(cbbId: string, version: string, account: string, reason: string | null): Promise<void>;
  /** Versions that the account published, the newest first. */
  ownedBy(account: string): Promise<readonly CbbListing[]>;
  /** About the account's packages, the newest first. */
  reportsFor(account: string): Promise<readonly ReportRow[]>;
  /**
   * False when the version exists already, which then stays as it is. CBB_GATE_FAILED for a name that looks like
   * another package's, FORBIDDEN for a package of another publisher.
   */
  insert(published: PublishedVersion, account: string): Promise<boolean>;
}

interface Row {
  readonly manifest: unknown;
  readonly evidence: unknown;
  readonly sha256: string;
  readonly size_bytes: number;
  readonly signature: string;
  readonly public_key: string;
  readonly published_at: Date;
  readonly yank_reason: string | null;
  readonly yanked_at: Date | null;
}

const VERSIONS = `SELECT manifest, evidence, sha256, size_bytes, signature, public_key, published_at, y.reason AS yank_reason,
    y.yanked_at FROM cbb_versions v LEFT JOIN cbb_yanks y USING (cbb_id, version)`;

export function createRegistryRepository(pool: Pool): RegistryRepository {
  return {
    async all() {
      return (await query<Row>(pool, VERSIONS)).map(fromRow);
    },
    async find(cbbId, version) {
      const rows = await query<Row>(pool, `${VERSIONS} WHERE v.cbb_id = $1 AND v.version = $2`, [cbbId, version]);
      return rows[0] === undefined ? null : fromRow(rows[0]);
    },
    async ownedBy(account) {
      const rows = await query<Row>(pool, `${VERSIONS} WHERE v.account_id = $1 ORDER BY published_at DESC, cbb_id`, [
        account,
      ]);
      return rows.map((row) => fromRow(row).listing);
    },
    async statement(cbbId, version) {
      const rows = await query<SignedStatement>(
        pool,
        'SELECT statement, signature, public_key FROM cbb_statements WHERE cbb_id = $1 AND version = $2',
        [cbbId, version],
      );
      return rows[0] ?? null;
    },
    yank: (cbbId, version, account, reason) =>
      inTransaction(pool, 'package.yank', async (tx) => {
        const { rows } = await tx.query<{ account_id: string }>(
          'SELECT account_id FROM cbb_versions WHERE cbb_id = $1 AND version = $2',
          [cbbId, version],
        );
        if (rows[0] === undefined) throw new GenrtlError('CBB_NOT_FOUND', `The registry holds no ${cbbId} ${version}.`);
        if (rows[0].account_id !== account) throw notTheirs(cbbId);
        if (reason === null)
          await tx.query('DELETE FROM cbb_yanks WHERE cbb_id = $1 AND version = $2', [cbbId, version]);
        else
          await tx.query(
            `INSERT INTO cbb_yanks (cbb_id, version, account_id, reason) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
            [cbbId, version, account, storableText(reason)],
          );
      }),
    reportsFor: (account) =>
      query<ReportRow>(
        pool,
        `SELECT r.report_id, r.cbb_id, r.version, r.message, r.evidence, r.created_at FROM cbb_reports r
         WHERE EXISTS (SELECT 1 FROM cbb_versions v WHERE v.cbb_id = r.cbb_id AND v.version = r.version AND v.account_id = $1)
         ORDER BY r.created_at DESC LIMIT 500`,
        [account],
      ),
    async insert({ listing, signature, publicKey, statement }, account) {
      const { manifest, evidence } = listing;
      const values = [
        manifest.cbb_id,
        manifest.version,
        account,
        toJsonb(manifest),
        evidence === undefined ? null : toJsonb(evidence),
        listing.sha256,
        listing.size_bytes,
        signature,
        publicKey,
        listing.published_at,
      ];
      return inTransaction(pool, 'package.publish', async (tx) => {
        await claimName(tx, manifest.cbb_id, account);
        const { rowCount } = await tx.query(
          `INSERT INTO cbb_versions (cbb_id, version, account_id, manifest, evidence, sha256, size_bytes, signature, public_key, published_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
          values,
        );
        if (rowCount === 1) {
          if (statement !== undefined)
            await tx.query(
              'INSERT INTO cbb_statements (cbb_id, version, statement, signature, public_key) VALUES ($1, $2, $3, $4, $5)',
              [manifest.cbb_id, manifest.version, statement.statement, statement.signature, statement.public_key],
            );
          return true;
        }
        // The same publication to the millisecond is this very call's, whose commit was not heard of.
        const own = await tx.query(
          `SELECT 1 FROM cbb_versions WHERE cbb_id = $1 AND version = $2 AND account_id = $3 AND sha256 = $4
             AND signature = $5 AND published_at = $6`,
          [manifest.cbb_id, manifest.version, account, listing.sha256, signature, listing.published_at],
        );
        return own.rowCount === 1;
      });
    },
  };
}

/** The name belongs to whoever published it first, with all that looks like it. */
async function claimName(tx: Queryable, cbbId: string, account: string): Promise<void> {
  // packages of before names were kept
  const { rows: unclaimed } = await tx.query<{ cbb_id: string; account_id: string }>(
    `SELECT DISTINCT ON (cbb_id) cbb_id, account_id FROM cbb_versions v
     WHERE NOT EXISTS (SELECT 1 FROM cbb_names n WHERE n.cbb_id = v.cbb_id) ORDER BY cbb_id, published_at`,
  );
  for (const one of [...unclaimed, { cbb_id: cbbId, account_id: account }])
    await tx.query('INSERT INTO cbb_names (skeleton, cbb_id, account_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      skeletonOf(one.cbb_id),
      one.cbb_id,
      one.account_id,
    ]);
  const { rows } = await tx.query<{ cbb_id: string; account_id: string }>(
    'SELECT cbb_id, account_id FROM cbb_names WHERE skeleton = $1',
    [skeletonOf(cbbId)],
  );
  const [owner] = rows;
  if (owner !== undefined && owner.cbb_id !== cbbId) throw looksLike(cbbId, owner.cbb_id);
  if (owner !== undefined && owner.account_id !== account) throw notTheirs(cbbId);
}

const notTheirs = (cbbId: string): GenrtlError =>
  new GenrtlError('FORBIDDEN', `${cbbId} is another publisher’s`, { hint: 'Publish under a name of your own.' });

function fromRow(row: Row): PublishedVersion {
  return {
    listing: {
      manifest: CbbManifest.parse(row.manifest),
      sha256: row.sha256,
      size_bytes: row.size_bytes,
      published_at: row.published_at.toISOString(),
      ...(row.yanked_at === null ? {} : { yanked: { reason: row.yank_reason ?? '', at: row.yanked_at.toISOString() } }),
      ...(row.evidence === null ? {} : { evidence: CbbEvidence.parse(row.evidence) }),
    },
    signature: row.signature,
    publicKey: row.public_key,
  };
}
