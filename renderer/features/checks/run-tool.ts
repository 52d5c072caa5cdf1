// One run of a tool without a job, on what is on disk, with the project's own tool.
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { bridge } from '../../bridge/bridge.ts';
import { useToolRuns } from '../../state/tool-runs.ts';
import type { ToolRunAction } from '../../state/tool-runs.ts';
import { pickTop, topsOf } from './top-picker.tsx';

export type ToolRun = IpcResponse<'tools.run'>;

/** Where several modules could be meant the person is asked; null: none was chosen. Throws CallError. */
export async function runTool(workspace: string, action: ToolRunAction, waves: boolean): Promise<ToolRun | null> {
  const once = async (top?: string): Promise<ToolRun> => {
    useToolRuns.setState({ running: action });
    try {
      return await bridge.call('tools.run', {
        workspace,
        tool: null,
        action,
        waves,
        ...(top === undefined ? {} : { top }),
      });
    } finally {
      useToolRuns.setState(({ last }) => ({
        running: null,
        last: { workspace, action, nth: (last?.nth ?? 0) + 1 },
      }));
    }
  };
  return once().catch(async (error: unknown) => {
    const tops = topsOf(error);
    if (tops === null) throw error;
    const top = await pickTop(tops, action);
    return top === null ? null : once(top);
  });
}
