// Puts files into a given state, byte for byte: journalled, all or none; those of a job are known to its undo.
import { GenrtlError } from '@genrtl/contracts';
import { sha256 } from '@genrtl/disk/records.ts';
import { readEntry } from './disk-files.ts';
import { realRoot } from '@genrtl/disk/real-root.ts';
import { recoverPatch, writeFiles } from './journal.ts';
import type { PlannedFile } from './journal.ts';
import { keepPreImages } from './undo.ts';
import type { AppliedFile } from './undo.ts';

export interface RewrittenFile {
  readonly path: string;
  /** sha256 of the bytes that it has to hold now; null: it must not exist */
  readonly expect: string | null;
  /** null deletes it */
  readonly contents: Buffer | null;
}

/**
 * `jobId` null: no job's change, so that none undoes it. Throws FILE_CHANGED when a file is not as expected (then
 * nothing is written), WORKSPACE_READ_ONLY, DISK_FULL.
 */
export async function rewriteFiles(
  workspace: string,
  jobId: string | null,
  files: readonly RewrittenFile[],
): Promise<void> {
  const root = await realRoot(workspace);
  await recoverPatch(root);
  const plan: PlannedFile[] = [];
  const applied: AppliedFile[] = [];
  for (const { path, expect, contents } of files) {
    const now = await readEntry(root, path);
    const found = now.kind === 'file' ? now.sha256 : now.kind === 'absent' ? null : undefined;
    if (found !== expect)
      throw new GenrtlError('FILE_CHANGED', `Changed by someone else in the meantime: ${path}.`, {
        details: { files: [path] },
      });
    const after = contents === null ? null : sha256(contents);
    if (after === found) continue;
    plan.push({ path, before: found, mode: now.kind === 'file' ? now.mode : null, contents });
    applied.push({
      path,
      kind: found === null ? 'create' : after === null ? 'delete' : 'modify',
      before_sha256: found,
      after_sha256: after,
    });
  }
  if (plan.length === 0) return;
  if (jobId !== null) await keepPreImages(root, jobId, sha256(JSON.stringify(applied)), applied);
  await writeFiles(root, plan, {});
}
