// Calls of the page: the git repository that the workspace lies in.
import { z } from 'zod';
import { GitBranch, GitCommit, GitPlace, GitText, GitView } from '../git.ts';
import { WorkspacePath } from '../primitives.ts';
import { call, None } from './call.ts';

const OfWorkspace = z.object({ workspace: z.string() });
/** '' is the whole workspace */
const Paths = z.array(z.string().max(1024)).min(1).max(5000);
/**
 * What changes the repository may run its own programs (hooks, filters). GIT_UNTRUSTED names them in `details.programs`
 * with their `details.key`; the same call with that key trusts exactly these on this machine.
 */
const Acting = z.object({ workspace: z.string(), trust: z.string().nullable() });

export const GIT_CALLS = {
  /** looks only: runs nothing that the repository brings. Throws GIT_FAILED */
  'git.status': call(OfWorkspace, GitView),
  'git.text': call(z.object({ workspace: z.string(), path: WorkspacePath, at: GitPlace }), GitText),
  'git.branches': call(OfWorkspace, z.object({ branches: z.array(GitBranch) })),
  /** newest first; of one file under its present name, or (`path` null) of the workspace */
  'git.log': call(
    z.object({ workspace: z.string(), path: WorkspacePath.nullable() }),
    z.object({ commits: z.array(GitCommit), truncated: z.boolean() }),
  ),
  'git.init': call(OfWorkspace, None),
  /** Throws GIT_UNTRUSTED, GIT_LOCKED, GIT_FAILED; so do all below */
  'git.stage': call(Acting.extend({ paths: Paths }), None),
  /** `kept`: staged texts that stood nowhere else; git keeps them as objects for some weeks */
  'git.unstage': call(
    Acting.extend({ paths: Paths }),
    z.object({ kept: z.array(z.object({ path: z.string(), object: z.string() })) }),
  ),
  /**
   * gives files their text of the index; what stood there goes to the trash first. `undo` brings the texts back, null
   * when they are too large to be kept. Throws TRASH_UNAVAILABLE, WORKSPACE_BUSY
   */
  'git.discard': call(
    Acting.extend({ paths: Paths }),
    z.object({ files: z.array(z.string()), undo: z.string().nullable() }),
  ),
  /** Throws FILE_CHANGED, NOT_FOUND */
  'git.undo_discard': call(
    z.object({ workspace: z.string(), undo: z.string() }),
    z.object({ files: z.array(z.string()) }),
  ),
  /** what is staged */
  'git.commit': call(Acting.extend({ message: z.string().trim().min(1).max(100_000) }), z.object({ hash: z.string() })),
  /** the hook or command that a call of this workspace waits for is ended */
  'git.stop': call(OfWorkspace, None),
  /** to a branch that exists, or (`create`) to a new one from HEAD. Throws WORKSPACE_BUSY */
  'git.switch': call(Acting.extend({ branch: z.string().min(1).max(250), create: z.boolean() }), None),
} as const;
