// Reads `git status --porcelain=v2 -z --branch` (git-status, "Porcelain Format Version 2"). Pure.
import type { GitChange, GitEntry } from '@genrtl/contracts/git.ts';

export interface ParsedEntry extends GitEntry {
  /** the index's object, null for what the index does not hold */
  readonly indexObject: string | null;
  readonly headObject: string | null;
}

export interface ParsedStatus {
  readonly commit: string | null;
  readonly branch: string | null;
  readonly upstream: string | null;
  readonly ahead: number;
  readonly behind: number;
  readonly entries: readonly ParsedEntry[];
  readonly truncated: boolean;
}

const CHANGES: Readonly<Record<string, GitChange>> = {
  A: 'added',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  C: 'copied',
  T: 'type_changed',
};

/**
 * `prefix`: of the workspace in the repository, '' or `a/b/`. `cut`: the text ends anywhere, its last record is not
 * used.
 */
export function parseStatus(text: string, prefix: string, limit: number, cut: boolean): ParsedStatus {
  const records = text.split('\0');
  // what stands behind the last NUL is the rest of a record, or nothing
  records.pop();
  const found = { commit: null as string | null, branch: null as string | null, upstream: null as string | null };
  let [ahead, behind] = [0, 0];
  const entries: ParsedEntry[] = [];
  let truncated = cut;
  for (let at = 0; at < records.length; at += 1) {
    const record = records[at] ?? '';
    if (record.startsWith('# ')) {
      const [, name = '', ...rest] = record.split(' ');
      const value = rest.join(' ');
      if (name === 'branch.oid') found.commit = value === '(initial)' ? null : value;
      else if (name === 'branch.head') found.branch = value === '(detached)' ? null : value;
      else if (name === 'branch.upstream') found.upstream = value;
      else if (name === 'branch.ab') [ahead = 0, behind = 0] = rest.map((count) => Math.abs(Number(count)));
      continue;
    }
    const entry = entryOf(record, record.startsWith('2 ') ? (records[(at += 1)] ?? null) : null, prefix);
    if (entry === null) continue;
    if (entries.length >= limit) {
      truncated = true;
      break;
    }
    entries.push(entry);
  }
  return { ...found, ahead, behind, entries, truncated };
}

/** Fields of a record before its path, which may hold spaces itself. */
const FIELDS: Readonly<Record<string, number>> = { '1': 8, '2': 9, u: 10, '?': 1 };

function entryOf(record: string, from: string | null, prefix: string): ParsedEntry | null {
  const type = record[0] ?? '';
  const count = FIELDS[type];
  if (count === undefined) return null;
  let start = 0;
  for (let nth = 0; nth < count; nth += 1) start = record.indexOf(' ', start) + 1;
  const fields = record.slice(0, start).split(' ');
  const whole = record.slice(start);
  const folder = whole.endsWith('/');
  const path = below(folder ? whole.slice(0, -1) : whole, prefix, folder);
  if (path === null) return null;
  const objects = { headObject: null, indexObject: null };
  if (type === '?')
    return { path, kind: folder ? 'folder' : 'file', from: null, staged: null, unstaged: 'untracked', ...objects };
  const kind = fields[2]?.startsWith('S') === true ? 'submodule' : 'file';
  if (type === 'u') return { path, kind, from: null, staged: null, unstaged: 'conflict', ...objects };
  const [x = '.', y = '.'] = fields[1] ?? '';
  return {
    path,
    kind,
    from: from === null ? null : below(from, prefix, false),
    staged: CHANGES[x] ?? null,
    unstaged: CHANGES[y] ?? null,
    headObject: objectOf(fields[6]),
    indexObject: objectOf(fields[7]),
  };
}

const objectOf = (object: string | undefined): string | null =>
  object === undefined || /^0+$/.test(object) ? null : object;

/** Relative to the workspace; null outside of it. A folder above the workspace holds it: ''. */
function below(path: string, prefix: string, folder: boolean): string | null {
  if (path.startsWith(prefix)) return path.slice(prefix.length);
  return folder && prefix.startsWith(`${path}/`) ? '' : null;
}
