// Calls of the page about the project file and its checks. One run of checks a workspace at a time.
import path from 'node:path';
import { GenrtlError, PROJECT_FILE } from '@genrtl/contracts';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import { existsSync } from 'node:fs';
import { lintTyped } from '../../checks/live-lint.ts';
import { checkHistory, listChecks, runChecks, trustProject } from '../../checks/project-checks.ts';
import type { Findings } from '../../findings/findings.ts';
import { initProject } from '../../project/init.ts';
import { loadProject } from '../../project/load-project.ts';
import { projectView } from '../../project/project-view.ts';
import { containedPath } from '../../workspace/contained-path.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';
import { readLogWindow } from '../../workspace/run-folder.ts';
import type { IpcServices } from '../services.ts';

type CheckCalls =
  | 'project.show'
  | 'project.tops'
  | 'project.init'
  | 'checks.list'
  | 'checks.history'
  | 'checks.run'
  | 'checks.stop'
  | 'checks.live'
  | 'checks.stop_live'
  | 'checks.trust'
  | 'checks.log';

interface Running {
  readonly abort: AbortController;
  /** the check that runs now */
  name: string | null;
}

export interface CheckIpc {
  readonly handlers: Pick<IpcHandlers, CheckCalls>;
  stopAll(): void;
}

/** Runs of checks lie here, and nothing else may be read as their log. */
const RUNS = /^\.genRTL\/checks\/[\w.-]+\/[\w-]+(?:\/[\w.-]+)?$/;

export function checkIpc({ env, pushes }: IpcServices, workspaces: OpenWorkspaces, findings: Findings): CheckIpc {
  const running = new Map<string, Running>();
  /** one a workspace: the newest text counts */
  const live = new Map<string, AbortController>();

  const run = async (root: string, names: readonly string[], acceptUnconfined: boolean) => {
    if (running.has(root)) throw new GenrtlError('WORKSPACE_BUSY', 'Checks of this project are running already.');
    const mine: Running = { abort: new AbortController(), name: null };
    running.set(root, mine);
    try {
      return await runChecks({
        workspace: root,
        names,
        env,
        signal: mine.abort.signal,
        acceptUnconfined,
        onStart: (name) => {
          mine.name = name;
          pushes.publish({ push: 'checks.update', payload: { workspace: root, name, result: null } });
        },
        onResult: (result) => {
          mine.name = null;
          const { name, started_at: at, diagnostics } = result;
          findings.report(root, { source: `check:${name}`, tool: null, at, findings: diagnostics });
          pushes.publish({ push: 'checks.update', payload: { workspace: root, name: result.name, result } });
        },
      });
    } finally {
      running.delete(root);
    }
  };

  const handlers: CheckIpc['handlers'] = {
    'project.show': async ({ workspace }) => {
      const root = workspaces.require(workspace);
      const [project, { checks }] = await Promise.all([loadProject(root, env), listChecks(root, env)]);
      return projectView(project, checks);
    },
    'project.tops': async ({ workspace }) => {
      const { top, tops, rtl, rules } = await loadProject(workspaces.require(workspace), env);
      const names = tops.map(({ name }) => name);
      return {
        tops: [...new Set(top === null ? names : [top, ...names])],
        rtl: rtl.sources.map((source) => source.path),
        rules,
      };
    },
    'project.init': async ({ workspace }) => {
      const { from, notes } = await initProject(workspaces.require(workspace), null);
      return { from, notes: [...notes] };
    },
    'checks.list': async ({ workspace }) => {
      const root = workspaces.require(workspace);
      const { checks, last } = await listChecks(root, env);
      const name = running.get(root)?.name ?? null;
      const file = existsSync(path.join(root, PROJECT_FILE)) ? PROJECT_FILE : null;
      return { file, checks, last, running: name === null ? [] : [name] };
    },
    'checks.history': async ({ workspace, name }) => {
      const root = workspaces.require(workspace);
      const { checks } = await listChecks(root, env);
      if (!checks.some((check) => check.name === name))
        throw new GenrtlError('NOT_FOUND', `There is no check ${name.slice(0, 80)}.`);
      return { results: await checkHistory(root, name) };
    },
    'checks.run': async ({ workspace, names, accept_unconfined: accepted = false }) => ({
      results: await run(workspaces.require(workspace), names, accepted),
    }),
    'checks.stop': async ({ workspace }) => {
      running.get(workspaces.require(workspace))?.abort.abort();
      return {};
    },
    'checks.live': async ({ workspace, path: file, texts }) => {
      const root = workspaces.require(workspace);
      live.get(root)?.abort();
      const mine = new AbortController();
      live.set(root, mine);
      try {
        for (const each of texts) await containedPath(root, each.path);
        return await lintTyped({ root, file, texts, env, signal: mine.signal });
      } finally {
        if (live.get(root) === mine) live.delete(root);
      }
    },
    'checks.stop_live': async ({ workspace }) => {
      live.get(workspaces.require(workspace))?.abort();
      return {};
    },
    'checks.trust': async ({ workspace, keys }) => {
      const trusted = await trustProject(workspaces.require(workspace), env, keys);
      return { trusted: trusted.map(({ name }) => name) };
    },
    'checks.log': async ({ workspace, run_folder: folder, stream, offset }) => {
      if (!RUNS.test(folder)) throw new GenrtlError('REQUEST_INVALID', 'run_folder: no run of a check');
      return readLogWindow(await containedPath(workspaces.require(workspace), folder), stream, offset);
    },
  };
  const stopAll = (): void => {
    for (const { abort } of running.values()) abort.abort();
    for (const abort of live.values()) abort.abort();
  };
  return { handlers, stopAll };
}
