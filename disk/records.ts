// Atomic files of the workspace's own records: write, fsync, rename; disk trouble becomes a code with a hint.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { replaceFile } from './atomic-file.ts';
import { diskTrouble } from './disk-trouble.ts';
import type { z } from 'zod';
import { readRegular } from './regular-file.ts';

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** DISK_FULL, WORKSPACE_READ_ONLY or WORKSPACE_NOT_FOUND for what a person can mend, anything else as it came. */
export function asDiskError(error: unknown, file: string): unknown {
  switch (diskTrouble(error)) {
    case 'full':
      return new GenrtlError('DISK_FULL', `No space left to write ${path.basename(file)}.`, { cause: error });
    case 'not_writable':
      return new GenrtlError('WORKSPACE_READ_ONLY', `${file} cannot be written.`, { cause: error });
    case 'not_a_folder':
      return new GenrtlError('WORKSPACE_NOT_FOUND', `A part of the path ${path.dirname(file)} is no folder.`, {
        cause: error,
      });
    default:
      return error;
  }
}

export async function writeAtomic(file: string, data: string | Buffer, mode?: number): Promise<void> {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    await replaceFile(file, data, mode);
  } catch (error) {
    throw asDiskError(error, file);
  }
}

export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeAtomic(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** The file's text, or null when there is none. */
export async function readText(file: string): Promise<string | null> {
  try {
    return await readRegular(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR')
      return null;
    throw error;
  }
}

/** A record validated by its schema; null when absent. Throws STATE_UNREADABLE when it is not what it should be. */
export async function readJson<T extends z.ZodType>(file: string, schema: T): Promise<z.infer<T> | null> {
  const text = await readText(file);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const name = path.basename(file);
    throw new GenrtlError('STATE_UNREADABLE', `${name} cannot be read.`, {
      // the code's own hint speaks of a job's state
      hint:
        name === 'state.json'
          ? undefined
          : `${name} was written by a newer version or is damaged: restore it, or move it aside.`,
      cause: error,
    });
  }
}
