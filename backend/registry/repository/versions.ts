// SQL of published versions.
import { CbbEvidence, CbbManifest, GenrtlError } from '@genrtl/contracts';
import type { CbbListing, CbbVisibility, SignedStatement } from '@genrtl/contracts';
import { inTransaction, query, reading, storableText, toJsonb } from '../../db/index.ts';
import type { Pool, Queryable } from '../../db/index.ts';
import { claimName, notTheirs, requireName, type Publisher } from './claims.ts';
import { keepPackage } from './packages.ts';

/** One published version with what a delivery needs beside the listing. */
export interface PublishedVersion {
  readonly listing: CbbListing;
  /** base64 detached Ed25519 signature over the archive */
  readonly signature: string;
  /** base64 SPKI of the key that signed */
  readonly publicKey: string;
  /** the account that published it */
  readonly owner?: string;
  /** what the registry states of it; absent for versions of before there were statements */
  readonly statement?: SignedStatement;
}

export interface RegistryRepository {
  /** Every version of every package that the account may see, in no particular order; null: of all there are. */
  all(viewer: string | null): Promise<readonly PublishedVersion[]>;
  find(cbbId: string, version: string, viewer: string | null): Promise<PublishedVersion | null>;
  /** FORBIDDEN, CBB_GATE_FAILED for a name that the publisher may not publish under; takes nothing. */
  requireName(cbbId: string, publisher: Publisher): Promise<void>;
  statement(cbbId: string, version: string): Promise<SignedStatement | null>;
  /**
   * Withdraws a version, or takes that back with null. CBB_NOT_FOUND for one that the publisher does not see, FORBIDDEN
   * for another's, and for taking back what the operators withdrew.
   */
  yank(cbbId: string, version: string, publisher: Publisher, reason: string | null): Promise<void>;
  /** Versions that the account published, the newest first. */
  ownedBy(account: string): Promise<readonly CbbListing[]>;
  /**
   * False when the version exists already, which then stays as it is. CBB_GATE_FAILED for a name that looks like
   * another package's, FORBIDDEN for a package of another publisher.
   */
  insert(published: PublishedVersion, publisher: Publisher, visibility?: CbbVisibility): Promise<boolean>;
}

/** What of a version may change. */
interface Standing {
  readonly cbb_id: string;
  readonly version: string;
  readonly visibility: CbbVisibility | null;
  readonly downloads: number;
  readonly passes: number;
  readonly yank_reason: string | null;
  readonly yanked_at: Date | null;
}

/** What never does: the database refuses it. */
interface Row {
  readonly cbb_id: string;
  readonly version: string;
  readonly manifest: unknown;
  readonly evidence: unknown;
  readonly sha256: string;
  readonly size_bytes: number;
  readonly signature: string;
  readonly public_key: string;
  readonly published_at: Date;
  readonly account_id: string;
}

const STANDING = `SELECT v.cbb_id, v.version, p.visibility, y.reason AS yank_reason, y.yanked_at,
    COALESCE(d.count, 0) AS downloads,
    (SELECT count(*) FROM cbb_passes s WHERE s.cbb_id = v.cbb_id AND s.version = v.version) AS passes
  FROM cbb_versions v LEFT JOIN cbb_yanks y USING (cbb_id, version) LEFT JOIN cbb_packages p USING (cbb_id)
    LEFT JOIN cbb_downloads d USING (cbb_id, version)`;
/** $1: the account that looks, or null for the registry itself */
const SEEN = `($1::text IS NULL OR p.visibility IS DISTINCT FROM 'private' OR p.account_id = $1)`;

/** Versions that a process has read and understood; the longest known go first. */
const MOST_KNOWN = 2_000;

