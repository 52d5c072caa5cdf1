// File lists that tools compile from: installed packages, then the project's own sources. Pure; main/cbb reads and
// writes.
import type { ResolvedProject } from '../project/resolve.ts';
import { orderPackages } from './package-order.ts';
import type { InstalledPackage } from './package-order.ts';

export { orderPackages } from './package-order.ts';
export type { InstalledPackage } from './package-order.ts';
export type { SourceLanguage } from './source-facts.ts';

/** Values of macros; null: defined without one. */
export type Defines = Readonly<Record<string, string | null>>;

/** Paths relative to the workspace root, forward slashes, in compile order. */
export interface Filelists {
  /** RTL of the packages, then the project's */
  readonly rtl: readonly string[];
  /** the project's testbenches; the packages' own stay out, they have tops of their own */
  readonly tb: readonly string[];
  readonly includeDirs: readonly string[];
  /** what rtl is compiled with */
  readonly defines: Defines;
  /** what rtl and tb together are compiled with */
  readonly benchDefines: Defines;
  /** VHDL library by path, of files that are not of `work` */
  readonly libraries: Readonly<Record<string, string>>;
}

export interface FilelistInput {
  readonly packages: readonly InstalledPackage[];
  readonly project: Pick<ResolvedProject, 'rtl' | 'tb' | 'includeDirs'>;
}

export function buildFilelists({ packages: installed, project }: FilelistInput): Filelists {
  const packages = orderPackages(installed);
  const { rtl, tb } = project;
  return {
    rtl: [
      ...packages.flatMap((each) => each.manifest.filesets.rtl.map((file) => `${each.folder}/${file}`)),
      ...rtl.sources.map(({ path }) => path),
    ],
    tb: tb.sources.map(({ path }) => path),
    includeDirs: [
      ...new Set([
        ...packages.flatMap((each) =>
          each.manifest.include_dirs.map((dir) => (dir === '.' ? each.folder : `${each.folder}/${dir}`)),
        ),
        ...project.includeDirs,
      ]),
    ],
    defines: rtl.defines,
    benchDefines: { ...rtl.defines, ...tb.defines },
    libraries: Object.fromEntries(
      [...rtl.sources, ...tb.sources]
        .filter(({ library }) => library !== 'work')
        .map(({ path, library }) => [path, library]),
    ),
  };
}

/** What a tool run takes of the lists: the design alone, or with its testbenches. */
export function compileInput(
  lists: Filelists,
  of: 'rtl' | 'bench',
): {
  readonly sources: readonly string[];
  readonly includeDirs: readonly string[];
  readonly defines: Defines;
  readonly libraries: Readonly<Record<string, string>>;
} {
  const { includeDirs, libraries } = lists;
  return of === 'rtl'
    ? { sources: lists.rtl, includeDirs, defines: lists.defines, libraries }
    : { sources: [...lists.rtl, ...lists.tb], includeDirs, defines: lists.benchDefines, libraries };
}

/** One path a line, as `-f` of every simulator reads it. */
export function formatFilelist(paths: readonly string[]): string {
  return paths.map((path) => `${path}\n`).join('');
}

/** `+define+` lines, as `-f` of every simulator reads them. */
export function formatDefines(defines: Defines): string {
  return Object.entries(defines)
    .map(([name, value]) => `+define+${name}${value === null ? '' : `=${value}`}\n`)
    .join('');
}
