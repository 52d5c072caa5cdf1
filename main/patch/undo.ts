// What a job's files were before it touched them, and the way back: `.genRTL/undo/<job>/manifest.json` and
// `blobs/<sha256>`.
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { GenrtlError, JobId, Sha256 } from '@genrtl/contracts';
import { asDiskError, readJson, sha256, writeJson } from '@genrtl/disk/records.ts';
import { decodeAlike, readEntry, statOrNull } from './disk-files.ts';
import { realRoot } from '@genrtl/disk/real-root.ts';
import { recoverPatch, writeFiles } from './journal.ts';
import type { JournalOptions, PlannedFile } from './journal.ts';
import { missingFolders, removeEmptyFolders, stageFile, sync } from './stage.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

const AppliedFile = z.object({
  path: z.string(),
  kind: z.enum(['create', 'modify', 'delete']),
  before_sha256: Sha256.nullable(),
  after_sha256: Sha256.nullable(),
});
export type AppliedFile = z.infer<typeof AppliedFile>;

const UndoManifest = z.object({
  schema_version: z.literal(1),
  job_id: JobId,
  files: z.array(
    z.object({
      path: z.string(),
      /** the first pre-image; null: the job created the file */
      before: z.object({ sha256: Sha256, mode: z.number().int() }).nullable(),
      /** every state that the job itself left the file in; null: deleted */
      written: z.array(Sha256.nullable()),
    }),
  ),
  /** folders that the job made */
  folders: z.array(z.string()),
  /** the latest patch, so that a job resumed right after it does not apply it twice */
  last: z.object({ key: Sha256, files: z.array(AppliedFile) }),
});
type UndoManifest = z.infer<typeof UndoManifest>;

function folderOf(root: string, jobId: string): string {
  return path.join(root, '.genRTL', 'undo', JobId.parse(jobId));
}

async function readManifest(root: string, jobId: string): Promise<UndoManifest | null> {
  return readJson(path.join(folderOf(root, jobId), 'manifest.json'), UndoManifest);
}

/** Files of the patch with this key when it is the job's latest and every file still is as it left it; else null. */
export async function alreadyApplied(root: string, jobId: string, key: string): Promise<AppliedFile[] | null> {
  const manifest = await readManifest(root, jobId);
  if (manifest?.last.key !== key) return null;
  for (const file of manifest.last.files) {
    const now = await readEntry(root, file.path);
    if ((now.kind === 'file' ? now.sha256 : now.kind === 'absent' ? null : undefined) !== file.after_sha256)
      return null;
  }
  return manifest.last.files;
}

/** Keeps the pre-image of each file that the job touches for the first time; called before anything is written. */
export async function keepPreImages(
  root: string,
  jobId: string,
  key: string,
  files: readonly AppliedFile[],
): Promise<void> {
  const folder = folderOf(root, jobId);
  const blobs = path.join(folder, 'blobs');
  try {
    await mkdir(blobs, { recursive: true });
    const manifest = (await readManifest(root, jobId)) ?? {
      schema_version: 1 as const,
      job_id: jobId,
      files: [],
      folders: [],
      last: { key, files: [] },
    };
    for (const file of files) {
      let known = manifest.files.find((each) => each.path === file.path);
      if (known === undefined) {
        const now = await readEntry(root, file.path);
        known = {
          path: file.path,
          before: now.kind === 'file' ? { sha256: now.sha256, mode: now.mode } : null,
          written: [],
        };
        if (now.kind === 'file') await keepBlob(path.join(blobs, now.sha256), now.bytes);
        manifest.files.push(known);
      }
      if (!known.written.includes(file.after_sha256)) known.written.push(file.after_sha256);
      for (const each of await missingFolders(root, file.path))
        if (!manifest.folders.includes(each)) manifest.folders.push(each);
    }
    await sync(blobs);
    await writeJson(path.join(folder, 'manifest.json'), {
      ...manifest,
      last: { key, files: [...files] },
    } satisfies UndoManifest);
  } catch (error) {
    throw asDiskError(error, folder);
  }
}

async function keepBlob(file: string, bytes: Buffer): Promise<void> {
  const found = await statOrNull(file);
  // a blob cut short by a crash is written anew
  if (found !== null && found.size === bytes.length && sha256(await readRegular(file)) === path.basename(file)) return;
  await rm(file, { force: true });
  await stageFile(file, bytes, 0o600, null);
}

