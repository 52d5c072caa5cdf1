// Where each `` `include `` leads, and the include folders that the tools need for it. The rule is the tools' own:
// beside the including file, then the include folders in their order; a name that neither finds is looked for among the
// other files, and the folder that its path begins from becomes an include folder.
import type { Diagnostic } from '@genrtl/contracts';
import type { VerilogFacts } from './source-facts.ts';

export interface IncludeScope {
  /** declared include folders, in order; relative to the root, `.` for the root itself, or absolute */
  readonly includeDirs: readonly string[];
  /** a file is there */
  isFile(path: string): boolean;
  /** files that end with `/name`, to look among when no folder has it; in any order */
  endingWith(name: string): readonly string[];
}

export interface ResolvedInclude {
  readonly from: string;
  readonly line: number;
  readonly name: string;
  /** null: there is no such file */
  readonly path: string | null;
  /** the include folder that it is found through; null: it lies beside the including file, or nowhere */
  readonly dir: string | null;
}

export interface ResolvedIncludes {
  readonly includes: readonly ResolvedInclude[];
  /** declared folders, then those that some include begins from */
  readonly includeDirs: readonly string[];
  /** every file that another one includes, directly or through others */
  readonly included: ReadonlySet<string>;
  readonly notes: readonly Diagnostic[];
}

/**
 * Follows the includes of `sources` and of what they include. `facts` is asked for the files that turn up; null where
 * one cannot be read. A header that includes others may stand in several places: what its own folder does not hold is
 * looked for from there as from any file.
 */
export function resolveIncludes(
  sources: readonly string[],
  facts: (path: string) => Pick<VerilogFacts, 'includes'> | null,
  scope: IncludeScope,
): ResolvedIncludes {
  const includes: ResolvedInclude[] = [];
  const dirs = [...new Set(scope.includeDirs)];
  const included = new Set<string>();
  const ambiguous = new Map<string, readonly string[]>();
  const seen = new Set(sources);
  const queue = [...seen];
  for (let at = 0; at < queue.length; at++) {
    const from = queue[at];
    if (from === undefined) break;
    for (const { name, line } of facts(from)?.includes ?? []) {
      const { found, others } = find(name, from, dirs, scope);
      includes.push({ from, line, name, path: found?.path ?? null, dir: found?.dir ?? null });
      if (found === null) continue;
      if (found.dir !== null && !dirs.includes(found.dir)) dirs.push(found.dir);
      if (others.length > 0) ambiguous.set(name, [found.path, ...others]);
      included.add(found.path);
      if (!seen.has(found.path)) {
        seen.add(found.path);
        queue.push(found.path);
      }
    }
  }
  const notes = [
    ...[...ambiguous].map(([name, paths]) => sameName(name, paths, paths[0] ?? '')),
    ...shadowed(includes, dirs, scope),
  ];
  return { includes, includeDirs: dirs, included, notes };
}

interface Found {
  readonly path: string;
  readonly dir: string | null;
}

function find(
  name: string,
  from: string,
  dirs: readonly string[],
  scope: IncludeScope,
): { found: Found | null; others: readonly string[] } {
  if (name.includes('\0') || name === '') return { found: null, others: [] };
  if (name.startsWith('/')) return { found: scope.isFile(name) ? { path: name, dir: null } : null, others: [] };
  const beside = joined(folderOf(from), name);
  if (beside !== null && scope.isFile(beside)) return { found: { path: beside, dir: null }, others: [] };
  for (const dir of dirs) {
    const path = joined(dir, name);
    if (path !== null && scope.isFile(path)) return { found: { path, dir }, others: [] };
  }
  // `../inc/x.svh` begins at a folder of which only the end is known
  const bare = name.replace(/^(?:\.\.?\/)+/, '');
  const candidates = scope
    .endingWith(bare)
    .filter((path) => path !== from && (path === bare || path.endsWith(`/${bare}`)))
    .map((path) => ({ path, dir: beginning(path, bare, name, from) }))
    .filter((one): one is { path: string; dir: string } => one.dir !== null)
    .sort((a, b) => nearness(b.path, from) - nearness(a.path, from) || compare(a.path, b.path));
  const [first, ...others] = candidates;
  return { found: first ?? null, others: others.map(({ path }) => path) };
}

/**
 * The folder from which `name` leads to `path`; null when no folder is known that does. A name that climbs begins as
 * many folders below, in those that the including file itself lies in.
 */
function beginning(path: string, bare: string, name: string, from: string): string | null {
  const base = path === bare ? '.' : path.slice(0, path.length - bare.length - 1);
  if (bare === name) return base;
  const own = folderOf(from).split('/');
  const depth = base === '.' ? 0 : base.split('/').length;
  for (let length = depth; length <= own.length; length++) {
    const dir = own.slice(0, length).join('/') || '.';
    if (joined(dir, name) === path) return dir;
  }
  return null;
}

/** How many leading folders two paths share. */
function nearness(path: string, from: string): number {
  const [a, b] = [path.split('/'), from.split('/')];
  let shared = 0;
  while (shared < a.length - 1 && shared < b.length - 1 && a[shared] === b[shared]) shared += 1;
  return shared;
}

/**
 * Two headers of one name of which the tools may take either: one lies beside its includer, the other in an include
 * folder. Icarus and Yosys look beside first, Verilator in the include folders first.
 */
function shadowed(includes: readonly ResolvedInclude[], dirs: readonly string[], scope: IncludeScope): Diagnostic[] {
  const notes = new Map<string, Diagnostic>();
  for (const { name, path, dir, from, line } of includes) {
    if (path === null || notes.has(`${name}\n${path}`)) continue;
    const rivals = dirs
      .map((each) => joined(each, name))
      .filter((other): other is string => other !== null && other !== path && scope.isFile(other));
    // a folder later in the list is never looked into
    const [rival] = dir === null ? rivals : [];
    if (rival !== undefined) notes.set(`${name}\n${path}`, sameName(name, [path, rival], path, { file: from, line }));
  }
  return [...notes.values()];
}

function sameName(
  name: string,
  paths: readonly string[],
  taken: string,
  place: { file?: string; line?: number } = {},
): Diagnostic {
  return {
    tool: 'genrtl',
    severity: 'warning',
    code: 'INCLUDE_AMBIGUOUS',
    message: `"${name}" may mean ${paths.join(' or ')}; ${taken} is meant here, but tools differ. Rename one, or include it by a longer path.`,
    ...place,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || (path.startsWith('/') ? '/' : '.');
}

/** `folder/name` without `.` and `..`; null when it climbs out of the root of a relative path. */
export function joined(folder: string, name: string): string | null {
  const absolute = folder.startsWith('/') || name.startsWith('/');
  const parts: string[] = [];
  for (const part of `${name.startsWith('/') ? '' : folder}/${name}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (absolute) continue;
    else return null;
  }
  return `${absolute ? '/' : ''}${parts.join('/')}` || '.';
}
