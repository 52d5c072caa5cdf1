// The workspace's own sources as models and tools see them: text files below src/ and tb/, never what is sealed.
import type { Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { sha256 } from '@genrtl/disk/records.ts';

/** Files beyond these limits stay out of prompts; tools still read them. */
const MAX_MODEL_FILE_BYTES = 256 * 1024;
const MAX_FILES = 5_000;
const HDL = /\.(sv|v|svh|vh)$/;
const HEADER = /\.(svh|vh)$/;

export interface SourceFile {
  /** relative to the workspace root, forward slashes */
  readonly path: string;
  readonly text: string;
  readonly sha256: string;
}

/** Sorted by path, so that commands and prompts do not depend on the disk's order. */
export async function listSources(root: string, folder: 'src' | 'tb'): Promise<string[]> {
  const found: string[] = [];
  const visit = async (relative: string): Promise<void> => {
    let entries: Dirent[];
    try {
      entries = await readdir(path.join(root, relative), { withFileTypes: true });
    } catch {
      return;
    }
    for (const entry of entries) {
      const child = `${relative}/${entry.name}`;
      if (entry.isDirectory()) await visit(child);
      else if (entry.isFile() && found.length < MAX_FILES) found.push(child);
    }
  };
  await visit(folder);
  return found.sort();
}

export async function compileSources(root: string, folder: 'src' | 'tb'): Promise<string[]> {
  return (await listSources(root, folder)).filter((file) => HDL.test(file) && !HEADER.test(file));
}

/** Folders below src/ and tb/ that hold headers. */
export async function headerFolders(root: string): Promise<string[]> {
  const headers = [...(await listSources(root, 'src')), ...(await listSources(root, 'tb'))].filter((file) =>
    HEADER.test(file),
  );
  return [...new Set(headers.map((file) => path.posix.dirname(file)))].sort();
}

/** What a model may see: text, of moderate size, outside the sealed folder. */
export async function readModelSources(root: string, sealedFolder: string | null): Promise<SourceFile[]> {
  const sealed = sealedFolder ? await realpath(sealedFolder).catch(() => sealedFolder) : null;
  const files: SourceFile[] = [];
  for (const file of [...(await listSources(root, 'src')), ...(await listSources(root, 'tb'))]) {
    const absolute = await realpath(path.join(root, file));
    if (sealed && (absolute === sealed || absolute.startsWith(sealed + path.sep))) continue;
    if ((await stat(absolute)).size > MAX_MODEL_FILE_BYTES) continue;
    const bytes = await readFile(absolute);
    if (bytes.includes(0)) continue;
    files.push({ path: file, text: bytes.toString('utf8'), sha256: sha256(bytes) });
  }
  return files;
}
