// Where everything lies in a workspace.
import path from 'node:path';

export interface WorkspacePaths {
  readonly root: string;
  readonly meta: string;
  readonly state: string;
  readonly lockfile: string;
  readonly writerLock: string;
  readonly vendor: string;
  readonly build: string;
  readonly lastRun: string;
  run(jobId: string, stepId?: string): string;
  undo(jobId: string): string;
}

/** `root` is absolute. */
export function workspacePaths(root: string): WorkspacePaths {
  const meta = path.join(root, '.genRTL');
  return {
    root,
    meta,
    state: path.join(meta, 'state.json'),
    lockfile: path.join(meta, 'genRTL.lock.json'),
    writerLock: path.join(meta, 'writer.lock'),
    vendor: path.join(meta, 'vendor', 'cbb'),
    build: path.join(meta, 'build'),
    lastRun: path.join(meta, 'build', 'last_run'),
    run: (jobId, stepId) => path.join(meta, 'runs', jobId, ...(stepId ? [stepId] : [])),
    undo: (jobId) => path.join(meta, 'undo', jobId),
  };
}
