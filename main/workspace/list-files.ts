// All files of a workspace: for file sets, search by name and find in files. Links that stay inside are followed, each
// folder once and under its own path first; what leads out, into itself or nowhere is left out. What only tools read is
// left out too.
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

const LEFT_OUT =
  /^(\.git|node_modules|\.genRTL\/(runs|build|undo|checks|tool-runs|threads|ai))(\/|$)|\/(\.git|node_modules)(\/|$)/;
export const MAX_FILES = 100_000;
const AT_ONCE = 32;

export interface FileListing {
  /** relative, forward slashes, sorted */
  readonly files: string[];
  readonly truncated: boolean;
  /** links that lead out of the workspace: not followed */
  readonly leadingOut: string[];
}

/** `under`: only below these folders; '' is the whole workspace. */
export async function listFiles(
  workspace: string,
  limit = MAX_FILES,
  under: readonly string[] = [''],
): Promise<FileListing> {
  const root = await realpath(workspace).catch(() => workspace);
  const walk = new Walk(root, limit);
  await walk.folders(under);
  await walk.links();
  const files = walk.files.slice(0, limit).sort((a, b) => (a < b ? -1 : 1));
  return { files, truncated: walk.files.length > limit, leadingOut: walk.leadingOut.sort() };
}

class Walk {
  readonly files: string[] = [];
  readonly leadingOut: string[] = [];
  readonly #root: string;
  readonly #limit: number;
  readonly #links: string[] = [];
  /** real paths of what was listed */
  readonly #folders = new Set<string>();
  #linked: Set<string> | null = null;

  constructor(root: string, limit: number) {
    this.#root = root;
    this.#limit = limit;
  }

  async folders(start: readonly string[]): Promise<void> {
    let level = [...start];
    while (level.length > 0 && this.files.length <= this.#limit) {
      const batch = level.splice(0, AT_ONCE);
      const found = await Promise.all(batch.map((folder) => this.#entries(folder)));
      for (const { folder, entries } of found) {
        for (const entry of entries) {
          const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
          if (LEFT_OUT.test(relative)) continue;
          if (entry.isDirectory()) level.push(relative);
          else if (entry.isFile()) this.files.push(relative);
          else if (entry.isSymbolicLink()) this.#links.push(relative);
        }
      }
      level = level.filter((folder) => folder !== '');
    }
  }

  async #entries(folder: string): Promise<{ folder: string; entries: Dirent[] }> {
    const absolute = path.join(this.#root, folder);
    // below a link the path is not the real one; above it joining is enough
    this.#folders.add(this.#linked === null ? absolute : await realpath(absolute).catch(() => absolute));
    return { folder, entries: await readdir(absolute, { withFileTypes: true }).catch(() => []) };
  }

  /** After everything that lies where it is: links, in the order of their paths, with those that they bring. */
  async links(): Promise<void> {
    const present = new Set(this.files.map((file) => path.join(this.#root, file)));
    this.#linked = present;
    for (let next = this.#takeLink(); next !== undefined && this.files.length <= this.#limit; next = this.#takeLink()) {
      const link = path.join(this.#root, next);
      const real = await realpath(link).catch(() => null);
      if (real === null) continue;
      if (!real.startsWith(this.#root + path.sep)) {
        this.leadingOut.push(next);
        continue;
      }
      const info = await stat(real).catch(() => null);
      if (LEFT_OUT.test(real.slice(this.#root.length + 1).replaceAll(path.sep, '/'))) continue;
      if (info?.isFile() === true && !present.has(real)) {
        present.add(real);
        this.files.push(next);
      } else if (info?.isDirectory() === true && !this.#meets(real)) {
        const before = this.files.length;
        await this.folders([next]);
        for (const file of this.files.slice(before))
          present.add(await realpath(path.join(this.#root, file)).catch(() => file));
      }
    }
  }

  /** The folder was listed already, or holds one that was: a loop, or the same files under a second name. */
  #meets(real: string): boolean {
    if (this.#folders.has(real)) return true;
    for (const folder of this.#folders) if (folder.startsWith(real + path.sep)) return true;
    return false;
  }

  #takeLink(): string | undefined {
    this.#links.sort((a, b) => (a < b ? 1 : -1));
    return this.#links.pop();
  }
}
