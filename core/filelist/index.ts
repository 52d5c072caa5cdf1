// File lists that tools compile from: installed packages, then the person's own sources. Pure; main/cbb reads and
// writes.
import { orderPackages } from './package-order.ts';
import type { InstalledPackage } from './package-order.ts';
import { includedSources, orderSources } from './source-order.ts';
import type { SourceText } from './source-order.ts';

export { orderPackages } from './package-order.ts';
export type { InstalledPackage } from './package-order.ts';
export { includedSources, orderSources } from './source-order.ts';
export type { SourceText } from './source-order.ts';

/** Paths relative to the workspace root, forward slashes, in compile order. */
export interface Filelists {
  /** RTL of the packages, then src/ */
  readonly rtl: readonly string[];
  /** tb/; the packages' own testbenches stay out, they have tops of their own */
  readonly tb: readonly string[];
  readonly includeDirs: readonly string[];
}

export interface FilelistInput {
  readonly packages: readonly InstalledPackage[];
  /** Verilog and SystemVerilog files below src/ */
  readonly src: readonly SourceText[];
  /** the same below tb/ */
  readonly tb: readonly SourceText[];
}

const SOURCE = /\.(sv|v)$/i;
const HEADER = /\.(svh|vh)$/i;

/** True for files that belong into a file list or whose folder belongs into the include path. */
export function isHdlSource(path: string): boolean {
  return SOURCE.test(path) || HEADER.test(path);
}

export function buildFilelists(input: FilelistInput): Filelists {
  const packages = orderPackages(input.packages);
  const own = [...input.src, ...input.tb];
  const included = includedSources(own);
  const compiled = (files: readonly SourceText[]): SourceText[] =>
    files.filter((file) => SOURCE.test(file.path) && !included.has(file.path)).sort(byPath);
  const headers = own
    .filter((file) => HEADER.test(file.path))
    .map((file) => parentOf(file.path))
    .sort();
  return {
    rtl: [
      ...packages.flatMap((each) => each.manifest.filesets.rtl.map((file) => `${each.folder}/${file}`)),
      ...orderSources(compiled(input.src)),
    ],
    tb: orderSources(compiled(input.tb)),
    includeDirs: [
      ...new Set([
        ...packages.flatMap((each) =>
          each.manifest.include_dirs.map((dir) => (dir === '.' ? each.folder : `${each.folder}/${dir}`)),
        ),
        ...headers,
      ]),
    ],
  };
}

/** One path a line, as `-f` of every simulator reads it. */
export function formatFilelist(paths: readonly string[]): string {
  return paths.map((path) => `${path}\n`).join('');
}

/** Reads what formatFilelist wrote; blank lines are passed over. */
export function parseFilelist(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function byPath(a: SourceText, b: SourceText): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || '.';
}
