// What changes a repository or the files that it restores. Nothing of the person's goes without a copy: what a discard
// takes away is in the trash, and what only the index held stays among git's objects.
import { GenrtlError } from '@genrtl/contracts';
import type { RewrittenFile } from '../patch/index.ts';
import { gitAct, gitLook } from '../processes/git.ts';
import type { GitResult } from '../processes/git.ts';
import { sha256 } from '@genrtl/disk/records.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import { containedPath, isLocked } from '../workspace/contained-path.ts';
import { trashEntry } from '../workspace/file-operations.ts';
import { gitError, parsedStatus } from './repository.ts';
import type { Place } from './repository.ts';
import type { ParsedEntry } from './parse-status.ts';

export interface Acting {
  readonly workspace: string;
  readonly place: Place;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

const FROM_INPUT = ['--pathspec-from-file=-', '--pathspec-file-nul'];
/** Restored texts above this are in the trash only. */
const MAX_UNDO_BYTES = 16_000_000;

/** Throws REQUEST_INVALID for paths that lead out; links are git's own matter, it never follows them. */
function checked(paths: readonly string[]): string[] {
  for (const path of paths)
    if (path.includes('\0') || path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.split(/[\\/]/).includes('..'))
      throw new GenrtlError('REQUEST_INVALID', `The path leads outside the workspace: ${path.slice(0, 200)}`);
  return paths.map((path) => (path === '' ? '.' : path));
}

async function act(
  { workspace, env, signal }: Acting,
  what: string,
  args: readonly string[],
  input: string,
): Promise<GitResult> {
  const result = await gitAct(workspace, { args, env, signal, input });
  if (result.end !== 'done') throw gitError(result, what);
  return result;
}

export async function stage(acting: Acting, paths: readonly string[]): Promise<void> {
  await act(acting, 'Staging', ['add', '-A', ...FROM_INPUT], checked(paths).join('\0'));
}

/** Staged texts that stood neither in HEAD nor on disk come back as git's objects. */
export async function unstage(acting: Acting, paths: readonly string[]): Promise<{ path: string; object: string }[]> {
  const wanted = checked(paths);
  const { entries, commit } = await parsedStatus(acting.workspace, acting.place, acting.env);
  const chosen = entries.filter((entry) => entry.staged !== null && isBelow(entry.path, wanted));
  const args = commit === null ? ['rm', '--cached', '-q', '-r', '-f', '--ignore-unmatch'] : ['reset', '-q'];
  const both = [...wanted, ...chosen.flatMap(({ from }) => (from === null ? [] : [from]))];
  await act(acting, 'Unstaging', [...args, ...FROM_INPUT], both.join('\0'));
  return chosen.flatMap(({ path, unstaged, indexObject }) =>
    unstaged === null || indexObject === null ? [] : [{ path, object: indexObject }],
  );
}

const isBelow = (path: string, wanted: readonly string[]): boolean =>
  wanted.some((one) => one === '.' || path === one || path.startsWith(`${one}/`));

export interface Discarded {
  readonly files: string[];
  /** what brings the texts back */
  readonly back: RewrittenFile[];
  /** some are too large, or folders: they are in the trash only */
  readonly partly: boolean;
}

/** Throws REQUEST_INVALID for conflicts, submodules and genRTL's records, TRASH_UNAVAILABLE; then nothing is lost. */
export async function discard(acting: Acting, paths: readonly string[]): Promise<Discarded> {
  const { workspace, place, env } = acting;
  const wanted = checked(paths);
  const { entries, truncated } = await parsedStatus(workspace, place, env);
  const chosen = entries.filter(({ path, unstaged }) => unstaged !== null && isBelow(path, wanted));
  if (truncated && wanted.includes('.'))
    throw new GenrtlError('REQUEST_INVALID', 'There are more changes than are listed.', {
      hint: 'Discard them folder by folder, or with git.',
    });
  for (const entry of chosen) refuseUnsafe(entry);
  const back: RewrittenFile[] = [];
  const restored: string[] = [];
  let bytes = 0;
  let partly = false;
  const before = new Map<string, Buffer>();
  for (const { path, kind } of chosen) {
    const contents = kind === 'file' && bytes < MAX_UNDO_BYTES ? await bytesOf(workspace, path) : null;
    bytes += contents?.length ?? 0;
    if (contents !== null && bytes <= MAX_UNDO_BYTES) before.set(path, contents);
  }
  const files: string[] = [];
  let refused: unknown = null;
  for (const { path, unstaged } of chosen) {
    try {
      if (unstaged !== 'deleted') await trashEntry(workspace, path);
    } catch (error) {
      refused = error;
      break;
    }
    files.push(path);
    if (unstaged !== 'untracked') restored.push(path);
  }
  if (restored.length > 0)
    await act(
      acting,
      'Restoring (what stood there is in the trash)',
      ['restore', '--worktree', ...FROM_INPUT],
      restored.join('\0'),
    );
  if (refused !== null) throw refused;
  for (const path of files) {
    const contents = before.get(path);
    const deleted = chosen.find((entry) => entry.path === path)?.unstaged === 'deleted';
    if (contents === undefined && !deleted) {
      partly = true;
      continue;
    }
    const now = restored.includes(path) ? await bytesOf(workspace, path) : null;
    back.push({ path, expect: now === null ? null : sha256(now), contents: contents ?? null });
  }
  return { files, back, partly };
}

/** Null for what is no regular file, or not there. */
const bytesOf = (workspace: string, path: string): Promise<Buffer | null> =>
  containedPath(workspace, path)
    .then((file) => readRegular(file))
    .catch(() => null);

function refuseUnsafe({ path, kind, unstaged }: ParsedEntry): void {
  if (unstaged === 'conflict')
    throw new GenrtlError('REQUEST_INVALID', `${path} is in conflict.`, {
      hint: 'Solve it in the editor and stage it, or choose a side with git.',
    });
  if (kind === 'submodule')
    throw new GenrtlError('REQUEST_INVALID', `${path} is a submodule.`, { hint: 'Update it with git.' });
  if (path === '' || isLocked(path))
    throw new GenrtlError('REQUEST_INVALID', `${path === '' ? 'The workspace' : path} is not discarded.`, {
      hint: 'Packages and genRTL’s records are managed by genRTL.',
    });
}

/** The new commit's hash. */
export async function commit(acting: Acting, message: string): Promise<string> {
  const { workspace, env } = acting;
  await act(acting, 'The commit', ['commit', '-q', '-F', '-'], message);
  const head = await gitLook(workspace, { args: ['rev-parse', 'HEAD'], env });
  if (head.end !== 'done') throw gitError(head, 'Reading the new commit');
  return head.stdout.toString().trim();
}

/** Git itself refuses when it would overwrite a change. Throws REQUEST_INVALID for no name of a branch. */
export async function switchBranch(acting: Acting, branch: string, create: boolean): Promise<void> {
  const { workspace, env } = acting;
  const named = await gitLook(workspace, { args: ['check-ref-format', '--branch', branch], env });
  if (branch.startsWith('-') || named.end !== 'done' || named.stdout.toString().trim() !== branch)
    throw new GenrtlError('REQUEST_INVALID', `${JSON.stringify(branch.slice(0, 80))} is no name of a branch.`, {
      hint: 'Use letters, digits, dashes and slashes.',
    });
  await act(acting, 'Switching the branch', ['switch', '-q', ...(create ? ['-c'] : []), branch], '');
}

export async function initRepository(workspace: string, env: NodeJS.ProcessEnv): Promise<void> {
  const result = await gitAct(workspace, { args: ['init', '-q'], env });
  if (result.end !== 'done') throw gitError(result, 'Making a repository');
}
