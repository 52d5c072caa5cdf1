// Calls of the AI module: runs that a page begins and cancels.
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';
import type { AiRuns } from '../../ai/ai-runs.ts';
import type { IpcServices } from '../services.ts';

type AiCalls = Extract<keyof IpcHandlers, `ai.${string}`>;

export function aiHandlers(
  services: IpcServices,
  workspaces: OpenWorkspaces,
  runs: AiRuns,
): Pick<IpcHandlers, AiCalls> {
  return {
    'ai.config': () => services.backend.aiConfig(),
    'ai.start': async ({ workspace, run_id, endpoint, request }) => {
      const root = workspaces.require(workspace);
      const { redacted } = await runs.start({ runId: run_id, endpoint, body: request, root }, (event) =>
        services.pushes.publish({ push: 'ai.event', payload: { workspace, run_id, event } }),
      );
      return { run_id, redacted };
    },
    'ai.cancel': async ({ run_id }) => {
      await runs.cancel(run_id);
      return {};
    },
  };
}
