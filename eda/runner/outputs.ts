// Files that a command leaves by a name or a pattern: result files, logs. Removed before a run so that old ones cannot
// count, found after it. Nothing is followed out of the workspace.
import { lstat, readdir, realpath, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { globBase, globMatcher, isGlob } from '@genrtl/core/project/glob.ts';

/** Entries that are looked at below a pattern's folder; a result folder holds fewer. */
const MAX_ENTRIES = 20_000;
const MAX_FOUND = 1_000;

/** Regular files that the patterns (relative to the workspace, forward slashes) name now, sorted. */
export async function findOutputs(workspace: string, patterns: readonly string[]): Promise<string[]> {
  const root = await realpath(workspace);
  const found = new Set<string>();
  for (const pattern of patterns)
    for (const file of isGlob(pattern) ? await matching(root, pattern) : [pattern])
      if (found.size < MAX_FOUND && (await isOwnFile(root, file))) found.add(file);
  return [...found].sort();
}

export async function removeOutputs(workspace: string, patterns: readonly string[]): Promise<void> {
  const root = await realpath(workspace);
  await Promise.all((await findOutputs(root, patterns)).map((file) => rm(join(root, file), { force: true })));
}

async function matching(root: string, pattern: string): Promise<string[]> {
  const matches = globMatcher(pattern);
  const files: string[] = [];
  const folders = [globBase(pattern)];
  let seen = 0;
  for (let folder = folders.pop(); folder !== undefined && seen < MAX_ENTRIES; folder = folders.pop()) {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      seen += 1;
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(file);
      else if (entry.isFile() && matches(file)) files.push(file);
    }
  }
  return files;
}

/** A regular file, no link, in a folder that lies in the workspace. */
async function isOwnFile(root: string, file: string): Promise<boolean> {
  const absolute = join(root, file);
  const [info, folder] = await Promise.all([
    lstat(absolute).catch(() => null),
    realpath(join(absolute, '..')).catch(() => null),
  ]);
  if (info?.isFile() !== true || folder === null) return false;
  const from = relative(root, folder);
  return from === '' || (from !== '..' && !from.startsWith(`..${sep}`));
}
