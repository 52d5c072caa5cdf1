// Where installed packages lie, and which files are theirs. Paths are relative to the workspace, with forward slashes.
import { CbbId, Semver } from '@genrtl/contracts';

export const VENDOR_FOLDER = '.genRTL/vendor';

/** `.genRTL/vendor/cbb/<id>/<version>`. Throws on ids that are none. */
export function packageFolder(id: { readonly cbb_id: string; readonly version: string }): string {
  return `${VENDOR_FOLDER}/cbb/${CbbId.parse(id.cbb_id)}/${Semver.max(64).parse(id.version)}`;
}

/**
 * A file of a package, or the vendor folder itself: in any letter case, also behind `./`, a backslash, or an absolute
 * workspace path, as tools name files.
 */
export function isVendorFile(file: string): boolean {
  return /(^|\/)\.genrtl\/vendor(\/|$)/i.test(file.replaceAll('\\', '/'));
}

/** `cbb_fifo_sync` of `.genRTL/vendor/cbb/cbb_fifo_sync/1.0.0/rtl/x.sv`. */
export function packageOf(file: string): string | null {
  return /(?:^|\/)\.genrtl\/vendor\/cbb\/([^/]+)\//i.exec(file.replaceAll('\\', '/'))?.[1] ?? null;
}
