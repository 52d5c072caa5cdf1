// All calls of the page in one map; a call without a handler does not compile.
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import { OpenWorkspaces } from '../workspace/open-workspaces.ts';
import { Terminals } from '../terminal/terminals.ts';
import { Waves } from '../waves/waves.ts';
import { FileSearch } from '../workspace/file-search.ts';
import { WorkspaceWatcher } from '../workspace/workspace-watcher.ts';
import { AiRuns } from '../ai/ai-runs.ts';
import { accountHandlers } from './handlers/account.ts';
import { aiHandlers } from './handlers/ai.ts';
import { askIpc } from './handlers/ask.ts';
import { appHandlers } from './handlers/app.ts';
import { checkIpc } from './handlers/checks.ts';
import { catalogHandlers } from './handlers/catalog.ts';
import { fileHandlers } from './handlers/files.ts';
import { jobHandlers } from './handlers/job.ts';
import { Findings } from '../findings/findings.ts';
import { JobFindings } from '../findings/job-findings.ts';
import { findingsHandlers } from './handlers/findings.ts';
import { Languages } from '../language/languages.ts';
import { Repositories } from '../git/repositories.ts';
import { gitHandlers } from './handlers/git.ts';
import { languageHandlers } from './handlers/language.ts';
import { packageHandlers } from './handlers/packages.ts';
import { schematicHandlers } from './handlers/schematic.ts';
import { reviewHandlers, terminalHandlers, waveHandlers } from './handlers/rooms.ts';
import { skillIpc } from './handlers/skills.ts';
import { workspaceHandlers } from './handlers/workspace.ts';
import type { IpcServices } from './services.ts';

export interface Ipc {
  readonly handlers: IpcHandlers;
  /** Ends watchers and everything else that outlives a call. */
  close(): Promise<void>;
}

export function createIpc(services: IpcServices): Ipc {
  const workspaces = new OpenWorkspaces();
  const languages = new Languages();
  const watcher = new WorkspaceWatcher((workspace, change) => {
    languages.changed(workspace);
    services.pushes.publish({ push: 'workspace.changed', payload: { workspace, ...change } });
  });
  const waves = new Waves();
  const search = new FileSearch();
  const terminals = new Terminals(services.env, {
    data: (terminal_id, data) => services.pushes.publish({ push: 'terminal.data', payload: { terminal_id, data } }),
    exit: (terminal_id, code) => services.pushes.publish({ push: 'terminal.exit', payload: { terminal_id, code } }),
  });
  const findings = new Findings((workspace, source) =>
    services.pushes.publish({ push: 'findings.changed', payload: { workspace, source } }),
  );
  const jobFindings = new JobFindings(findings, (workspace) => services.jobs.state(workspace));
  const checks = checkIpc(services, workspaces, findings);
  const repositories = new Repositories(services.env, (workspace) =>
    services.pushes.publish({ push: 'git.changed', payload: { workspace } }),
  );
  const skills = skillIpc(services, workspaces);
  const aiRuns = new AiRuns(() => services.backend.client());
  const ask = askIpc(services, workspaces, aiRuns, languages);
  const handlers: IpcHandlers = {
    ...appHandlers(services, workspaces),
    ...accountHandlers(services),
    ...workspaceHandlers(services, workspaces, watcher, findings),
    ...jobHandlers(services, workspaces, jobFindings),
    ...catalogHandlers(services),
    ...fileHandlers(services, workspaces, search),
    ...languageHandlers(languages, workspaces, services.env),
    ...findingsHandlers(workspaces, findings, jobFindings),
    ...schematicHandlers(services, workspaces, findings),
    ...packageHandlers(services, workspaces),
    ...waveHandlers(waves, workspaces),
    ...terminalHandlers(terminals, workspaces),
    ...reviewHandlers(services, workspaces, findings),
    ...gitHandlers(repositories, workspaces, services.env),
    ...skills.handlers,
    ...checks.handlers,
    ...aiHandlers(services, workspaces, aiRuns),
    ...ask.handlers,
  };
  return {
    handlers,
    close: async () => {
      services.account.cancel();
      terminals.closeAll();
      checks.stopAll();
      repositories.close();
      await aiRuns.close();
      await ask.close();
      await Promise.all([watcher.close(), waves.close(), languages.close(), search.close(), skills.close()]);
    },
  };
}
