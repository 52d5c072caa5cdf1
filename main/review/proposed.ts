// The patch that waits at its gate, as the person reviews it before anything is written: hunk by hunk against the
// files, and without the hunks that are left out.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError, type JobState } from '@genrtl/contracts';
import type { ReviewFile, ReviewView } from '@genrtl/contracts/review.ts';
import { writeAtomic } from '@genrtl/disk/records.ts';
import { acquireWriterLock } from '@genrtl/disk/writer-lock.ts';
import { applyToWorkspace } from '../patch/index.ts';
import { workspacePaths, type WorkspacePaths } from '../workspace/paths.ts';
import { readState, writeState } from '../workspace/state-store.ts';
import { changeBlocks, withoutBlocks } from './change-blocks.ts';
import { diffOf } from './diff-of.ts';

interface Proposed {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Hunks of the waiting patch to leave out; ids as `readProposed` gave them. */
export interface LeftOut {
  readonly path: string;
  readonly hunks: readonly string[];
}

/** No files when no patch waits, or when it does not fit the files any more (the next step tells its author). */
export async function readProposed(workspace: string): Promise<ReviewView> {
  const paths = workspacePaths(workspace);
  const state = await readState(paths);
  if (state === null || !waits(state)) return { job_id: state?.job_id ?? null, files: [], rejected: [] };
  return { job_id: state.job_id, files: (await proposedBy(paths, state)).flatMap(viewOf), rejected: [] };
}

/** Throws NO_JOB, USAGE (no patch waits), NOT_FOUND (unknown hunk), WORKSPACE_BUSY. */
export async function leaveOutProposed(workspace: string, leftOut: readonly LeftOut[]): Promise<ReviewView> {
  const paths = workspacePaths(workspace);
  const lock = await acquireWriterLock(paths.writerLock);
  try {
    const state = await readState(paths);
    if (state === null) throw new GenrtlError('NO_JOB', 'There is no job in this workspace.');
    const gate = state.steps.at(-1);
    if (!waits(state) || gate === undefined) throw new GenrtlError('USAGE', 'No patch waits for its approval.');
    const files = await proposedBy(paths, state);
    const diff = files.map((file) => diffOf(file.path, file.before, reduced(file, leftOut))).join('');
    requireKnown(files, leftOut);
    // the author's own patch stays where it is; the reduced one lies with the gate that it has to pass
    await writeAtomic(path.join(paths.run(state.job_id, gate.step_id), 'patch.diff'), diff);
    await writeState(paths, {
      ...state,
      facts: { ...state.facts, patch_step: gate.step_id },
      updated_at: new Date().toISOString(),
    });
  } finally {
    await lock.release();
  }
  return readProposed(workspace);
}

const waits = (state: JobState): boolean =>
  state.steps.at(-1)?.step === 'approve_patch' &&
  state.steps.at(-1)?.status === 'waiting' &&
  state.facts.patch_step !== undefined;

async function proposedBy(paths: WorkspacePaths, state: JobState): Promise<Proposed[]> {
  const outcome = await applyToWorkspace({
    workspace: paths.root,
    diff: await readFile(path.join(paths.run(state.job_id, state.facts.patch_step ?? ''), 'patch.diff'), 'utf8'),
    check: true,
    seen: state.facts.seen ?? {},
  });
  return outcome.ok ? [...outcome.changes] : [];
}

function viewOf(file: Proposed): ReviewFile[] {
  if (file.before === file.after) return [];
  return [
    {
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
    },
  ];
}

function reduced(file: Proposed, leftOut: readonly LeftOut[]): string | null {
  const dropped = new Set(leftOut.filter((one) => one.path === file.path).flatMap((one) => one.hunks));
  if (dropped.size === 0) return file.after;
  return withoutBlocks(file.before, file.after, changeBlocks(file.before, file.after), dropped);
}

function requireKnown(files: readonly Proposed[], leftOut: readonly LeftOut[]): void {
  for (const { path: name, hunks } of leftOut) {
    const file = files.find((one) => one.path === name);
    const known = new Set(file === undefined ? [] : changeBlocks(file.before, file.after).map((block) => block.id));
    if (hunks.some((hunk) => !known.has(hunk)))
      throw new GenrtlError('NOT_FOUND', `The patch has no such change in ${name}.`, {
        hint: 'Look at the patch again.',
      });
  }
}
