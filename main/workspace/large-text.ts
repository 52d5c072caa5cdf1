// A large text file in parts, so that neither main nor a page holds its loop for the whole of it.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { GenrtlError } from '@genrtl/contracts';
import type { IpcResponse } from '@genrtl/contracts';
import { containedPath, isLocked } from './contained-path.ts';
import { MAX_READ_BYTES } from './workspace-files.ts';

export const PART_BYTES = 1024 * 1024;

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: PART_BYTES })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Bytes at the end that begin a character whose rest is not there. */
export function cutCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** `stamp`: that of the first part, null for the first. Throws FILE_CHANGED, NOT_FOUND, REQUEST_INVALID (binary, too large). */
export async function readPart(workspace: string, relative: string, offset: number, expected: string | null): Promise<IpcResponse<'workspace.read_part'>> {
  const absolute = await containedPath(workspace, relative);
  const info = await stat(absolute).catch((cause: unknown) => {
    throw new GenrtlError('NOT_FOUND', `${relative} is not there any more.`, { hint: 'Look whether it was moved or deleted.', cause });
  });
  const stamp = `${info.size} ${info.mtimeMs}`;
  if (!info.isFile()) throw new GenrtlError('REQUEST_INVALID', `${relative} is no file.`);
  if (expected !== null && expected !== stamp) throw new GenrtlError('FILE_CHANGED', `${relative} changed while it was read.`, { hint: 'Open it again.' });
  if (info.size > MAX_READ_BYTES) {
    throw new GenrtlError('REQUEST_INVALID', `${relative} has ${Math.round(info.size / 1_048_576)} MB; the editor opens up to ${MAX_READ_BYTES / 1_048_576} MB.`, { hint: 'Open it with a tool that streams.' });
  }
  const handle = await open(absolute, 'r');
  try {
    const buffer = Buffer.allocUnsafe(PART_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, PART_BYTES, offset);
    const last = offset + bytesRead >= info.size;
    const bytes = buffer.subarray(0, last ? bytesRead : bytesRead - cutCharacter(buffer.subarray(0, bytesRead)));
    if (offset === 0 && bytes.subarray(0, 8192).includes(0)) throw new GenrtlError('REQUEST_INVALID', `${relative} is a binary file.`, { hint: 'The editor opens text files.' });
    return { text: bytes.toString('utf8'), next_offset: offset + bytes.length, size_bytes: info.size, stamp, locked: isLocked(relative), sha256: last ? await hashOf(absolute) : null };
  } finally {
    await handle.close();
  }
}
