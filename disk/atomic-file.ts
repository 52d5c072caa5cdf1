// Replaces files whole: a temporary file beside it, fsync, rename. Readers see the old text or the new one, also on
// NFS, whatever dies.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFile,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { promisify } from 'node:util';

/**
 * Up to here a file is written in one turn of the event loop: it goes no further than the system's cache, while each
 * trip to the thread
 * pool and back costs more than the write. Only the disk is waited for, which takes milliseconds.
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
  const temporary = `${target}.${randomBytes(4).toString('hex')}`;
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
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
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
