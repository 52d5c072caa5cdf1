// Order of installed packages: what a package depends on comes before it.
import type { CbbManifest } from '@genrtl/contracts';

export interface InstalledPackage {
  /** the package's folder relative to the workspace root */
  readonly folder: string;
  readonly manifest: CbbManifest;
}

/** Dependencies first, otherwise by id; a cycle or a missing dependency leaves the order by id. One version an id. */
export function orderPackages(packages: readonly InstalledPackage[]): InstalledPackage[] {
  const byId = new Map(
    [...packages]
      .sort((a, b) => (a.manifest.cbb_id < b.manifest.cbb_id ? -1 : a.manifest.cbb_id > b.manifest.cbb_id ? 1 : 0))
      .map((each) => [each.manifest.cbb_id, each]),
  );
  const ordered: InstalledPackage[] = [];
  const seen = new Set<string>();
  const visit = (each: InstalledPackage): void => {
    if (seen.has(each.manifest.cbb_id)) return;
    seen.add(each.manifest.cbb_id);
    for (const dependency of each.manifest.dependencies) {
      const found = byId.get(dependency.cbb_id);
      if (found) visit(found);
    }
    ordered.push(each);
  };
  for (const each of byId.values()) visit(each);
  return ordered;
}
