// A repository in memory with the rules of the table: a version is inserted once and never changes. For tests only.
import type { PublishedVersion, RegistryRepository } from '../registry/repository.ts';

export function memoryRepository(): RegistryRepository & { readonly rows: Map<string, PublishedVersion> } {
  const rows = new Map<string, PublishedVersion>();
  const key = (cbbId: string, version: string): string => `${cbbId} ${version}`;
  return {
    rows,
    all: async () => [...rows.values()],
    find: async (cbbId, version) => rows.get(key(cbbId, version)) ?? null,
    insert: async (published) => {
      const name = key(published.listing.manifest.cbb_id, published.listing.manifest.version);
      if (rows.has(name)) return false;
      rows.set(name, published);
      return true;
    },
  };
}
