// The registry as the rest of the backend sees it: lookup, search, resolve, sources for prompts, archives for
// deliveries.
import type { Readable } from 'node:stream';
import { GenrtlError } from '@genrtl/contracts';
import type { CbbListing, RegistryKeys, Requirement, Resolution } from '@genrtl/contracts';
import type { PackageCatalog, PackageView } from './package-catalog.ts';
import type { ObjectStore } from '../objects/index.ts';
import { unpack } from './pack.ts';
import type { PublishedVersion, RegistryRepository } from './repository/versions.ts';
import { resolveRequirements } from './resolve.ts';
import { searchListings } from './search.ts';
import { newestOfEach } from './version.ts';

export interface Registry extends PackageCatalog {
  /** The bytes of a version's archive. CBB_NOT_FOUND; CBB_UNDELIVERABLE when the object store has lost them. */
  openArchive(
    cbbId: string,
    version: string,
  ): Promise<{ readonly sizeBytes: number; readonly sha256: string; readonly stream: Readable }>;
}

/** A published version never changes, so what was unpacked once may be kept: so many packages at most. */
const KEPT_SOURCES = 32;

export function createRegistry({
  repository,
  objects,
  keys,
}: {
  readonly repository: RegistryRepository;
  readonly objects: ObjectStore;
  /** the registry's keys as they are now; absent: there was never another */
  readonly keys?: () => Promise<RegistryKeys>;
}): Registry {
  const kept = new Map<string, { path: string; text: string }[]>();

  const listings = async (viewer: string): Promise<CbbListing[]> =>
    newestOfEach(
      (await repository.all(viewer)).map(({ listing }) => listing).filter(({ yanked }) => yanked === undefined),
    );

  const required = async (cbbId: string, version: string, viewer: string | null): Promise<PublishedVersion> => {
    const found = await repository.find(cbbId, version, viewer);
    if (found === null) throw new GenrtlError('CBB_NOT_FOUND', `The registry holds no ${cbbId} ${version}.`);
    return found;
  };

  const view = (viewer: string): PackageView => ({
    latest: () => listings(viewer),

    async find(cbbId, version) {
      return (await repository.find(cbbId, version, viewer))?.listing ?? null;
    },

    async search(query) {
      return searchListings(query, await listings(viewer));
    },

    async resolve(requirements: readonly Requirement[]): Promise<Resolution[]> {
      return resolveRequirements(requirements, await listings(viewer));
    },

    async sources(cbbId, version) {
      const { listing } = await required(cbbId, version, viewer);
      const cached = kept.get(listing.sha256);
      if (cached !== undefined) return cached;
      const wanted = new Set(listing.manifest.filesets.rtl);
      const files = await unpack(await readArchive(objects, listing));
      const sources = files
        .filter(({ path }) => wanted.has(path))
        .map(({ path, bytes }) => ({ path, text: bytes.toString('utf8') }));
      if (kept.size >= KEPT_SOURCES) kept.delete(kept.keys().next().value ?? '');
      kept.set(listing.sha256, sources);
      return sources;
    },

    async readme(cbbId, version) {
      const { listing } = await required(cbbId, version, viewer);
      const files = await unpack(await readArchive(objects, listing));
      return files.find(({ path }) => path === 'README.md')?.bytes.toString('utf8') ?? null;
    },
  });

  return {
    seenBy: view,

    async signatureOf(cbbId, version) {
      const { signature, publicKey } = await required(cbbId, version, null);
      const registry = await keys?.();
      return {
        signature,
        public_key: publicKey,
        ...(registry === undefined || registry.vouchers.length === 0 ? {} : { registry }),
      };
    },

    async openArchive(cbbId, version) {
      const { listing } = await required(cbbId, version, null);
      const { sizeBytes, stream } = await objects.open(listing.sha256).catch(undeliverable(listing));
      return { sizeBytes, sha256: listing.sha256, stream };
    },
  };
}

async function readArchive(objects: ObjectStore, listing: CbbListing): Promise<Buffer> {
  return objects.read(listing.sha256).catch(undeliverable(listing));
}

function undeliverable(listing: CbbListing): (cause: unknown) => never {
  return (cause) => {
    const { cbb_id, version } = listing.manifest;
    throw new GenrtlError(
      'CBB_UNDELIVERABLE',
      `The archive of ${cbb_id} ${version} is missing or damaged in the object store.`,
      { cause },
    );
  };
}
