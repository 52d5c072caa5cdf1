// The tree of a workspace's files as folders are read; pure.
import type { FileNode } from '@genrtl/contracts';

export interface TreeNode {
  readonly id: string;
  readonly name: string;
  readonly locked: boolean;
  /** null: a file; empty: a folder that was not read yet, or holds nothing */
  readonly children: TreeNode[] | null;
}

export function asTree(folders: ReadonlyMap<string, readonly FileNode[]>, directory: string): TreeNode[] {
  return (folders.get(directory) ?? []).map((entry) => ({
    id: entry.path, name: entry.name, locked: entry.locked, children: entry.kind === 'file' ? null : asTree(folders, entry.path),
  }));
}

export const parentOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
export const joined = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/**
 * Files whose path has the letters of `query` in order, best first: a match in the name beats one in the folders, a run of letters
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
  return found.sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1)).slice(0, limit).map((one) => one.path);
}

function inOrder(text: string, letters: string): boolean {
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at === -1) return false;
  }
  return true;
}
