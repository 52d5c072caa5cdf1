// The tree of a workspace's files as folders are read: its rows, what keys do in it, search by name; pure.
import type { FileNode } from '@genrtl/contracts';
import { nameTyped, treeKeyMove } from '@genrtl/ui/tree-keys.ts';

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
  const move = treeKeyMove(
    key,
    rows.map(({ level, entry }) => ({ level, open: entry.kind === 'directory' ? open.has(entry.path) : null })),
    at,
    pageRows,
  );
  // a click on a folder opens and closes it as well
  return move === 'toggle' ? 'act' : move;
}

/**
 * Index of the next row whose name starts with what was typed, around the end; -1: none. A first letter leaves the
 * present row.
 */
export const rowTyped = (rows: readonly TreeRow[], at: number, typed: string): number =>
  nameTyped(
    rows.map(({ entry }) => entry.name),
    at,
    typed,
  );

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
