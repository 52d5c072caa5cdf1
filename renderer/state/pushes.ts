// Wires main's pushes to the stores, once for the page's life.
import { bridge } from '../bridge/bridge.ts';
import { useJob } from './job-store.ts';
import { useLink } from './link-store.ts';
import { loadPlan, useWorkspace } from './workspace-store.ts';

const PLAN_MAKERS = new Set(['plan', 'interface_check', 'approve_plan', 'cbb_resolve', 'approve_purchase', 'cbb_checkout']);

type DiskListener = (paths: readonly string[]) => void;
const diskListeners = new Set<DiskListener>();

/** Called with workspace-relative paths that changed on disk; returns the function that ends it. */
export function onDiskChange(listener: DiskListener): () => void {
  diskListeners.add(listener);
  return () => {
    diskListeners.delete(listener);
  };
}

export function receivePushes(): void {
  bridge.on('job.update', ({ workspace, update }) => {
    if (workspace !== useWorkspace.getState().view?.path) return;
    const before = useJob.getState().state?.steps.length ?? 0;
    useJob.getState().accept(update);
    const state = useJob.getState().state;
    const last = state?.steps.at(-1);
    const planMayHaveChanged = last !== undefined && (last.status !== 'running' || state?.steps.length !== before) && PLAN_MAKERS.has(last.step);
    if (planMayHaveChanged) loadPlan(workspace).catch(() => undefined);
    if (update.type === 'state') {
      const view = useWorkspace.getState().view;
      if (view !== null) useWorkspace.setState({ view: { ...view, job: update.state } });
    }
  });
  bridge.on('workspace.changed', ({ workspace, paths }) => {
    if (workspace === useWorkspace.getState().view?.path) for (const listener of diskListeners) listener(paths);
  });
  bridge.on('backend.state', ({ state, error }) => useLink.getState().setBackend(state, error));
}
