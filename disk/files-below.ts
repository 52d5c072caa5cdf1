// What lies below a folder that others may have written to. Node's own recursive listings follow links to folders, some
// forms of them: out of the folder, and around in circles.
import { readdirSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';

export interface Below {
  /** relative to the folder, forward slashes */
  readonly path: string;
  /** `link`: to whatever it leads; never entered. `other`: pipes, sockets, devices */
  readonly kind: 'file' | 'link' | 'other';
}

/** In the order found. Throws what readdir throws, for the folder itself and for those below. */
export async function filesBelow(folder: string): Promise<Below[]> {
  const found: Below[] = [];
  const queue = [''];
  for (let at = queue.pop(); at !== undefined; at = queue.pop())
    take(at, await readdir(`${folder}/${at}`, { withFileTypes: true }), found, queue);
  return found;
}

/** The same for places that cannot wait; for small folders. */
export function filesBelowSync(folder: string): Below[] {
  const found: Below[] = [];
  const queue = [''];
  for (let at = queue.pop(); at !== undefined; at = queue.pop())
    take(at, readdirSync(`${folder}/${at}`, { withFileTypes: true }), found, queue);
  return found;
}

function take(at: string, entries: readonly Dirent[], found: Below[], queue: string[]): void {
  for (const entry of entries) {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    if (entry.isDirectory()) queue.push(path);
    else found.push({ path, kind: entry.isFile() ? 'file' : entry.isSymbolicLink() ? 'link' : 'other' });
  }
}
