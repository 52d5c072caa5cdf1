// Finds databases by name or path, offline and without choosing: the same tree always gives the same candidates in the
// same order.
import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { DbCandidate, IncompleteDb, LocatorRecord } from '@genrtl/contracts/skill-run.ts';
import type { DbForm } from '@genrtl/contracts/skill-contract.ts';
import { DB_FORMS, type DbFormSpec } from './db-forms.ts';

/** Links to folders are not followed, so this ends what a file system makes endless, nothing that a person made. */
const MAX_DEPTH = 64;
const MAX_ENTRIES = 1_000_000;
/** Places that could not be searched are named up to here. */
const NAMED_PLACES = 20;
const SKIPPED = new Set(['.git', 'node_modules', '.genRTL']);

export interface LocatorQuery {
  /** a name such as `cpu_route`, or a path that contains `/`; null when the skill needs no database */
  readonly query: string | null;
  readonly forms: readonly DbForm[];
  readonly searchPaths: readonly string[];
  /** names in folders that are looked at below one search path, and how deep; for tests */
  readonly limits?: { readonly entries: number; readonly depth: number };
}

type Found = Omit<DbCandidate, 'id'>;

async function kindOf(file: string): Promise<'file' | 'directory' | 'none'> {
  const info = await stat(file).catch(() => null);
  if (info === null) return 'none';
  return info.isDirectory() ? 'directory' : info.isFile() ? 'file' : 'none';
}

/** Looks at `<base><suffix>` for every part of the form; null when not even one part is there. */
async function probe(base: string, spec: DbFormSpec): Promise<Found | IncompleteDb | null> {
  const files: Record<string, string> = {};
  const missing: string[] = [];
  for (const part of spec.parts) {
    const file = base + part.suffix;
    const kind = await kindOf(file);
    if (kind === part.kind) files[part.role] = file;
    else
      missing.push(
        kind === 'none'
          ? `${path.basename(file)} does not exist`
          : `${path.basename(file)} is a ${kind}, not a ${part.kind}`,
      );
  }
  if (missing.length === spec.parts.length) return null;
  const [first] = spec.parts;
  if (missing.length > 0) {
    const lacking = spec.parts.find((part) => files[part.role] === undefined) ?? first;
    return { path: base + first.suffix, form: spec.form, missing: base + lacking.suffix, reason: missing.join('; ') };
  }
  const info = await stat(files[first.role] ?? base);
  return {
    name: path.basename(base),
    form: spec.form,
    files,
    size_bytes: info.size,
    modified_at: info.mtime.toISOString(),
  };
}

function order(a: Found, b: Found): number {
  const [left, right] = [Object.values(a.files).join('\n'), Object.values(b.files).join('\n')];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Copies of what a failed job read: the same database a second time. */
const BUNDLE = /^debug_bundle(\.partial)?$/;

interface Search {
  readonly depth: number;
  entriesLeft: number;
  skip(folder: string, reason: string): void;
}

/** Folders below `root` that may hold databases; database folders themselves and links to folders are not entered. */
async function* folders(root: string, depth: number, search: Search): AsyncGenerator<string> {
  yield root;
  if (search.entriesLeft < 0) return;
  let entries: Dirent[];
  try {
    entries = await readdir(root, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // gone meanwhile, or a search path that is none
    if (code !== 'ENOENT' && code !== 'ENOTDIR') search.skip(root, `it cannot be listed (${code ?? 'unknown'})`);
    return;
  }
  search.entriesLeft -= entries.length;
  if (search.entriesLeft < 0) {
    search.skip(root, 'the search ended here: too many files');
    return;
  }
  const below = entries.filter(
    (entry) =>
      entry.isDirectory() && !SKIPPED.has(entry.name) && !BUNDLE.test(entry.name) && !entry.name.endsWith('.enc.dat'),
  );
  if (depth >= search.depth && below.length > 0) {
    search.skip(root, `its folders are more than ${search.depth} levels down`);
    return;
  }
  for (const entry of below.sort((a, b) => (a.name < b.name ? -1 : 1)))
    yield* folders(path.join(root, entry.name), depth + 1, search);
}

/** `x`, `x.enc` and `x.enc.dat` all name the database `x` of a form with those suffixes. */
function baseOf(query: string, spec: DbFormSpec): string | null {
  const suffixes = spec.parts.map((part) => part.suffix).sort((a, b) => b.length - a.length);
  const suffix = suffixes.find((each) => query.endsWith(each) && query.length > each.length);
  if (suffix !== undefined) return query.slice(0, -suffix.length);
  return /\.(enc|enc\.dat|il|v|sdc|mag|spice|tcldb)$/.test(query) ? null : query;
}

/** The record of the search, with nothing selected: deciding is the orchestrator's or the person's. */
export async function locateDb({ query, forms, searchPaths, limits }: LocatorQuery): Promise<LocatorRecord> {
  const roots = [...new Set(searchPaths.map((each) => path.resolve(each)))];
  const record: LocatorRecord = {
    query,
    search_paths: roots,
    candidates: [],
    incomplete: [],
    not_searched: [],
    selected: null,
    selection_reason: null,
  };
  if (query === null) return record;
  const explicit = query.includes('/');
  const found = new Map<string, Found>();
  const incomplete = new Map<string, IncompleteDb>();
  const look = async (folder: string, name: string): Promise<void> => {
    for (const form of forms) {
      const base = baseOf(name, DB_FORMS[form]);
      if (base === null || base === '') continue;
      const result = await probe(path.resolve(folder, base), DB_FORMS[form]);
      if (result === null) continue;
      if ('files' in result) {
        // the same database reached over two paths is one candidate, under the path that sorts first
        const key = `${form} ${await realpath(Object.values(result.files)[0] ?? folder)}`;
        const earlier = found.get(key);
        if (!earlier || order(result, earlier) < 0) found.set(key, result);
      } else incomplete.set(`${form} ${result.path}`, result);
    }
  };
  if (explicit) {
    await look(roots[0] ?? '.', query);
  } else {
    for (const root of roots) {
      const search: Search = {
        depth: limits?.depth ?? MAX_DEPTH,
        entriesLeft: limits?.entries ?? MAX_ENTRIES,
        skip: (place, reason) => {
          if (record.not_searched.length < NAMED_PLACES) record.not_searched.push({ path: place, reason });
        },
      };
      for await (const folder of folders(root, 0, search)) await look(folder, query);
    }
  }
  record.candidates = [...found.values()].sort(order).map((candidate, index) => ({ id: index + 1, ...candidate }));
  record.incomplete = [...incomplete.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return record;
}

/** A candidate by its number or by the path of one of its files. */
export function candidateFor(selection: string, candidates: readonly DbCandidate[], cwd: string): DbCandidate | null {
  const byNumber = candidates.find((candidate) => String(candidate.id) === selection);
  if (byNumber) return byNumber;
  const file = path.resolve(cwd, selection);
  return candidates.find((candidate) => Object.values(candidate.files).includes(file)) ?? null;
}

/** What is wrong with a candidate that was recorded earlier, or null when it is still whole. */
export async function candidateFault(candidate: DbCandidate): Promise<string | null> {
  for (const part of DB_FORMS[candidate.form].parts) {
    const file = candidate.files[part.role];
    if (file === undefined || (await lstat(file).catch(() => null)) === null)
      return `${file ?? part.role} is not there any more`;
  }
  return null;
}
