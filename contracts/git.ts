// The workspace's git repository as the page sees it. Paths are relative to the workspace.
import { z } from 'zod';

export const GitChange = z.enum([
  'added',
  'modified',
  'deleted',
  'renamed',
  'copied',
  'type_changed',
  'untracked',
  'conflict',
]);
export type GitChange = z.infer<typeof GitChange>;

/** A file, or a folder of which git tracks nothing, that differs from HEAD. */
export const GitEntry = z.object({
  /** '' stands for the workspace itself, when git tracks nothing of it */
  path: z.string(),
  kind: z.enum(['file', 'folder', 'submodule']),
  /** its name in HEAD, when it was renamed or copied */
  from: z.string().nullable(),
  /** index against HEAD */
  staged: GitChange.nullable(),
  /** disk against index */
  unstaged: GitChange.nullable(),
});
export type GitEntry = z.infer<typeof GitEntry>;

export const GitRepositoryView = z.object({
  state: z.literal('repository'),
  /** absolute; the workspace or a folder above it */
  root: z.string(),
  /** null: HEAD is detached */
  branch: z.string().nullable(),
  /** null: no commit yet */
  commit: z.string().nullable(),
  upstream: z.string().nullable(),
  ahead: z.number().int(),
  behind: z.number().int(),
  entries: z.array(GitEntry),
  /** there are more than are listed */
  truncated: z.boolean(),
  /** staged files of the repository that lie outside of the workspace: a commit takes them too */
  staged_elsewhere: z.number().int(),
  /** index.lock exists: another git works here, or one was killed */
  locked: z.boolean(),
  doing: z.enum(['merge', 'rebase', 'cherry_pick', 'revert', 'bisect']).nullable(),
});
export type GitRepositoryView = z.infer<typeof GitRepositoryView>;

export const GitView = z.discriminatedUnion('state', [
  z.object({ state: z.literal('no_git') }),
  z.object({ state: z.literal('no_repository') }),
  /** git refuses to read it; `message` in git's words: it belongs to another user, or is damaged */
  z.object({ state: z.literal('refused'), root: z.string(), message: z.string() }),
  GitRepositoryView,
]);
export type GitView = z.infer<typeof GitView>;

/** A text of a file at one place of its history; `why` there is none. */
export const GitText = z.object({
  text: z.string().nullable(),
  why: z.enum(['absent', 'binary', 'too_large', 'filtered']).nullable(),
});
export type GitText = z.infer<typeof GitText>;

/** The last commit, the index, the disk, or a commit (with `^`: the one before it). */
export const GitPlace = z.union([z.enum(['head', 'index', 'disk']), z.string().regex(/^[0-9a-f]{7,64}\^?$/)]);
export type GitPlace = z.infer<typeof GitPlace>;

export const GitBranch = z.object({ name: z.string(), current: z.boolean(), subject: z.string() });
export type GitBranch = z.infer<typeof GitBranch>;

export const GitCommit = z.object({
  hash: z.string(),
  author: z.string(),
  /** ISO 8601 */
  time: z.string(),
  subject: z.string(),
});
export type GitCommit = z.infer<typeof GitCommit>;

/** A program that the repository itself brings, and that git runs when it stages, commits or switches. */
export const GitProgram = z.object({ kind: z.enum(['hook', 'filter', 'signing']), name: z.string() });
export type GitProgram = z.infer<typeof GitProgram>;
