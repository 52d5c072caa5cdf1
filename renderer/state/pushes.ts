// Wires main's pushes to the stores, once for the page's life.
import type { IpcPushPayload } from '@genrtl/contracts/ipc/index.ts';
import { traitsOf } from '@genrtl/contracts/steps.ts';
import { bridge } from '../bridge/bridge.ts';
import { useJob } from './job-store.ts';
import { useLink } from './link-store.ts';
import { followProblems } from './problems.ts';
import { loadPlan, useWorkspace } from './workspace-store.ts';

/** Pushes of a job that this host runs come faster than the disk's; for this long after one the disk is not asked. */
const PUSH_FRESH_MS = 2000;
let lastPush = { workspace: '', at: 0 };
const jobPushed = (workspace: string): boolean =>
  lastPush.workspace === workspace && Date.now() - lastPush.at < PUSH_FRESH_MS;

let refreshing: ReturnType<typeof setTimeout> | undefined;
function refreshSoon(workspace: string): void {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => {
    if (useWorkspace.getState().view?.path === workspace)
      useWorkspace
        .getState()
        .open(workspace)
        .catch(() => undefined);
  }, 200);
}

type DiskListener = (change: Pick<IpcPushPayload<'workspace.changed'>, 'paths' | 'anywhere'>) => void;
const diskListeners = new Set<DiskListener>();

/** Looking at everything costs; thousands of files that are made one after the other ask for it ten times a second. */
const QUIET_MS = 400;
let lookingEverywhere: ReturnType<typeof setTimeout> | undefined;

function tellDiskChange(workspace: string, paths: string[], anywhere: boolean): void {
  if (workspace !== useWorkspace.getState().view?.path) return;
  for (const listener of diskListeners) listener({ paths, anywhere });
  // A job run by another program (the command line, another window's host) is followed by what it writes.
  if ((anywhere || paths.includes('.genRTL/state.json')) && !jobPushed(workspace)) refreshSoon(workspace);
}

/** Called when files changed on disk; returns the function that ends it. */
export function onDiskChange(listener: DiskListener): () => void {
  diskListeners.add(listener);
  return () => {
    diskListeners.delete(listener);
  };
}

export function receivePushes(): void {
  followProblems();
  bridge.on('job.update', ({ workspace, update }) => {
    if (workspace !== useWorkspace.getState().view?.path) return;
    lastPush = { workspace, at: Date.now() };
    const before = useJob.getState().state?.steps.length ?? 0;
    useJob.getState().accept(update);
    const state = useJob.getState().state;
    const last = state?.steps.at(-1);
    const planMayHaveChanged =
      last !== undefined &&
      (last.status !== 'running' || state?.steps.length !== before) &&
      traitsOf(last.step).changesPlan === true;
    if (planMayHaveChanged) loadPlan(workspace).catch(() => undefined);
    if (update.type === 'state') {
      const view = useWorkspace.getState().view;
      if (view !== null)
        useWorkspace.setState({ view: { ...view, job: update.state, working: update.state.status === 'running' } });
    }
  });
  bridge.on('workspace.changed', ({ workspace, paths, anywhere }) => {
    if (paths.length > 0) tellDiskChange(workspace, paths, false);
    if (!anywhere) return;
    clearTimeout(lookingEverywhere);
    lookingEverywhere = setTimeout(() => tellDiskChange(workspace, [], true), QUIET_MS);
  });
  bridge.on('backend.state', ({ state, error }) => useLink.getState().setBackend(state, error));
}
