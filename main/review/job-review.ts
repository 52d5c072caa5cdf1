// The person's review of everything a job changed: hunk by hunk against what the files were before it. Reverting goes
// through main/patch.
import { GenrtlError } from '@genrtl/contracts';
import type { ReviewFile, ReviewTarget, ReviewView } from '@genrtl/contracts/review.ts';
import { applyToWorkspace, jobFiles, rewriteFiles } from '../patch/index.ts';
import type { JobFile, RewrittenFile } from '../patch/index.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { readState } from '../workspace/state-store.ts';
import { acquireWriterLock } from '@genrtl/disk/writer-lock.ts';
import { changeBlocks, withoutBlocks } from './change-blocks.ts';
import type { ChangeBlock } from './change-blocks.ts';
import { readDecisions, rejectionId, writeDecisions } from './decisions.ts';
import type { Decisions, Rejection } from './decisions.ts';
import { diffOf } from './diff-of.ts';
import { bringsBack } from './returning.ts';

/** What a person does is not bounded like what a model does. */
const OWN_POLICY = { maxFiles: 10_000, maxFileBytes: 256 * 1024 * 1024, maxDiffBytes: 512 * 1024 * 1024 };

interface Subject {
  readonly root: string;
  readonly jobId: string;
  readonly sealed: readonly string[];
}

/**
 * Reads and decisions of one workspace in turn: nobody sees a hunk that is remembered as rejected but not yet reverted.
 */
const turns = new Map<string, Promise<unknown>>();

function inTurn<T>(workspace: string, act: () => Promise<T>): Promise<T> {
  const before = turns.get(workspace) ?? Promise.resolve();
  const mine = before.then(act, act);
  turns.set(workspace, mine);
  const forget = (): void => {
    if (turns.get(workspace) === mine) turns.delete(workspace);
  };
  mine.then(forget, forget);
  return mine;
}

/** Throws nothing for a workspace without a job: there is nothing to review. */
export function readReview(workspace: string): Promise<ReviewView> {
  return inTurn(workspace, () => review(workspace));
}

async function review(workspace: string): Promise<ReviewView> {
  const state = await readState(workspacePaths(workspace));
  const decisions = await readDecisions(workspace);
  const rejected = decisions.rejected.map(({ diff: _, ...rest }) => rest).reverse();
  if (state === null) return { job_id: null, files: [], rejected };
  const files = await jobFiles(workspace, state.job_id);
  return { job_id: state.job_id, files: files.flatMap((file) => viewOf(file, state.job_id, decisions)), rejected };
}

function viewOf(file: JobFile, jobId: string, decisions: Decisions): ReviewFile[] {
  const blocks = changeBlocks(file.before, file.after);
  if (blocks.length === 0 && file.before === file.after) return [];
  const accepted = new Set(
    decisions.accepted.filter((one) => one.job_id === jobId && one.path === file.path).map((one) => one.hunk),
  );
  return [
    {
      path: file.path,
      before: file.before,
      after: file.after,
      sha256: file.sha256,
      hunks: blocks.map((block) => ({
        id: block.id,
        old_start: block.oldStart + 1,
        old_lines: block.removed.length,
        new_start: block.newStart + 1,
        new_lines: block.added.length,
        status: decisions.rejected.some((one) => bringsBack(one, file.path, block, file.before === null))
          ? 'returned'
          : accepted.has(block.id)
            ? 'accepted'
            : 'open',
      })),
    },
  ];
}

/** Throws NO_JOB, FILE_CHANGED, NOT_FOUND (unknown hunk), WORKSPACE_BUSY, WORKSPACE_READ_ONLY, DISK_FULL. */
export async function decideReview(
  workspace: string,
  decision: 'accept' | 'reject',
  targets: readonly ReviewTarget[],
): Promise<ReviewView> {
  return withWorkspace(workspace, async (subject) => {
    const files = new Map((await jobFiles(subject.root, subject.jobId)).map((file) => [file.path, file]));
    const chosen = targets.map((target) => chosenBlocks(target, files.get(target.path)));
    if (decision === 'accept') await accept(subject, chosen);
    else await reject(subject, chosen);
  });
}

