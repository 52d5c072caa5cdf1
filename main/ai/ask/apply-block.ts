// A code block of an answer as a change of the workspace: under the patch policy, reviewed hunk by hunk by the person,
// written whole or not at all, and taken back by its own undo.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { GenrtlError, type ErrorCode } from '@genrtl/contracts';
import type { FileChange } from '@genrtl/contracts/workspace.ts';
import type { ProposedBlock } from '@genrtl/contracts/ask.ts';
import { restorePatch } from '@genrtl/core/evidence/restore-patch.ts';
import { filesNamedIn, moduleNamesIn, withModules } from '@genrtl/core/ai/code-block.ts';
import { acquireWriterLock } from '@genrtl/disk/writer-lock.ts';
import { Outgoing } from '../../cloud/outgoing.ts';
import { applyToWorkspace, undoJob, type ApplyOutcome } from '../../patch/index.ts';
import { loadProject } from '../../project/load-project.ts';
import { changeBlocks, withoutBlocks } from '../../review/change-blocks.ts';
import { diffOf } from '../../review/diff-of.ts';
import { containedPath } from '../../workspace/contained-path.ts';
import { workspacePaths } from '../../workspace/paths.ts';
import { readState } from '../../workspace/state-store.ts';
import type { FindSymbols } from './context-items.ts';

export interface BlockRequest {
  readonly root: string;
  readonly code: string;
  /** hashes of the files that the model was shown */
  readonly seen: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly symbols: FindSymbols;
  isUnsaved(file: string): boolean;
}

export interface LeftOut {
  readonly path: string;
  readonly hunks: readonly string[];
}

/** Refusals are an answer. Throws PROJECT_INVALID, WORKSPACE_NOT_FOUND. */
export async function proposeBlock(request: BlockRequest): Promise<ProposedBlock> {
  const outcome = await tryPatch(request, await diffOfBlock(request), true, null);
  if (!outcome.ok)
    return {
      files: [],
      refusals: outcome.refusals.map(({ code, message, path: file, hunk }) => ({
        code,
        message,
        ...(file === undefined ? {} : { path: file }),
        ...(hunk === undefined ? {} : { hunk }),
      })),
    };
  return {
    refusals: [],
    files: outcome.changes
      .filter(({ before, after }) => before !== after)
      .map((file) => ({
        ...file,
        sha256: null,
        hunks: changeBlocks(file.before, file.after).map((block) => ({
          id: block.id,
          old_start: block.oldStart + 1,
          old_lines: block.removed.length,
          new_start: block.newStart + 1,
          new_lines: block.added.length,
          status: 'open' as const,
        })),
      })),
  };
}

/** Throws the first refusal's code, FILE_CHANGED for files with unsaved edits, WORKSPACE_BUSY, DISK_FULL. */
export async function applyBlock(
  request: BlockRequest,
  leftOut: readonly LeftOut[],
): Promise<{ files: string[]; undo: string }> {
  const { root } = request;
  const lock = await acquireWriterLock(workspacePaths(root).writerLock);
  try {
    const whole = await tryPatch(request, await diffOfBlock(request), true, null);
    if (!whole.ok) throw refused(whole);
    const unsaved = whole.changes.map((change) => change.path).filter((file) => request.isUnsaved(file));
    if (unsaved.length > 0)
      throw new GenrtlError('FILE_CHANGED', `Unsaved edits: ${unsaved.join(', ')}.`, {
        hint: 'Save or revert them first.',
        details: { files: unsaved },
      });
    const diff = whole.changes.map((change) => diffOf(change.path, change.before, reduced(change, leftOut))).join('');
    if (diff === '') throw new GenrtlError('PATCH_NO_DIFF', 'Every change was left out.');
    const undo = `ask-${randomUUID()}`;
    const outcome = await tryPatch({ ...request, seen: {} }, diff, false, undo);
    if (!outcome.ok) throw refused(outcome);
    return { files: outcome.files.map((file) => file.path), undo };
  } finally {
    await lock.release();
  }
}

/** Throws NOT_FOUND for what no conversation wrote, FILE_CHANGED when files were edited since. */
export async function undoBlock(root: string, undo: string): Promise<string[]> {
  if (!/^ask-[0-9a-f-]{36}$/.test(undo)) throw new GenrtlError('NOT_FOUND', 'Nothing to take back.');
  const lock = await acquireWriterLock(workspacePaths(root).writerLock);
  try {
    return await undoJob(root, undo);
  } finally {
    await lock.release();
  }
}

function refused(outcome: Extract<ApplyOutcome, { ok: false }>): GenrtlError {
  const [first] = outcome.refusals;
  return new GenrtlError((first?.code ?? 'PATCH_NO_DIFF') as ErrorCode, first?.message ?? 'Nothing was applied.', {
    details: { refusals: outcome.refusals },
  });
}

async function tryPatch(
  { root, seen, env }: BlockRequest,
  diff: string,
  check: boolean,
  undo: string | null,
): Promise<ApplyOutcome> {
  const project = await loadProject(root, env);
  const accept = (await readState(workspacePaths(root)).catch(() => null))?.settings.accept_dir ?? null;
  return applyToWorkspace({
    workspace: root,
    diff,
    check,
    seen,
    sealed: accept === null ? [] : [accept],
    ...(undo === null ? {} : { undoJob: undo }),
    ...(project.config === null ? {} : { policy: { rules: project.rules } }),
  });
}

function reduced(change: FileChange, leftOut: readonly LeftOut[]): string | null {
  const dropped = new Set(leftOut.filter((one) => one.path === change.path).flatMap((one) => one.hunks));
  if (dropped.size === 0) return change.after;
  return withoutBlocks(change.before, change.after, changeBlocks(change.before, change.after), dropped);
}

/** A diff as it came, with secrets put back; whole modules become the diff that exchanges their like for them. */
async function diffOfBlock({ root, code, secrets, symbols }: BlockRequest): Promise<string> {
  if (/^(?:---|\+\+\+|diff --git|@@) ?/m.test(code)) {
    const originals = new Map<string, ReadonlyMap<string, string>>();
    for (const file of filesNamedIn(code)) {
      const text = await textOf(root, file);
      if (text !== null) originals.set(file, Outgoing.code(text, secrets).originals);
    }
    return restorePatch(code.endsWith('\n') ? code : `${code}\n`, originals);
  }
  const names = moduleNamesIn(code);
  const places = new Map<string, string[]>();
  for (const name of names) {
    const [unit, ...others] = (await symbols(root, name)).filter(
      (symbol) => symbol.name === name && symbol.parent === null && !symbol.path.startsWith('.genRTL/'),
    );
    if (unit === undefined || others.length > 0) return '';
    places.set(unit.path, [...(places.get(unit.path) ?? []), name]);
  }
  let diff = '';
  for (const [file, units] of places) {
    const before = await textOf(root, file);
    if (before === null) return '';
    const originals = Outgoing.code(before, secrets).originals;
    let restored = code;
    for (const [standIn, original] of originals) restored = restored.replaceAll(standIn, () => original);
    const after = withModules(before, restored, units);
    if (after === null) return '';
    diff += diffOf(file, before, after);
  }
  return diff;
}

async function textOf(root: string, file: string): Promise<string | null> {
  try {
    return await readFile(await containedPath(root, file), 'utf8');
  } catch {
    return null;
  }
}
