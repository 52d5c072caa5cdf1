// A workspace's files as the patch applier reads them: links never followed, bytes kept whatever their encoding.
import type { Stats } from 'node:fs';
import { constants, lstat, open } from 'node:fs/promises';
import path from 'node:path';
import { otherPaths, pathFault } from '@genrtl/core/patch/index.ts';
import type { ParsedPatch, PatchFile, PatchFiles } from '@genrtl/core/patch/index.ts';
import { sha256 } from '@genrtl/disk/records.ts';

/** What stands at a path; `other` is a link, a folder or a device, or lies behind a link or a file. */
export type DiskEntry =
  | { readonly kind: 'file'; readonly bytes: Buffer; readonly sha256: string; readonly mode: number }
  | { readonly kind: 'absent' }
  | { readonly kind: 'other' };

/**
 * Every file that the patch names and every folder on the way, as they are now. Paths against the policy are not
 * touched.
 */
export async function loadFiles(root: string, patch: ParsedPatch, maxFileBytes: number): Promise<PatchFiles> {
  const named = patch.sections
    .flatMap((section) => [section.oldPath, section.newPath, ...otherPaths(section)])
    .filter((each) => each !== null && pathFault(each) === null) as string[];
  const wanted = new Set(named.flatMap((each) => [each, ...foldersOf(each)]));
  const files = new Map<string, PatchFile>();
  for (const each of wanted) files.set(each, await readForPatch(root, each, maxFileBytes));
  return { read: (relative) => files.get(relative) ?? { kind: 'missing' } };
}

/** Folders on the way to a file, outermost first. */
export function foldersOf(relative: string): string[] {
  const parts = relative.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

async function readForPatch(root: string, relative: string, maxFileBytes: number): Promise<PatchFile> {
  const found = await walk(root, relative);
  if (found === 'link') return { kind: 'symlink' };
  if (found === 'absent' || found === 'behind_file') return { kind: 'missing' };
  if (found.isDirectory()) return { kind: 'directory' };
  // opening a device or a pipe could block for ever
  if (!found.isFile()) return { kind: 'binary' };
  if (found.size > maxFileBytes) return { kind: 'too_large', sizeBytes: found.size };
  const read = await readPlain(path.join(root, relative));
  if (read === 'absent') return { kind: 'missing' };
  if (read === 'link') return { kind: 'symlink' };
  const { bytes } = read;
  if (bytes.includes(0)) return { kind: 'binary' };
  return { kind: 'text', ...decode(bytes), sha256: sha256(bytes) };
}

export async function readEntry(root: string, relative: string): Promise<DiskEntry> {
  const found = await walk(root, relative);
  if (found === 'absent') return { kind: 'absent' };
  if (found === 'link' || found === 'behind_file' || !found.isFile()) return { kind: 'other' };
  const read = await readPlain(path.join(root, relative));
  if (read === 'absent') return { kind: 'absent' };
  if (read === 'link') return { kind: 'other' };
  return { kind: 'file', ...read, sha256: sha256(read.bytes) };
}

/** Looks at each part of the path without following it. */
async function walk(root: string, relative: string): Promise<Stats | 'link' | 'absent' | 'behind_file'> {
  let at = root;
  let stats: Stats | null = null;
  for (const part of relative.split('/')) {
    if (stats !== null && !stats.isDirectory()) return 'behind_file';
    at = path.join(at, part);
    stats = await statOrNull(at);
    if (stats === null) return 'absent';
    if (stats.isSymbolicLink()) return 'link';
  }
  return stats ?? 'absent';
}

/** lstat; null when nothing has this name. */
export async function statOrNull(absolute: string): Promise<Stats | null> {
  try {
    return await lstat(absolute);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** A file may go, or become a link, after it was looked at. */
async function readPlain(file: string): Promise<{ bytes: Buffer; mode: number } | 'absent' | 'link'> {
  let handle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'absent';
    if (code === 'ELOOP') return 'link';
    throw error;
  }
  try {
    return { mode: (await handle.stat()).mode & 0o7777, bytes: await handle.readFile() };
  } finally {
    await handle.close();
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 where it is; else one character a byte (comments in GBK or Latin-1 are common in RTL). */
function decode(bytes: Buffer): { text: string; encoding: 'utf8' | 'latin1' } {
  try {
    return { text: UTF8.decode(bytes), encoding: 'utf8' };
  } catch {
    return { text: bytes.toString('latin1'), encoding: 'latin1' };
  }
}

/** Two states of one file as text; when one of them is no UTF-8, both are read one character a byte. */
export function decodeAlike(
  before: Buffer | null,
  after: Buffer | null,
): { before: string | null; after: string | null; encoding: 'utf8' | 'latin1' } {
  const encoding = [before, after].some((bytes) => bytes !== null && decode(bytes).encoding === 'latin1')
    ? 'latin1'
    : 'utf8';
  return { before: before?.toString(encoding) ?? null, after: after?.toString(encoding) ?? null, encoding };
}
