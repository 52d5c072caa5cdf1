// A large text file in parts, so that neither main nor a page holds its loop for the whole of it.
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { GenrtlError } from '@genrtl/contracts';
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { containedPath, isLocked } from './contained-path.ts';
import { MAX_READ_BYTES } from './workspace-files.ts';
import { openRegular, regularChunks } from '@genrtl/disk/regular-file.ts';

export const PART_BYTES = 1024 * 1024;
/**
 * First part of a file that needs several: some hundred lines, there at once, for the page to show while the rest
 * comes.
 */
export const HEAD_BYTES = 32 * 1024;

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of regularChunks(file, PART_BYTES)) hash.update(chunk);
  return hash.digest('hex');
}

/** Bytes at the start that continue a character begun before them: at most 3 in UTF-8. */
export function continued(bytes: Uint8Array): number {
  let count = 0;
  while (count < 3 && ((bytes[count] ?? 0) & 0xc0) === 0x80) count += 1;
  return count;
}

/**
 * The text from `offset` to the part's end, both moved on to the next whole character: parts fit together wherever they
 * are cut, so that several can be asked for at once. `stamp`: that of the first part, null for the first. Throws
 * FILE_CHANGED, NOT_FOUND, REQUEST_INVALID (binary, too large).
 */
export async function readPart(
  workspace: string,
  relative: string,
  offset: number,
  expected: string | null,
): Promise<IpcResponse<'workspace.read_part'>> {
  const absolute = await containedPath(workspace, relative);
  const info = await stat(absolute).catch((cause: unknown) => {
    throw new GenrtlError('NOT_FOUND', `${relative} is not there any more.`, {
      hint: 'Look whether it was moved or deleted.',
      cause,
    });
  });
  const stamp = `${info.size} ${info.mtimeMs}`;
  if (!info.isFile()) throw new GenrtlError('REQUEST_INVALID', `${relative} is no file.`);
  if (expected !== null && expected !== stamp)
    throw new GenrtlError('FILE_CHANGED', `${relative} changed while it was read.`, { hint: 'Open it again.' });
  if (info.size > MAX_READ_BYTES) {
    throw new GenrtlError(
      'REQUEST_INVALID',
      `${relative} has ${Math.round(info.size / 1_048_576)} MB; the editor opens up to ${MAX_READ_BYTES / 1_048_576} MB.`,
      { hint: 'Open it with a tool that streams.' },
    );
  }
  const handle = await openRegular(absolute);
  try {
    const wanted = offset === 0 && info.size > PART_BYTES ? HEAD_BYTES : PART_BYTES;
    const length = Math.max(0, Math.min(wanted, info.size - offset));
    const buffer = Buffer.allocUnsafe(length + 3);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
    const read = buffer.subarray(0, bytesRead);
    const last = offset + length >= info.size;
    const bytes = read.subarray(offset === 0 ? 0 : continued(read), length + continued(read.subarray(length)));
    if (offset === 0 && bytes.subarray(0, 8192).includes(0))
      throw new GenrtlError('REQUEST_INVALID', `${relative} is a binary file.`, {
        hint: 'The editor opens text files.',
      });
    return {
      text: bytes.toString('utf8'),
      next_offset: offset + length,
      part_bytes: PART_BYTES,
      size_bytes: info.size,
      stamp,
      locked: isLocked(relative),
      sha256: last ? await hashOf(absolute) : null,
    };
  } finally {
    await handle.close();
  }
}
