// The tree of a workspace's files as folders are read: its rows, what keys do in it, search by name; pure.
import type { FileNode } from '@genrtl/contracts';

export interface TreeRow {
  readonly entry: FileNode;
  /** 0 for what lies in the workspace itself */
  readonly level: number;
}

/** The rows from top to bottom; an open folder that was not read yet shows nothing below it. */
export function visibleRows(folders: ReadonlyMap<string, readonly FileNode[]>, open: ReadonlySet<string>): TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (directory: string, level: number): void => {
    for (const entry of folders.get(directory) ?? []) {
      rows.push({ entry, level });
      if (entry.kind === 'directory' && open.has(entry.path)) add(entry.path, level + 1);
    }
  };
  add('', 0);
  return rows;
}

/** `go`: to the row of this index; `act`: open or close the folder, open the file of the row where one is. */
export type TreeMove = { readonly go: number } | 'act' | null;

/** What `key` does from row `at` (-1: none is chosen); null: nothing of the tree's. */
export function moveOf(
  key: string,
  rows: readonly TreeRow[],
  at: number,
  open: ReadonlySet<string>,
  pageRows: number,
): TreeMove {
  const row = rows[at];
  const go = (to: number): TreeMove => (rows.length === 0 ? null : { go: Math.max(0, Math.min(rows.length - 1, to)) });
  const opened = row !== undefined && row.entry.kind === 'directory' && open.has(row.entry.path);
  switch (key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at - 1);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'PageDown':
      return go(at + pageRows);
    case 'PageUp':
      return go(at - pageRows);
    case 'ArrowRight':
      return row?.entry.kind !== 'directory' ? null : opened ? go(at + 1) : 'act';
    case 'ArrowLeft': {
      if (row === undefined || opened) return row === undefined ? null : 'act';
      const above = rows.findLastIndex((candidate, index) => index < at && candidate.level < row.level);
      return above === -1 ? null : go(above);
    }
    case 'Enter':
    case ' ':
      return row === undefined ? null : 'act';
    default:
      return null;
  }
}

/**
 * Index of the next row whose name starts with what was typed, around the end; -1: none. A first letter leaves the
 * present row.
 */
export function rowTyped(rows: readonly TreeRow[], at: number, typed: string): number {
  const wanted = typed.toLowerCase();
  const from = Math.max(0, typed.length === 1 ? at + 1 : at);
  const fits = ({ entry }: TreeRow): boolean => entry.name.toLowerCase().startsWith(wanted);
  const after = rows.findIndex((row, index) => index >= from && fits(row));
  return after === -1 ? rows.findIndex(fits) : after;
}

export const parentOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
export const joined = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/**
 * Files whose path has the letters of `query` in order, best first: a match in the name beats one in the folders, a
 * run of letters
 * beats scattered ones, a short path a long one. At most `limit`.
 */
export function rankFiles(files: readonly string[], query: string, limit: number): string[] {
  const wanted = query.toLowerCase().replaceAll(/\s+/g, '');
  if (wanted === '') return files.slice(0, limit);
  const found: { readonly path: string; readonly score: number }[] = [];
  for (const path of files) {
    const lower = path.toLowerCase();
    const name = lower.lastIndexOf('/') + 1;
    const whole = lower.indexOf(wanted, name);
    if (whole !== -1) found.push({ path, score: 3000 - path.length - (whole - name) * 2 + (whole === name ? 500 : 0) });
    else if (lower.includes(wanted)) found.push({ path, score: 2000 - path.length });
    else if (inOrder(lower, wanted)) found.push({ path, score: 1000 - path.length });
  }
  return found
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
    .slice(0, limit)
    .map((one) => one.path);
}

function inOrder(text: string, letters: string): boolean {
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at === -1) return false;
  }
  return true;
}
