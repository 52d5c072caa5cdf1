// Opens files that somebody else put there. Opening a FIFO waits for its writer, reading a device may never end, and a
// few such files stop every thread that reads: only regular files are opened, and opening never waits.
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, statSync, type Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { GenrtlError } from '@genrtl/contracts/errors.ts';

/** A FIFO put in place after the look does not block, a terminal does not become ours. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

function kindOf(info: Stats): string {
  if (info.isDirectory()) return 'a folder';
  if (info.isFIFO()) return 'a FIFO';
  if (info.isSocket()) return 'a socket';
  return 'a device';
}

function assertRegular(file: string, info: Stats): Stats {
  if (!info.isFile()) throw new GenrtlError('NOT_A_FILE', `${file} is ${kindOf(info)}, not a regular file.`);
  return info;
}

/** For reading; links are followed. Throws NOT_A_FILE, and the system's own errors as they come. */
export async function openRegular(file: string, flags = 0): Promise<FileHandle> {
  assertRegular(file, await stat(file));
  const handle = await open(file, FLAGS | flags);
  try {
    assertRegular(file, await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Like `readFile`, of regular files only. Throws NOT_A_FILE, and the system's own errors as they come. */
export function readRegular(file: string): Promise<Buffer>;
export function readRegular(file: string, encoding: 'utf8' | 'latin1'): Promise<string>;
export async function readRegular(file: string, encoding?: 'utf8' | 'latin1'): Promise<Buffer | string> {
  const handle = await openRegular(file);
  try {
    return await handle.readFile(encoding === undefined ? {} : { encoding });
  } finally {
    await handle.close();
  }
}

/** The bytes of a regular file that was looked at just now. Throws as `readRegularSync` does. */
export function readLookedAtSync(file: string, info: Stats): Buffer {
  assertRegular(file, info);
  const fd = openSync(file, FLAGS);
  try {
    const { size } = assertRegular(file, fstatSync(fd));
    const buffer = Buffer.allocUnsafe(size + 1);
    const length = readSync(fd, buffer, 0, size + 1, 0);
    // what grows meanwhile, or tells no size, is read to its end
    return length > 0 && length === size ? buffer.subarray(0, length) : readRegularSync(file);
  } finally {
    closeSync(fd);
  }
}

/** `readRegular` in this turn of the event loop: for small files, and for worker threads that have nothing else to do. */
export function readRegularSync(file: string): Buffer;
export function readRegularSync(file: string, encoding: 'utf8' | 'latin1'): string;
export function readRegularSync(file: string, encoding?: 'utf8' | 'latin1'): Buffer | string {
  assertRegular(file, statSync(file));
  const fd = openSync(file, FLAGS);
  try {
    assertRegular(file, fstatSync(fd));
    return encoding === undefined ? readFileSync(fd) : readFileSync(fd, encoding);
  } finally {
    closeSync(fd);
  }
}

/** The file's bytes in pieces of at most `chunkBytes`; stop iterating to stop reading. Throws as `openRegular` does. */
export async function* regularChunks(file: string, chunkBytes = 256 * 1024): AsyncGenerator<Buffer> {
  const handle = await openRegular(file);
  try {
    for await (const chunk of handle.createReadStream({ highWaterMark: chunkBytes, autoClose: false }))
      yield chunk as Buffer;
  } finally {
    await handle.close();
  }
}
