// Puts a package's files into the vendor folder: a finished, flushed, read-only tree moved into place in one step.
import { closeSync, fchmodSync, fsync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { chmod, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { PackageFile } from './archive.ts';

/**
 * Replaces `folder` (absolute) by the files. A kill leaves the old tree, the new tree or none, never a part of one;
 * leftovers are cleared by the next call.
 */
export async function replaceTree(folder: string, files: readonly PackageFile[]): Promise<void> {
  const draft = `${folder}.part`;
  const old = `${folder}.old`;
  await removeTree(draft);
  await removeTree(old);
  const folders = new Set<string>([draft]);
  for (const file of files) {
    for (let at = path.dirname(path.join(draft, file.path)); at !== draft; at = path.dirname(at)) folders.add(at);
  }
  for (const each of folders) mkdirSync(each, { recursive: true });
  // side by side: most of the time is waiting for the disk, and one flush serves several files
  await inBatches(files, (file) => writeReadOnly(path.join(draft, file.path), file.bytes));
  await inBatches([...folders], sync);
  if (await exists(folder)) await rename(folder, old);
  await rename(draft, folder);
  await sync(path.dirname(folder));
  await removeTree(old);
}

const flush = promisify(fsync);
const BATCH = 16;

/** Ends when nothing of it runs any more, also when it fails. */
async function inBatches<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += BATCH) {
    const done = await Promise.allSettled(all.slice(at, at + BATCH).map(work));
    for (const each of done) if (each.status === 'rejected') throw each.reason;
  }
}

/**
 * Files lose their write bits; folders keep theirs, so that the person can delete a workspace. A few KB go into the
 * system's cache in less time than a trip to the thread pool takes; only the flush is waited for.
 */
async function writeReadOnly(file: string, bytes: Buffer): Promise<void> {
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeFileSync(handle, bytes);
    fchmodSync(handle, file.endsWith('.sh') ? 0o555 : 0o444);
    await flush(handle);
  } finally {
    closeSync(handle);
  }
}

async function removeTree(folder: string): Promise<void> {
  if (!(await exists(folder))) return;
  // someone may have taken the write bit from a folder, which keeps its entries from being removed
  await makeFoldersWritable(folder);
  await rm(folder, { recursive: true, force: true });
}

async function makeFoldersWritable(folder: string): Promise<void> {
  const found = await lstat(folder);
  if (!found.isDirectory()) return;
  await chmod(folder, found.mode | 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeFoldersWritable(path.join(folder, entry.name));
  }
}

async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

async function sync(folder: string): Promise<void> {
  // Windows opens no folders; there a rename is durable once it returns
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
