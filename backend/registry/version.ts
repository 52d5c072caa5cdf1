// Which version of a package is the one to offer.
import type { CbbManifest } from '@genrtl/contracts';
import { compareVersions } from '@genrtl/core/cbb/match.ts';

/** The highest version of each package; a prerelease only where there is no release. Sorted by id. */
export function newestOfEach<T extends { readonly manifest: CbbManifest }>(listings: readonly T[]): T[] {
  const newest = new Map<string, T>();
  for (const listing of listings) {
    const best = newest.get(listing.manifest.cbb_id);
    if (best === undefined || isNewer(listing.manifest.version, best.manifest.version))
      newest.set(listing.manifest.cbb_id, listing);
  }
  return [...newest.values()].sort((a, b) => (a.manifest.cbb_id < b.manifest.cbb_id ? -1 : 1));
}

function isNewer(candidate: string, than: string): boolean {
  const released = !candidate.includes('-');
  return released === !than.includes('-') ? compareVersions(candidate, than) > 0 : released;
}