class KnownVersions {
  readonly #pool: Pool;
  readonly #known = new Map<string, PublishedVersion>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async of(standings: readonly Standing[]): Promise<PublishedVersion[]> {
    const missing = standings.filter((standing) => !this.#known.has(nameOf(standing)));
    const read = new Map<string, PublishedVersion>();
    for (const row of missing.length === 0 ? [] : await this.#read(missing)) read.set(nameOf(row), fromRow(row));
    const versions = standings.map((standing) => {
      const name = nameOf(standing);
      const version = this.#known.get(name) ?? read.get(name);
      if (version === undefined) throw new Error(`${standing.cbb_id} ${standing.version} is gone`);
      return asItStands(version, standing);
    });
    for (const [name, version] of read) this.#known.set(name, version);
    for (const name of this.#known.keys()) {
      if (this.#known.size <= MOST_KNOWN) break;
      this.#known.delete(name);
    }
    return versions;
  }

  #read(missing: readonly Standing[]): Promise<Row[]> {
    return query<Row>(
      this.#pool,
      `SELECT cbb_id, version, manifest, evidence, sha256, size_bytes, signature, public_key, published_at, account_id
       FROM unnest($1::text[], $2::text[]) AS asked (cbb_id, version) JOIN cbb_versions USING (cbb_id, version)`,
      [missing.map(({ cbb_id: id }) => id), missing.map(({ version }) => version)],
    );
  }
}

const nameOf = ({ cbb_id: id, version }: { readonly cbb_id: string; readonly version: string }): string =>
  `${id} ${version}`;

export function createRegistryRepository(pool: Pool): RegistryRepository {
  const known = new KnownVersions(pool);
  const standing = async (where: string, values: readonly unknown[]): Promise<PublishedVersion[]> =>
    known.of(await query<Standing>(pool, `${STANDING} WHERE ${where}`, values));
  return {
    all: (viewer) => standing(SEEN, [viewer]),
    async find(cbbId, version, viewer) {
      const [found = null] = await standing(`${SEEN} AND v.cbb_id = $2 AND v.version = $3`, [viewer, cbbId, version]);
      return found;
    },
    async ownedBy(account) {
      const own = await standing('v.account_id = $1 ORDER BY v.published_at DESC, v.cbb_id', [account]);
      return own.map(({ listing }) => listing);
    },
    async statement(cbbId, version) {
      const rows = await query<SignedStatement>(
        pool,
        'SELECT statement, signature, public_key FROM cbb_statements WHERE cbb_id = $1 AND version = $2',
        [cbbId, version],
      );
      return rows[0] ?? null;
    },
    requireName: (cbbId, publisher) => reading(pool, (tx) => requireName(tx, cbbId, publisher)),
    yank: (cbbId, version, publisher, reason) =>
      inTransaction(pool, 'package.yank', (tx) => yank(tx, cbbId, version, publisher, reason)),
    async insert({ listing, signature, publicKey, statement }, publisher, visibility = 'public') {
      const account = publisher.accountId;
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
        await claimName(tx, manifest.cbb_id, publisher);
        await keepPackage(tx, manifest.cbb_id, account, visibility);
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

async function yank(
  tx: Queryable,
  cbbId: string,
  version: string,
  publisher: Publisher,
  reason: string | null,
): Promise<void> {
  const { rows } = await tx.query<{ account_id: string; hidden: boolean; by: string | null }>(
    `SELECT v.account_id, COALESCE(p.visibility = 'private', false) AS hidden, y.account_id AS by
     FROM cbb_versions v LEFT JOIN cbb_packages p USING (cbb_id) LEFT JOIN cbb_yanks y USING (cbb_id, version)
     WHERE cbb_id = $1 AND version = $2`,
    [cbbId, version],
  );
  const [found] = rows;
  const operates = publisher.role === 'operator';
  const theirs =
    found?.account_id === publisher.accountId || (publisher.role === 'local' && found?.account_id === 'platform');
  if (found === undefined || (found.hidden && !theirs && !operates))
    throw new GenrtlError('CBB_NOT_FOUND', `The registry holds no ${cbbId} ${version}.`);
  if (!theirs && !operates) throw notTheirs(cbbId);
  if (publisher.role === 'member') await requireName(tx, cbbId, publisher);
  if (reason !== null)
    await tx.query(
      `INSERT INTO cbb_yanks (cbb_id, version, account_id, reason) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [cbbId, version, theirs ? found.account_id : 'platform', storableText(reason)],
    );
  else if (found.by !== null && found.by !== found.account_id && !operates)
    throw new GenrtlError('FORBIDDEN', `${cbbId} ${version} was withdrawn by those who run the registry`);
  else await tx.query('DELETE FROM cbb_yanks WHERE cbb_id = $1 AND version = $2', [cbbId, version]);
}

function fromRow(row: Row): PublishedVersion {
  return {
    listing: {
      // shared by all who ask from now on
      manifest: frozen(CbbManifest.parse(row.manifest)),
      sha256: row.sha256,
      size_bytes: row.size_bytes,
      published_at: row.published_at.toISOString(),
      ...(row.evidence === null ? {} : { evidence: frozen(CbbEvidence.parse(row.evidence)) }),
    },
    signature: row.signature,
    publicKey: row.public_key,
    owner: row.account_id,
  };
}

function asItStands({ listing, ...version }: PublishedVersion, standing: Standing): PublishedVersion {
  const { visibility, downloads, passes, yanked_at: at, yank_reason: reason } = standing;
  return {
    ...version,
    listing: {
      ...listing,
      ...(visibility === 'private' ? { visibility } : {}),
      counts: { downloads, passes },
      ...(at === null ? {} : { yanked: { reason: reason ?? '', at: at.toISOString() } }),
    },
  };
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
