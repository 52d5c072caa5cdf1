// The open workspace: opened by path, refreshed after each reconnect, told about changes on disk.
import { create } from 'zustand';
import type { WorkspaceView } from '@genrtl/contracts/workspace.ts';
import { bridge, restoreOnReconnect } from '../bridge/bridge.ts';
import { useJob } from './job-store.ts';
import { useNotices } from './notice-store.ts';

interface WorkspaceStore {
  readonly view: WorkspaceView | null;
  /** absolute path of the specification that the next job takes */
  readonly spec: string | null;
  open(path: string): Promise<WorkspaceView>;
  create(path: string): Promise<WorkspaceView>;
  setSpec(spec: string | null): void;
  close(): void;
}

export const useWorkspace = create<WorkspaceStore>()((set, get) => {
  const take = async (view: WorkspaceView): Promise<WorkspaceView> => {
    const same = get().view?.path === view.path;
    if (!same) useNotices.getState().clear();
    set({ view, ...(same ? {} : { spec: view.job?.settings.spec_path ?? null }) });
    useJob.getState().reset(view.job);
    if (view.job !== null) await loadPlan(view.path);
    return view;
  };
  return {
    view: null,
    spec: null,
    open: async (path) => take(await bridge.call('workspace.open', { path })),
    create: async (path) => take(await bridge.call('workspace.create', { path })),
    setSpec: (spec) => set({ spec }),
    close: () => {
      useNotices.getState().clear();
      set({ view: null, spec: null });
      useJob.getState().reset(null);
    },
  };
});

restoreOnReconnect(async () => {
  const path = useWorkspace.getState().view?.path;
  if (path !== undefined) await bridge.call('workspace.open', { path });
});

/** Fetches the plan and its quotes; called when a step that makes them has ended. */
export async function loadPlan(workspace: string): Promise<void> {
  const { plan, quotes } = await bridge.call('job.plan', { workspace });
  if (useWorkspace.getState().view?.path === workspace) useJob.getState().setPlan(plan, quotes);
}

/** True for a job that its state calls running although no process works on it: it was killed, and can be resumed. */
export function wasInterrupted(view: WorkspaceView | null): boolean {
  return view?.job?.status === 'running' && !view.working;
}

/** Path relative to the workspace, or null for one outside. */
export function relativePath(workspace: string, absolute: string): string | null {
  const prefix = workspace.endsWith('/') ? workspace : `${workspace}/`;
  return absolute.startsWith(prefix) ? absolute.slice(prefix.length) : null;
}
