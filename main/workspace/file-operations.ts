// What a person does to files in the explorer: make, rename, send to the trash. Vendor packages and records are out of
// reach.
import { cp, lstat, mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { containedPath, isLocked } from './contained-path.ts';
import { asDiskError } from '@genrtl/disk/records.ts';

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;

/** Names that every file system takes, so that a workspace can move between machines. */
function checkName(relative: string): void {
  const name = path.posix.basename(relative);
  if (name === '' || name === '.' || name.length > 200 || /[\p{Cc}<>:"|?*\\]/u.test(name) || /[. ]$/.test(name)) {
    throw new GenrtlError('REQUEST_INVALID', `${JSON.stringify(name.slice(0, 80))} is no file name.`, {
      hint: 'Use letters, digits, dots, dashes and underscores.',
    });
  }
}

async function writable(workspace: string, relative: string): Promise<string> {
  if (relative === '' || isLocked(relative))
    throw new GenrtlError('REQUEST_INVALID', `${relative === '' ? 'The workspace' : relative} is read-only.`, {
      hint: 'Vendor packages and genRTL’s records are managed by genRTL.',
    });
  return containedPath(workspace, relative);
}

function explain(error: unknown, relative: string): unknown {
  if (error instanceof GenrtlError) return error;
  switch (codeOf(error)) {
    case 'EEXIST':
    case 'ENOTEMPTY':
      return new GenrtlError('FILE_EXISTS', `${relative} exists already.`, { cause: error });
    case 'ENOENT':
    case 'ENOTDIR':
      return new GenrtlError('NOT_FOUND', `${relative} is not there any more.`, {
        hint: 'Look whether it was moved or deleted.',
        cause: error,
      });
    default:
      return asDiskError(error, relative);
  }
}

/** Missing folders above are made. Throws FILE_EXISTS, REQUEST_INVALID, WORKSPACE_READ_ONLY, DISK_FULL. */
export async function makeEntry(workspace: string, relative: string, kind: 'file' | 'directory'): Promise<void> {
  checkName(relative);
  const absolute = await writable(workspace, relative);
  try {
    await mkdir(path.dirname(absolute), { recursive: true });
    if (kind === 'directory') await mkdir(absolute);
    else await (await open(absolute, 'wx')).close();
  } catch (error) {
    throw explain(error, relative);
  }
}

/** Never overwrites. Throws FILE_EXISTS, NOT_FOUND, REQUEST_INVALID, WORKSPACE_READ_ONLY. */
export async function renameEntry(workspace: string, from: string, to: string): Promise<void> {
  checkName(to);
  const [source, target] = [await writable(workspace, from), await writable(workspace, to)];
  if (`${to}/`.startsWith(`${from}/`) && to !== from)
    throw new GenrtlError('REQUEST_INVALID', `${from} cannot be moved into itself.`);
  try {
    const [present, other] = await Promise.all([lstat(source), lstat(target).catch(() => null)]);
    // On a file system without case, `top.v` → `Top.v` finds itself: the same inode is no obstacle.
    if (other !== null && other.ino !== present.ino) throw new GenrtlError('FILE_EXISTS', `${to} exists already.`);
    await mkdir(path.dirname(target), { recursive: true });
    await rename(source, target);
  } catch (error) {
    throw explain(error, from);
  }
}

/** A copy beside it or elsewhere; never overwrites, and copies links as links. Throws as `renameEntry`. */
export async function copyEntry(workspace: string, from: string, to: string): Promise<void> {
  checkName(to);
  if (`${to}/`.startsWith(`${from}/`))
    throw new GenrtlError('REQUEST_INVALID', `${from} cannot be copied into itself.`);
  const source = await containedPath(workspace, from);
  const target = await writable(workspace, to);
  try {
    if ((await lstat(target).catch(() => null)) !== null) throw new GenrtlError('FILE_EXISTS', `${to} exists already.`);
    await mkdir(path.dirname(target), { recursive: true });
    await cp(source, target, { recursive: true, force: false, errorOnExist: true, verbatimSymlinks: true });
  } catch (error) {
    throw explain(error, from);
  }
}

/** Throws NOT_FOUND, REQUEST_INVALID, TRASH_UNAVAILABLE: nothing is ever deleted for good. */
export async function trashEntry(workspace: string, relative: string): Promise<void> {
  const absolute = await writable(workspace, relative);
  if ((await lstat(absolute).catch(() => null)) === null)
    throw new GenrtlError('NOT_FOUND', `${relative} is not there any more.`);
  const { default: trash } = await import('trash');
  try {
    await trash(absolute, { glob: false });
  } catch (cause) {
    throw new GenrtlError('TRASH_UNAVAILABLE', `${relative} could not be moved to the trash.`, { cause });
  }
}
