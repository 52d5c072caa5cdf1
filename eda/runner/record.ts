// Files of a run folder, each written whole or not at all.
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { replaceFile } from '@genrtl/disk/atomic-file.ts';
import { diskTrouble } from '@genrtl/disk/disk-trouble.ts';

/** Replaces a file by write, fsync and rename, which also holds on NFS. */
export async function writeRecord(path: string, value: unknown): Promise<void> {
  await guardDisk(replaceFile(path, `${JSON.stringify(value, null, 2)}\n`));
}

/** Turns the operating system's refusals into the product's own errors. */
export async function guardDisk<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw diskError(cause) ?? cause;
  }
}

export function diskError(cause: unknown): GenrtlError | null {
  switch (diskTrouble(cause)) {
    case 'full':
      return new GenrtlError('DISK_FULL', 'The disk is full: the run could not be recorded.', { cause });
    case 'not_writable':
      return new GenrtlError('WORKSPACE_READ_ONLY', 'The run folder cannot be written.', { cause });
    default:
      return null;
  }
}
