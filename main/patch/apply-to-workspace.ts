// Applies a diff to a workspace: the policy of core/patch on what lies on the disk, then all files or none.
import { GenrtlError } from '@genrtl/contracts';
import type { FileChange } from '@genrtl/contracts/workspace.ts';
import { applyPatch, DEFAULT_POLICY, parsePatch, resolvePaths } from '@genrtl/core/patch/index.ts';
import type { PatchChange, PatchPolicy, Refusal } from '@genrtl/core/patch/index.ts';
import { sha256 } from '@genrtl/disk/records.ts';
import { loadFiles, readEntry } from './disk-files.ts';
import { realRoot } from '@genrtl/disk/real-root.ts';
import { recoverPatch, writeFiles } from './journal.ts';
import type { JournalOptions, PlannedFile } from './journal.ts';
import { sealedPaths } from './sealed.ts';
import { alreadyApplied, keepPreImages } from './undo.ts';
import type { AppliedFile } from './undo.ts';

export interface ApplyRequest extends JournalOptions {
  readonly workspace: string;
  /** an answer that holds unified diffs */
  readonly diff: string;
  /** sha256 by path of each file as the author of the diff saw it; another hash is PATCH_STALE */
  readonly seen?: Readonly<Record<string, string>>;
  /** absolute files and folders that no patch may touch */
  readonly sealed?: readonly string[];
  /** job id; keeps pre-images for undo, and makes a repeat of the job's latest patch a success without a write */
  readonly undoJob?: string;
  /** only tells what would happen */
  readonly check?: boolean;
  readonly policy?: Partial<Omit<PatchPolicy, 'isSealed'>>;
}

export type ApplyOutcome =
  | {
      readonly ok: true;
      readonly files: readonly AppliedFile[];
      /** texts before and after, for review; empty when the patch had been applied before */
      readonly changes: readonly FileChange[];
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/**
 * Refusals are an answer, not an exception. Throws WORKSPACE_NOT_FOUND, WORKSPACE_READ_ONLY, DISK_FULL, and
 * FILE_CHANGED for a file that someone edits at this very moment or that an unfinished earlier patch finds changed.
 */
export async function applyToWorkspace(request: ApplyRequest): Promise<ApplyOutcome> {
  const root = await realRoot(request.workspace);
  if (!request.check) await recoverPatch(root);
  const { undoJob } = request;
  const key = sha256(JSON.stringify([request.diff, Object.entries(request.seen ?? {}).sort()]));
  if (undoJob !== undefined && !request.check) {
    const done = await alreadyApplied(root, undoJob, key);
    if (done) return { ok: true, files: done, changes: [], notes: ['the patch had been applied before'] };
  }
  const policy: PatchPolicy = { ...DEFAULT_POLICY, ...request.policy };
  const isTooLong = request.diff.length > policy.maxDiffBytes;
  const parsed = isTooLong ? { sections: [], problems: [] } : parsePatch(request.diff);
  const files = await loadFiles(root, parsed, policy.maxFileBytes);
  const patch = resolvePaths(parsed, files);
  const sealed = await sealedPaths(root, patch, request.sealed ?? []);
  const result = applyPatch({
    diff: isTooLong ? request.diff : patch,
    files,
    policy: { ...policy, isSealed: (file) => sealed.has(file) },
    ...(request.seen ? { seen: request.seen } : {}),
  });
  if (!result.ok) return result;
  const plan: PlannedFile[] = [];
  for (const change of result.changes) plan.push(await planned(root, change));
  const applied = result.changes.map(
    (change, i): AppliedFile => ({
      path: change.path,
      kind: change.kind,
      before_sha256: plan[i]?.before ?? null,
      after_sha256: change.after === null ? null : sha256(bytesOf(change, change.after)),
    }),
  );
  const outcome: ApplyOutcome = {
    ok: true,
    files: applied,
    notes: result.notes,
    changes: result.changes.map(({ path, before, after }) => ({ path, before, after })),
  };
  if (request.check) return outcome;
  if (undoJob !== undefined) await keepPreImages(root, undoJob, key, applied);
  await writeFiles(root, plan, { onPoint: request.onPoint });
  return outcome;
}

async function planned(root: string, change: PatchChange): Promise<PlannedFile> {
  const now = await readEntry(root, change.path);
  const before = change.before === null ? null : sha256(bytesOf(change, change.before));
  const found = now.kind === 'file' ? now.sha256 : now.kind === 'absent' ? null : undefined;
  if (found !== before)
    throw new GenrtlError('FILE_CHANGED', `Changed by someone else in the meantime: ${change.path}.`, {
      details: { files: [change.path] },
    });
  return {
    path: change.path,
    before,
    mode: now.kind === 'file' ? now.mode : null,
    contents: change.after === null ? null : bytesOf(change, change.after),
  };
}

function bytesOf(change: PatchChange, text: string): Buffer {
  return Buffer.from(text, change.encoding);
}
