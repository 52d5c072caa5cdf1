// The tree of a workspace's files as folders are read: its rows, what keys do in it, search by name; pure.
import type { FileNode } from '@genrtl/contracts/workspace.ts';
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
/** Without those that lie in another one of them: they go with it. */
export const outermost = (paths: readonly string[]): string[] =>
  paths.filter((path) => !paths.some((other) => path.startsWith(`${other}/`)));
export const joined = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);
