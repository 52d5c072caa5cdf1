// SQL of published versions: the only place of the registry that speaks to the database.
import { CbbEvidence, CbbManifest } from '@genrtl/contracts';
import type { CbbListing } from '@genrtl/contracts';
import { inTransaction, query, toJsonb } from '../db/index.ts';
import type { Pool } from '../db/index.ts';

/** One published version with what a delivery needs beside the listing. */
export interface PublishedVersion {
  readonly listing: CbbListing;
  /** base64 detached Ed25519 signature over the archive */
  readonly signature: string;
  /** base64 SPKI of the key that signed */
  readonly publicKey: string;
}

export interface RegistryRepository {
  /** Every version of every package, in no particular order. */
  all(): Promise<readonly PublishedVersion[]>;
  find(cbbId: string, version: string): Promise<PublishedVersion | null>;
  /** False when the version exists already, which then stays as it is. */
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
}

const COLUMNS = 'manifest, evidence, sha256, size_bytes, signature, public_key, published_at';

export function createRegistryRepository(pool: Pool): RegistryRepository {
  return {
    async all() {
      return (await query<Row>(pool, `SELECT ${COLUMNS} FROM cbb_versions`)).map(fromRow);
    },
    async find(cbbId, version) {
      const rows = await query<Row>(pool, `SELECT ${COLUMNS} FROM cbb_versions WHERE cbb_id = $1 AND version = $2`, [
        cbbId,
        version,
      ]);
      return rows[0] === undefined ? null : fromRow(rows[0]);
    },
    async insert({ listing, signature, publicKey }, account) {
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
        const { rowCount } = await tx.query(
          `INSERT INTO cbb_versions (cbb_id, version, account_id, manifest, evidence, sha256, size_bytes, signature, public_key, published_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
          values,
        );
        if (rowCount === 1) return true;
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

function fromRow(row: Row): PublishedVersion {
  return {
    listing: {
      manifest: CbbManifest.parse(row.manifest),
      sha256: row.sha256,
      size_bytes: row.size_bytes,
      published_at: row.published_at.toISOString(),
      ...(row.evidence === null ? {} : { evidence: CbbEvidence.parse(row.evidence) }),
    },
    signature: row.signature,
    publicKey: row.public_key,
  };
}