/** A file that a job touched: its hash before (null: there was none) and every one that the job left it with. */
export interface WrittenFile {
  readonly path: string;
  readonly before: string | null;
  readonly written: readonly (string | null)[];
}

/** What a job wrote, by hash; [] for a job that wrote nothing. */
export async function writtenBy(workspace: string, jobId: string): Promise<WrittenFile[]> {
  const manifest = await readManifest(await realRoot(workspace), jobId);
  return (manifest?.files ?? []).map(({ path: file, before, written }) => ({
    path: file,
    before: before?.sha256 ?? null,
    written,
  }));
}

/** Pre-images of a job's files in the order of paths; text is null for files that the job created. */
export async function undoneFiles(workspace: string, jobId: string): Promise<{ path: string; text: string | null }[]> {
  const root = await realRoot(workspace);
  const manifest = await readManifest(root, jobId);
  if (manifest === null) return [];
  const files = await Promise.all(
    manifest.files.map(async ({ path: file, before }) => ({
      path: file,
      text: before === null ? null : (await readBlob(root, jobId, before.sha256)).toString('utf8'),
    })),
  );
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A file of a job as it was and as it is; null where it does not exist. `sha256` is that of the bytes on disk. */
export interface JobFile {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly sha256: string | null;
  /** of both texts; latin1 carries arbitrary bytes, one a character */
  readonly encoding: 'utf8' | 'latin1';
}

/** Everything that a job touched, in the order of paths. */
export async function jobFiles(workspace: string, jobId: string): Promise<JobFile[]> {
  const root = await realRoot(workspace);
  const manifest = await readManifest(root, jobId);
  const files = await Promise.all(
    (manifest?.files ?? []).map(async (file): Promise<JobFile> => {
      const now = await readEntry(root, file.path);
      const texts = decodeAlike(
        file.before === null ? null : await readBlob(root, jobId, file.before.sha256),
        now.kind === 'file' ? now.bytes : null,
      );
      return { path: file.path, ...texts, sha256: now.kind === 'file' ? now.sha256 : null };
    }),
  );
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readBlob(root: string, jobId: string, hash: string): Promise<Buffer> {
  const bytes = await readRegular(path.join(folderOf(root, jobId), 'blobs', hash)).catch((cause: unknown) => {
    throw new GenrtlError('STATE_UNREADABLE', `A pre-image of job ${jobId} is missing.`, {
      hint: 'Restore the file from your version control.',
      cause,
    });
  });
  if (sha256(bytes) !== hash)
    throw new GenrtlError('STATE_UNREADABLE', `A pre-image of job ${jobId} is damaged.`, {
      hint: 'Restore the file from your version control.',
    });
  return bytes;
}

export interface UndoOptions extends JournalOptions {
  /** overwrite files that were edited since the job wrote them */
  readonly force?: boolean;
}

/**
 * Restores bytes and modes of every file that the job touched, and nothing else; returns the paths that it changed.
 * Idempotent. Throws FILE_CHANGED with `details.files` when a file was edited since, unless forced; then nothing is
 * written.
 */
export async function undoJob(workspace: string, jobId: string, options: UndoOptions = {}): Promise<string[]> {
  const root = await realRoot(workspace);
  await recoverPatch(root);
  const manifest = await readManifest(root, jobId);
  if (manifest === null) return [];
  const edited: string[] = [];
  const plan: PlannedFile[] = [];
  for (const file of manifest.files) {
    const now = await readEntry(root, file.path);
    const hash = now.kind === 'file' ? now.sha256 : null;
    const wanted = file.before?.sha256 ?? null;
    if (now.kind !== 'other' && hash === wanted && (now.kind === 'absent' || now.mode === file.before?.mode)) continue;
    if (now.kind === 'other' || (hash !== wanted && !file.written.includes(hash))) edited.push(file.path);
    plan.push({
      path: file.path,
      before: hash,
      mode: file.before?.mode ?? null,
      contents: file.before === null ? null : await readBlob(root, jobId, file.before.sha256),
    });
  }
  if (edited.length > 0 && !options.force) {
    throw new GenrtlError('FILE_CHANGED', `Edited since the job wrote them: ${edited.join(', ')}.`, {
      hint: 'Keep your edits and restore the other files by hand, or undo with force to lose them.',
      details: { files: edited },
    });
  }
  if (plan.length > 0) await writeFiles(root, plan, options);
  await removeEmptyFolders(root, manifest.folders);
  return plan.map((file) => file.path).sort();
}
