// Replaces files whole: a temporary file beside it, fsync, rename, fsync of the folder. Readers see the old text or the
// new one, also on NFS, whatever dies; what a killed process left beside is swept by its name, age and owner.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsync,
  lstatSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFile,
  writeFileSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { isRunning } from './process-life.ts';

/**
 * Up to here a file is written in one turn of the event loop: it goes no further than the system's cache, while each
 * trip to the thread pool and back costs more than the write. Only the disk is waited for, which takes milliseconds.
 */
const AT_ONCE_BYTES = 64 * 1024;

const toDisk = promisify(fsync);
const writeSlowly = promisify(writeFile);

/** Last writer of each file: several writes of one file land in the order in which they were asked for. */
const writing = new Map<string, Promise<void>>();

/**
 * Keeps mode and owner of a file that is there, unless `mode` says otherwise; a link stays, what it leads to is
 * replaced.
 */
export function replaceFile(file: string, data: string | Uint8Array, mode?: number): Promise<void> {
  const target = behindLinks(file);
  const before = writing.get(target);
  const mine =
    before === undefined
      ? replace(target, data, mode)
      : before.catch(() => undefined).then(() => replace(target, data, mode));
  writing.set(target, mine);
  const done = (): void => {
    if (writing.get(target) === mine) writing.delete(target);
  };
  mine.then(done, done);
  return mine;
}

async function replace(target: string, data: string | Uint8Array, mode: number | undefined): Promise<void> {
  const temporary = `${target}.~${process.pid.toString(36)}-${randomBytes(4).toString('hex')}`;
  const present = statSync(target, { throwIfNoEntry: false });
  const fd = openSync(temporary, 'wx', mode);
  try {
    try {
      if (data.length <= AT_ONCE_BYTES) writeFileSync(fd, data);
      else await writeSlowly(fd, data);
      if (present !== undefined) keepOwner(fd, present);
      const wanted = mode ?? present?.mode;
      if (wanted !== undefined) fchmodSync(fd, wanted & 0o7777);
      await toDisk(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, target);
    await syncFolder(path.dirname(target));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Makes a rename outlive a power cut. Where folders cannot be synced (Windows, some network disks) the system decides.
 */
export async function syncFolder(folder: string): Promise<void> {
  let fd: number;
  try {
    fd = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    await toDisk(fd);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EINVAL' && code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EISDIR') throw error;
  } finally {
    closeSync(fd);
  }
}

const TEMPORARY = /\.~([0-9a-z]+)-[0-9a-f]{8}$/;
const SWEEP_AGE_MS = 10 * 60_000;

/**
 * Removes temporary files of processes that were killed while they replaced a file: by name, at least ten minutes old,
 * and of no process that runs here. Returns their names; one that cannot be removed stays.
 */
export function sweepTemporaries(folder: string, now = Date.now()): string[] {
  const swept: string[] = [];
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return swept;
  }
  for (const name of names) {
    const owner = TEMPORARY.exec(name)?.[1];
    if (owner === undefined) continue;
    const file = path.join(folder, name);
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats?.isFile() !== true || now - stats.mtimeMs < SWEEP_AGE_MS || isRunning(Number.parseInt(owner, 36)))
      continue;
    try {
      rmSync(file);
      swept.push(name);
    } catch {
      // a folder that may not be written
    }
  }
  return swept;
}

function behindLinks(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** Only root can; anybody else replaces the file with one of their own. */
function keepOwner(fd: number, { uid, gid }: Stats): void {
  if (uid === process.getuid?.() && gid === process.getgid?.()) return;
  try {
    fchownSync(fd, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}
