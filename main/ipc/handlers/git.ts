// Calls about the repository that a workspace lies in.
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import { commit, discard, initRepository, stage, switchBranch, unstage } from '../../git/actions.ts';
import type { Repositories } from '../../git/repositories.ts';
import { gitBranches, gitLog, gitText } from '../../git/repository.ts';
import { containedPath } from '../../workspace/contained-path.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';

type GitCalls = Extract<keyof IpcHandlers, `git.${string}`>;

export function gitHandlers(
  repositories: Repositories,
  workspaces: OpenWorkspaces,
  env: NodeJS.ProcessEnv,
): Pick<IpcHandlers, GitCalls> {
  return {
    'git.status': async ({ workspace }) => repositories.status(workspaces.require(workspace)),
    'git.text': async ({ workspace, path, at }) => {
      const root = workspaces.require(workspace);
      await containedPath(root, path);
      return gitText(root, path, at, env);
    },
    'git.branches': async ({ workspace }) => ({ branches: await gitBranches(workspaces.require(workspace), env) }),
    'git.log': async ({ workspace, path }) => gitLog(workspaces.require(workspace), path, env),
    'git.init': async ({ workspace }) => {
      await initRepository(workspaces.require(workspace), env);
      return {};
    },
    'git.stage': async ({ workspace, trust, paths }) => {
      const root = workspaces.require(workspace);
      await repositories.act(root, { trust, files: false }, (acting) => stage(acting, paths));
      return {};
    },
    'git.unstage': async ({ workspace, trust, paths }) => ({
      kept: await repositories.act(workspaces.require(workspace), { trust, files: false }, (acting) =>
        unstage(acting, paths),
      ),
    }),
    'git.discard': async ({ workspace, trust, paths }) => {
      const root = workspaces.require(workspace);
      const { files, back, partly } = await repositories.act(root, { trust, files: true }, (acting) =>
        discard(acting, paths),
      );
      return { files, undo: partly ? null : repositories.keepUndo(root, back) };
    },
    'git.undo_discard': async ({ workspace, undo }) => ({
      files: await repositories.undo(workspaces.require(workspace), undo),
    }),
    'git.commit': async ({ workspace, trust, message }) => ({
      hash: await repositories.act(workspaces.require(workspace), { trust, files: false }, (acting) =>
        commit(acting, message),
      ),
    }),
    'git.stop': async ({ workspace }) => {
      repositories.stop(workspaces.require(workspace));
      return {};
    },
    'git.switch': async ({ workspace, trust, branch, create }) => {
      const root = workspaces.require(workspace);
      await repositories.act(root, { trust, files: true }, (acting) => switchBranch(acting, branch, create));
      return {};
    },
  };
}
