// Files of a workspace as the explorer and the editor see them: list a folder, read, write without overwriting unseen
// changes.
import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { access, constants, mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { FileNode } from '@genrtl/contracts/workspace.ts';
import { replaceFile } from '@genrtl/disk/atomic-file.ts';
import { diskTrouble } from '@genrtl/disk/disk-trouble.ts';
import { containedPath, isLocked } from './contained-path.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

/** Above this Monaco stops tokenizing and a page runs out of memory; such files are read with a viewer of the tool. */
export const MAX_READ_BYTES = 64 * 1024 * 1024;

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const byName = new Intl.Collator('en', { numeric: true }).compare;
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;

/** Errors of the file system that a person can act on, as product errors; everything else is passed on. */
export function explain(error: unknown, relative: string): unknown {
  switch (diskTrouble(error)) {
    case 'missing':
    case 'not_a_folder':
      return new GenrtlError('NOT_FOUND', `${relative} is not there any more.`, {
        hint: 'Look whether it was moved or deleted.',
        cause: error,
      });
    case 'not_writable':
      return new GenrtlError('WORKSPACE_READ_ONLY', `${relative} cannot be written or read with your rights.`, {
        cause: error,
      });
    case 'full':
      return new GenrtlError('DISK_FULL', `There is no space left to write ${relative}.`, { cause: error });
    case 'is_a_folder':
      return new GenrtlError('REQUEST_INVALID', `${relative} is a folder.`, { cause: error });
    default:
      return error;
  }
}

/**
 * Makes a folder and those above it, on a disk that may be read-only: libuv's recursive mkdir reports EROFS as ENOENT.
 */
export async function ensureFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    for (let above = path.dirname(folder); codeOf(error) === 'ENOENT'; above = path.dirname(above)) {
      const refused = await access(above, constants.W_OK).then(
        () => error,
        (reason: unknown) => reason,
      );
      if (codeOf(refused) !== 'ENOENT' || above === path.dirname(above)) throw refused;
    }
    throw error;
  }
}

/** Entries of one folder, folders first, both by name. Links that lead outside are not listed as folders. */
export async function listFolder(workspace: string, directory: string): Promise<FileNode[]> {
  const absolute = await containedPath(workspace, directory);
  const entries = await readdir(absolute, { withFileTypes: true }).catch((error: unknown) => {
    throw explain(error, directory === '' ? 'The workspace' : directory);
  });
  const nodes = await Promise.all(entries.map((entry) => nodeOf(absolute, directory, entry)));
  // in plain order first: names that are nearly in order need few of the slow comparisons that know numbers
  return nodes
    .filter((node) => node !== null)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .sort((a, b) => (a.kind === b.kind ? byName(a.name, b.name) : a.kind === 'directory' ? -1 : 1));
}

const leadsNowhere = (link: string): Promise<boolean> =>
  stat(link).then(
    () => false,
    () => true,
  );

async function nodeOf(absolute: string, directory: string, entry: Dirent): Promise<FileNode | null> {
  if (entry.name === '.git') return null;
  const relative = directory === '' ? entry.name : `${directory}/${entry.name}`;
  if (entry.isSymbolicLink() && (await leadsNowhere(path.join(absolute, entry.name)))) return null;
  return {
    path: relative,
    name: entry.name,
    kind: entry.isDirectory() ? 'directory' : 'file',
    locked: isLocked(relative),
  };
}

/**
 * Text of a file. Throws NOT_FOUND, SPEC_BINARY-free: a binary file is refused with REQUEST_INVALID, so is one above
 * MAX_READ_BYTES.
 */
export async function readTextFile(
  workspace: string,
  relative: string,
): Promise<{ text: string; sha256: string; locked: boolean }> {
  const absolute = await containedPath(workspace, relative);
  try {
    const info = await stat(absolute);
    if (info.size > MAX_READ_BYTES) {
      throw new GenrtlError(
        'REQUEST_INVALID',
        `${relative} has ${Math.round(info.size / 1_048_576)} MB; the editor opens up to ${MAX_READ_BYTES / 1_048_576} MB.`,
        { hint: 'Open it with a tool that streams.' },
      );
    }
    const bytes = await readRegular(absolute);
    if (bytes.subarray(0, 8192).includes(0))
      throw new GenrtlError('REQUEST_INVALID', `${relative} is a binary file.`, {
        hint: 'The editor opens text files.',
      });
    return { text: bytes.toString('utf8'), sha256: sha256(bytes), locked: isLocked(relative) };
  } catch (error) {
    throw explain(error, relative);
  }
}

/**
 * Writes a file (temp, fsync, rename), keeping its mode. `expect` is the hash that the page last saw, null for a file
 * that must not exist. Throws FILE_CHANGED when the disk holds something else, REQUEST_INVALID for locked paths.
 */
export async function writeTextFile(
  workspace: string,
  relative: string,
  text: string,
  expect: string | null,
): Promise<string> {
  if (isLocked(relative))
    throw new GenrtlError('REQUEST_INVALID', `${relative} is read-only.`, {
      hint: 'Vendor packages and genRTL’s records are never edited by hand; copy the file into src/ instead.',
    });
  const absolute = await containedPath(workspace, relative);
  try {
    const present = await readRegular(absolute).then(sha256, (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (present !== expect)
      throw new GenrtlError('FILE_CHANGED', `${relative} was changed outside the editor.`, {
        hint: 'Compare both versions, then save again or reload.',
        details: { sha256: present },
      });
    await ensureFolder(path.dirname(absolute));
    await replaceFile(absolute, text);
    return sha256(text);
  } catch (error) {
    throw explain(error, relative);
  }
}
