// The file system steps of the journal, each durable when it returns.
import {
  access,
  chmod,
  constants,
  copyFile,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
} from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { foldersOf, statOrNull } from './disk-files.ts';

/** Writes and flushes a new file. `like` names the file whose owner it gets when run as root. */
export async function stageFile(
  file: string,
  contents: Buffer,
  mode: number | null,
  like: string | null,
): Promise<void> {
  const handle = await open(file, 'wx', mode ?? 0o666);
  try {
    await handle.writeFile(contents);
    if (mode !== null) await handle.chmod(mode);
    if (like !== null) await keepOwner(handle, like);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Run as root, a file keeps the owner it had; a new one gets that of its folder. */
async function keepOwner(handle: FileHandle, like: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const owner = await stat(await nearest(like));
  const mine = await handle.stat();
  if (owner.uid === mine.uid && owner.gid === mine.gid) return;
  await handle.chown(owner.uid, owner.gid);
  // a change of owner clears the set-id bits
  await handle.chmod(mine.mode & 0o7777);
}

async function nearest(absolute: string): Promise<string> {
  let at = absolute;
  while ((await statOrNull(at).catch(() => null)) === null && path.dirname(at) !== at) at = path.dirname(at);
  return at;
}

/** Throws EACCES or EROFS when no file can be put at `target`. */
export async function requireWritable(target: string): Promise<void> {
  await access(await nearest(path.dirname(target)), constants.W_OK | constants.X_OK);
}

/** Moves a staged file to its place, replacing what stands there. */
export async function moveIn(staged: string, target: string, mode: number | null): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  try {
    await rename(staged, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    // the records lie on another disk than the file
    const near = path.join(path.dirname(target), `.${path.basename(target)}.genrtl-new`);
    await rm(near, { force: true });
    await copyFile(staged, near);
    if (mode !== null) await chmod(near, mode);
    await sync(near);
    await rename(near, target);
    await unlink(staged);
  }
}

/** Flushes a folder's entries, or a file's data. */
export async function sync(file: string): Promise<void> {
  // Windows opens no folders; there a rename is durable once it returns
  if (process.platform === 'win32') return;
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Folders on the way to `relative` that do not exist yet. */
export async function missingFolders(root: string, relative: string): Promise<string[]> {
  const missing: string[] = [];
  for (const folder of foldersOf(relative)) {
    if ((await statOrNull(path.join(root, folder))) === null)
      missing.push(...foldersOf(relative).filter((each) => each.startsWith(folder)));
    if (missing.length > 0) break;
  }
  return missing;
}

/** Removes those of the folders that are empty, innermost first. */
export async function removeEmptyFolders(root: string, folders: readonly string[]): Promise<void> {
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    const at = path.join(root, folder);
    const found = await statOrNull(at);
    if (found?.isDirectory() && (await readdir(at)).length === 0) await rmdir(at);
  }
}
