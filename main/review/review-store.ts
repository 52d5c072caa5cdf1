// The person's review of a job's changes: writes what is left of a file, and remembers rejected hunks so that they cannot come back unnoticed.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { GenrtlError, RejectedHunk } from '@genrtl/contracts';
import { containedPath, isLocked } from '../workspace/contained-path.ts';
import { writeTextFile } from '../workspace/workspace-files.ts';

const File = z.object({ schema_version: z.literal(1), hunks: z.array(RejectedHunk) });
/** Older rejections are dropped first. */
const KEPT_HUNKS = 2000;

const storeOf = (workspace: string): string => path.join(workspace, '.genRTL', 'rejected.json');

export async function rejectedHunks(workspace: string): Promise<RejectedHunk[]> {
  const text = await readFile(storeOf(workspace), 'utf8').catch(() => null);
  if (text === null) return [];
  try {
    return File.parse(JSON.parse(text)).hunks;
  } catch {
    // a damaged memory of rejections must not stop a review
    return [];
  }
}

const keyOf = (hunk: RejectedHunk): string => JSON.stringify([hunk.path, hunk.removed, hunk.added]);

async function remember(workspace: string, rejected: readonly RejectedHunk[]): Promise<void> {
  if (rejected.length === 0) return;
  const all = new Map((await rejectedHunks(workspace)).map((hunk) => [keyOf(hunk), hunk]));
  for (const hunk of rejected) all.set(keyOf(hunk), hunk);
  const file = storeOf(workspace);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, `${JSON.stringify({ schema_version: 1, hunks: [...all.values()].slice(-KEPT_HUNKS) }, null, 2)}\n`);
}

/**
 * `text` null deletes the file. `expect` is the hash of what the review showed. Throws FILE_CHANGED when the disk holds something
 * else; then nothing is written and nothing remembered.
 */
export async function applyReview(workspace: string, relative: string, text: string | null, expect: string | null, rejected: readonly RejectedHunk[]): Promise<string | null> {
  if (text !== null) {
    const sha256 = await writeTextFile(workspace, relative, text, expect);
    await remember(workspace, rejected);
    return sha256;
  }
  if (isLocked(relative)) throw new GenrtlError('REQUEST_INVALID', `${relative} is read-only.`);
  const absolute = await containedPath(workspace, relative);
  const present = await readFile(absolute).then((bytes) => createHash('sha256').update(bytes).digest('hex'), () => null);
  if (present !== expect) throw new GenrtlError('FILE_CHANGED', `${relative} was changed since the review.`, { hint: 'Look at the changes again.' });
  await rm(absolute, { force: true });
  await remember(workspace, rejected);
  return null;
}
