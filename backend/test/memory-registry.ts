// A repository in memory with the rules of the table: a version is inserted once and never changes. For tests only.
import type { PublishedVersion, RegistryRepository } from '../registry/repository/versions.ts';

export function memoryRepository(): RegistryRepository & { readonly rows: Map<string, PublishedVersion> } {
  const rows = new Map<string, PublishedVersion>();
  const key = (cbbId: string, version: string): string => `${cbbId} ${version}`;
  return {
    rows,
    all: async () => [...rows.values()],
    find: async (cbbId, version) => rows.get(key(cbbId, version)) ?? null,
    statement: async (cbbId, version) => rows.get(key(cbbId, version))?.statement ?? null,
    yank: async (cbbId, version, _account, reason) => {
      const row = rows.get(key(cbbId, version));
      if (row === undefined) return;
      const { yanked: _before, ...listing } = row.listing;
      rows.set(key(cbbId, version), {
        ...row,
        listing: reason === null ? listing : { ...listing, yanked: { reason, at: '2026-01-01T00:00:00.000Z' } },
      });
    },
    requireName: async () => undefined,
    ownedBy: async () => [],
    insert: async (published) => {
      const name = key(published.listing.manifest.cbb_id, published.listing.manifest.version);
      if (rows.has(name)) return false;
      rows.set(name, published);
      return true;
    },
  };
}
