// Which files belong to purchased packages.

/** `.genRTL/vendor/…` in any letter case, also behind `./` or an absolute workspace path. */
export function isVendorFile(file: string): boolean {
  return /(^|\/)\.genrtl\/vendor\//i.test(file.replaceAll('\\', '/'));
}

/** `cbb_fifo_sync` of `.genRTL/vendor/cbb/cbb_fifo_sync/1.0.0/rtl/x.sv`. */
export function packageOf(file: string): string | null {
  return /(?:^|\/)\.genrtl\/vendor\/cbb\/([^/]+)\//i.exec(file.replaceAll('\\', '/'))?.[1] ?? null;
}
