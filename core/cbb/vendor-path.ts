// Where installed packages lie, and which files are theirs. Paths are relative to the workspace, with forward slashes.
import { CBB_ID, SEMVER } from '@genrtl/contracts/patterns.ts';

export const VENDOR_FOLDER = '.genRTL/vendor';

const MAX_VERSION_CHARS = 64;

/** `.genRTL/vendor/cbb/<id>/<version>`. Throws RangeError on ids that are none. */
export function packageFolder({ cbb_id, version }: { readonly cbb_id: string; readonly version: string }): string {
  if (!CBB_ID.test(cbb_id) || !SEMVER.test(version) || version.length > MAX_VERSION_CHARS)
    throw new RangeError(`not a package: ${cbb_id} ${version}`);
  return `${VENDOR_FOLDER}/cbb/${cbb_id}/${version}`;
}

/**
 * A file of a package, or the vendor folder itself: in any letter case, also behind `./`, a backslash, or an absolute
 * workspace path, as tools name files.
 */
export function isVendorFile(file: string): boolean {
  return /(^|\/)\.genrtl\/vendor(\/|$)/i.test(file.replaceAll('\\', '/'));
}

/** `cbb_fifo_sync` of `.genRTL/vendor/cbb/cbb_fifo_sync/1.0.0/rtl/x.sv`, `@org/fifo` of `…/cbb/@org/fifo/1.0.0/…`. */
export function packageOf(file: string): string | null {
  return /(?:^|\/)\.genrtl\/vendor\/cbb\/(@[^/]+\/[^/]+|[^/]+)\//i.exec(file.replaceAll('\\', '/'))?.[1] ?? null;
}
