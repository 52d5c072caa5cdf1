// Calls of the problems room.
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import type { Findings } from '../../findings/findings.ts';
import type { JobFindings } from '../../findings/job-findings.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';

export function findingsHandlers(
  workspaces: OpenWorkspaces,
  findings: Findings,
  ofJob: JobFindings,
): Pick<IpcHandlers, 'findings.sources' | 'findings.read'> {
  return {
    'findings.sources': async ({ workspace }) => {
      const root = workspaces.require(workspace);
      await ofJob.refresh(root);
      return { sources: findings.sources(root) };
    },
    'findings.read': async ({ workspace, source }) => ({
      findings: [...findings.read(workspaces.require(workspace), source)],
    }),
  };
}
