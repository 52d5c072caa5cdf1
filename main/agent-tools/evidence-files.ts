// Reads evidence for agents: windows of lines out of files of any size, and listings of run directories.
import { constants } from 'node:fs';
import { lstat, readdir, realpath, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { redactor } from '@genrtl/core/evidence/redact.ts';
import { openRegular } from '@genrtl/disk/regular-file.ts';

const CHUNK_BYTES = 256 * 1024;
/** Bytes of one window, however long its lines are. */
const WINDOW_BYTES = 24 * 1024;
const MAX_LISTED = 500;

export interface EvidenceWindow {
  /** from 1; 0 in an empty file */
  readonly first_line: number;
  readonly last_line: number;
  readonly total_lines: number;
  readonly size_bytes: number;
  readonly text: string;
  /** more lines follow, or the window's bytes were used up */
  readonly more: boolean;
}

const redact = redactor();

/** Control characters of a log could steer a terminal or hide text; tab and line end stay. */
function plain(text: string): string {
  return redact(text.replace(/\r\n/g, '\n').replace(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu, '\ufffd'));
}

async function openEvidence(file: string): Promise<FileHandle> {
  const real = await realpath(file).catch(() => null);
  if (real === null || !(await lstat(real)).isFile())
    throw new GenrtlError('NOT_FOUND', `${path.basename(file)} is no file.`, {
      hint: 'evidence_list shows the files of a run.',
    });
  // a link put in place meanwhile does not lead away
  return openRegular(real, constants.O_NOFOLLOW);
}

/** Counts lines and finds where line `wanted` (from 1) begins; null when the file has fewer. */
async function scan(handle: FileHandle, wanted: number): Promise<{ total: number; offset: number | null }> {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let lines = 0;
  let position = 0;
  let offset: number | null = wanted === 1 ? 0 : null;
  let last = 0x0a;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, position);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) {
      lines += 1;
      if (lines === wanted - 1) offset = position + at + 1;
    }
    last = chunk[bytesRead - 1] ?? last;
    position += bytesRead;
  }
  const total = lines + (last === 0x0a ? 0 : 1);
  return { total, offset: wanted <= total ? offset : null };
}

/**
 * `fromLine` from 1, or negative to count from the end (-1: the last line). Throws NOT_FOUND for what is no regular
 * file.
 */
export async function readLines(file: string, fromLine: number, maxLines: number): Promise<EvidenceWindow> {
  const handle = await openEvidence(file);
  try {
    const { size } = await handle.stat();
    const first = fromLine > 0 ? fromLine : Math.max(1, (await scan(handle, 1)).total + 1 + fromLine);
    const { total, offset } = await scan(handle, first);
    if (offset === null)
      return { first_line: 0, last_line: 0, total_lines: total, size_bytes: size, text: '', more: false };
    const buffer = Buffer.alloc(Math.min(WINDOW_BYTES, size - offset));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
    const atEnd = offset + bytesRead >= size;
    // the window's end cuts a line in two unless it is the only one
    if (lines.length > 1 && (!atEnd || lines.at(-1) === '')) lines.pop();
    const shown = lines.slice(0, maxLines);
    const lastLine = first + shown.length - 1;
    return {
      first_line: first,
      last_line: lastLine,
      total_lines: total,
      size_bytes: size,
      text: plain(shown.join('\n')),
      more: lastLine < total || (shown.length === 1 && !atEnd),
    };
  } finally {
    await handle.close();
  }
}

/** Of the files that would show something, those that are there. */
export async function present(files: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    files.map((file) =>
      lstat(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  return files.filter((_, index) => found[index]);
}

export interface EvidenceEntry {
  readonly file: string;
  readonly size_bytes: number;
}

/** Regular files below a folder, sorted; links are left out. At most 500, `total` counts all. */
export async function listFiles(folder: string): Promise<{ files: EvidenceEntry[]; total: number }> {
  const found: string[] = [];
  const walk = async (at: string, depth: number): Promise<void> => {
    for (const entry of await readdir(at, { withFileTypes: true }).catch(() => [])) {
      if (entry.isFile() && entry.name !== '.reserve') found.push(path.join(at, entry.name));
      else if (entry.isDirectory() && depth < 6) await walk(path.join(at, entry.name), depth + 1);
    }
  };
  await walk(folder, 0);
  found.sort();
  const files = await Promise.all(
    found.slice(0, MAX_LISTED).map(async (file) => ({
      file,
      size_bytes: await lstat(file).then(
        (info) => info.size,
        () => 0,
      ),
    })),
  );
  return { files, total: found.length };
}
