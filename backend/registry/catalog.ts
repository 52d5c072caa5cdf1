// The built-in packages: at start each folder of resources/cbb that has passed the publishing gate becomes a published
// version.
import { Readable } from 'node:stream';
import { readdir, readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CbbEvidence, GenrtlError, type CbbVisibility } from '@genrtl/contracts';
import type { ObjectStore } from '../objects/index.ts';
import { EVIDENCE_FILE, readPackage, sourceHash } from './package-source.ts';
import type { PackageSource } from './package-source.ts';
import { pack } from './pack.ts';
import { PLATFORM } from './repository/claims.ts';
import type { RegistryRepository } from './repository/versions.ts';
import type { SigningKey } from './sign.ts';
import { statementOf } from './statement.ts';

export const BUILTIN_PACKAGES = join(import.meta.dirname, '../../resources/cbb');

export interface CatalogReport {
  /** `<cbb_id> <version>` of each package that is new */
  readonly published: readonly string[];
  readonly unchanged: readonly string[];
  /** packages that were left out, with the reason; never fatal, since one bad package must not stop a backend */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

export interface CatalogParts {
  readonly repository: RegistryRepository;
  readonly objects: ObjectStore;
  readonly key: SigningKey;
  readonly now?: () => Date;
}

/**
 * Publishes what is not yet published. A version that differs from the published one of the same number is refused:
 * what people bought does not change under them. Costs one query and some milliseconds of packing when nothing is new.
 */
export async function publishBuiltins(parts: CatalogParts, folder = BUILTIN_PACKAGES): Promise<CatalogReport> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const existing = new Map(
    (await parts.repository.all(null)).map(({ listing }) => [
      key(listing.manifest.cbb_id, listing.manifest.version),
      listing.sha256,
    ]),
  );
  const published: string[] = [];
  const unchanged: string[] = [];
  const refused: { name: string; reason: string }[] = [];
  await Promise.all(
    names.map(async (name) => {
      try {
        const source = await readPackage(join(folder, name));
        const evidence = await readEvidence(join(folder, name), source);
        const label = key(source.manifest.cbb_id, source.manifest.version);
        ((await publishPackage(parts, source, evidence, existing.get(label) ?? null)) ? published : unchanged).push(
          label,
        );
      } catch (error) {
        if (!(error instanceof GenrtlError)) throw error;
        refused.push({ name, reason: error.message });
      }
    }),
  );
  return { published: published.sort(), unchanged: unchanged.sort(), refused };
}

/**
 * Stores the archive, then the row that names it. True when the version is new. Throws CBB_GATE_FAILED when the
 * evidence is not about this source or says that it failed, or when the version is already published with other
 * contents.
 */
export async function publishPackage(
  { repository, objects, key: signingKey, now = () => new Date() }: CatalogParts,
  source: PackageSource,
  evidence: CbbEvidence,
  known: string | null = null,
  publisher = PLATFORM,
  visibility: CbbVisibility = 'public',
): Promise<boolean> {
  const { manifest } = source;
  const label = key(manifest.cbb_id, manifest.version);
  if (!evidence.passed) throw new GenrtlError('CBB_GATE_FAILED', `${label} did not pass the publishing gate.`);
  if (evidence.source_sha256 !== sourceHash(source)) {
    throw new GenrtlError(
      'CBB_GATE_FAILED',
      `The evidence of ${label} is about another source; run the publishing gate again.`,
    );
  }
  const archive = pack(source.files);
  const sha256 = createHash('sha256').update(archive).digest('hex');
  const published = known ?? (await repository.find(manifest.cbb_id, manifest.version, null))?.listing.sha256 ?? null;
  if (published !== null && published !== sha256) throw publishedOtherwise(label);
  // Put back also when the row exists already: the object folder may have been lost without the database.
  if ((await objects.size(sha256)) === null) await objects.put(Readable.from([archive]), { expected: sha256 });
  if (published !== null) return false;
  const listing = { manifest, sha256, size_bytes: archive.byteLength, published_at: now().toISOString(), evidence };
  const statement = JSON.stringify(statementOf(listing));
  const inserted = await repository.insert(
    {
      listing,
      signature: signingKey.sign(archive),
      publicKey: signingKey.publicKey,
      statement: {
        statement,
        signature: signingKey.sign(Buffer.from(statement)),
        public_key: signingKey.publicKey,
      },
    },
    publisher,
    visibility,
  );
  if (!inserted && (await repository.find(manifest.cbb_id, manifest.version, null))?.listing.sha256 !== sha256)
    throw publishedOtherwise(label);
  return inserted;
}

/** Also when two publishers race: the first one's contents stay. */
function publishedOtherwise(label: string): GenrtlError {
  return new GenrtlError('CBB_GATE_FAILED', `${label} is already published with other contents; raise the version.`);
}

async function readEvidence(folder: string, source: PackageSource): Promise<CbbEvidence> {
  const name = source.manifest.cbb_id;
  const text = await readFile(join(folder, EVIDENCE_FILE), 'utf8').catch((cause: unknown) => {
    throw new GenrtlError('CBB_GATE_FAILED', `${name} has no evidence of the publishing gate.`, { cause });
  });
  const parsed = CbbEvidence.safeParse(safeJson(text));
  if (!parsed.success) throw new GenrtlError('CBB_GATE_FAILED', `The evidence of ${name} cannot be read.`);
  return parsed.data;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function key(cbbId: string, version: string): string {
  return `${cbbId} ${version}`;
}
