// Runs of a tool that the person asked for without a job: what runs now, and that there is a log of the last one.
import { create } from 'zustand';
import type { IpcRequest } from '@genrtl/contracts/ipc/index.ts';

export type ToolRunAction = IpcRequest<'tools.run'>['action'];

interface ToolRuns {
  /** null: nothing runs */
  readonly running: ToolRunAction | null;
  /** of this workspace, in this window; `nth` grows with each run */
  readonly last: { readonly workspace: string; readonly action: ToolRunAction; readonly nth: number } | null;
}

export const useToolRuns = create<ToolRuns>()(() => ({ running: null, last: null }));