/** Applies a rejected hunk again and forgets the rejection. Throws NOT_FOUND, FILE_CHANGED when its place is gone. */
export async function restoreRejected(workspace: string, id: string): Promise<ReviewView> {
  return withWorkspace(workspace, async (subject) => {
    const decisions = await readDecisions(subject.root);
    const rejection = decisions.rejected.find((one) => one.id === id);
    if (rejection === undefined) throw new GenrtlError('NOT_FOUND', 'This rejection is not kept any more.');
    const { root, jobId, sealed } = subject;
    const outcome = await applyToWorkspace({
      workspace: root,
      diff: rejection.diff,
      undoJob: jobId,
      sealed,
      policy: OWN_POLICY,
    });
    if (!outcome.ok)
      throw new GenrtlError('FILE_CHANGED', `The rejected change does not fit ${rejection.path} any more.`, {
        hint: 'Edit the file by hand.',
        details: { refusals: outcome.refusals },
      });
    await writeDecisions(subject.root, {
      ...decisions,
      rejected: decisions.rejected.filter((one) => one !== rejection),
    });
  });
}

interface Chosen {
  readonly file: JobFile;
  readonly all: readonly ChangeBlock[];
  readonly blocks: readonly ChangeBlock[];
}

function chosenBlocks(target: ReviewTarget, file: JobFile | undefined): Chosen {
  if (file === undefined) throw new GenrtlError('NOT_FOUND', `The job did not touch ${target.path}.`);
  if (file.sha256 !== target.sha256)
    throw new GenrtlError('FILE_CHANGED', `${target.path} was changed since the review.`, {
      hint: 'Look at the changes again.',
      details: { files: [target.path] },
    });
  const all = changeBlocks(file.before, file.after);
  const wanted = new Set(target.hunks);
  const blocks = all.filter((block) => wanted.has(block.id));
  if (blocks.length !== wanted.size)
    throw new GenrtlError('NOT_FOUND', `${target.path} holds no such change.`, { hint: 'Look at the changes again.' });
  return { file, all, blocks };
}

async function accept({ root, jobId }: Subject, chosen: readonly Chosen[]): Promise<void> {
  const decisions = await readDecisions(root);
  // A yes to what came back takes the earlier no away; decisions of earlier jobs are of no use any more.
  const rejected = decisions.rejected.filter(
    (one) =>
      !chosen.some(({ file, blocks }) =>
        blocks.some((block) => bringsBack(one, file.path, block, file.before === null)),
      ),
  );
  const accepted = new Map(
    decisions.accepted.filter((one) => one.job_id === jobId).map((one) => [`${one.path} ${one.hunk}`, one]),
  );
  for (const { file, blocks } of chosen)
    for (const { id } of blocks) accepted.set(`${file.path} ${id}`, { job_id: jobId, path: file.path, hunk: id });
  await writeDecisions(root, { schema_version: 1, accepted: [...accepted.values()], rejected });
}

async function reject(subject: Subject, chosen: readonly Chosen[]): Promise<void> {
  const at = new Date().toISOString();
  const made: Rejection[] = [];
  const files: RewrittenFile[] = [];
  for (const { file, all, blocks } of chosen) {
    const left = withoutBlocks(file.before, file.after, all, new Set(blocks.map((block) => block.id)));
    files.push({
      path: file.path,
      expect: file.sha256,
      contents: left === null ? null : Buffer.from(left, file.encoding),
    });
    for (const block of blocks) {
      const hunk = { path: file.path, removed: [...block.removed], added: [...block.added] };
      // Taken back alone, against the file as it is without all that is rejected now.
      const others = new Set(blocks.filter((other) => other !== block).map((other) => other.id));
      const diff = diffOf(file.path, left, withoutBlocks(file.before, file.after, all, others));
      made.push({ ...hunk, id: rejectionId(hunk), job_id: subject.jobId, at, created: file.before === null, diff });
    }
  }
  const decisions = await readDecisions(subject.root);
  const ids = new Set(made.map((one) => one.id));
  // Remembered before it is reverted: after a crash in between, the hunk stands there as one that was rejected.
  await writeDecisions(subject.root, {
    ...decisions,
    rejected: [...decisions.rejected.filter((one) => !ids.has(one.id)), ...made],
  });
  await rewriteFiles(subject.root, subject.jobId, files);
}

/** Holds the workspace's one writer lock, so that no running job sees files move under it. */
function withWorkspace(workspace: string, act: (subject: Subject) => Promise<void>): Promise<ReviewView> {
  return inTurn(workspace, () => holding(workspace, act));
}

async function holding(workspace: string, act: (subject: Subject) => Promise<void>): Promise<ReviewView> {
  const paths = workspacePaths(workspace);
  const state = await readState(paths);
  if (state === null) throw new GenrtlError('NO_JOB', 'There is no job in this workspace.');
  const lock = await acquireWriterLock(paths.writerLock);
  try {
    await act({
      root: paths.root,
      jobId: state.job_id,
      sealed: state.settings.accept_dir === null ? [] : [state.settings.accept_dir],
    });
  } finally {
    await lock.release();
  }
  return review(workspace);
}
