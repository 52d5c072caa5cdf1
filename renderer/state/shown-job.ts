// The job's status as every room shows it: a job whose process was killed is stopped, whatever its state says.
import type { JobState, JobStatus } from '@genrtl/contracts';
import { useJob, waitingGate } from './job-store.ts';
import type { GateName } from './job-store.ts';
import { useWorkspace, wasInterrupted } from './workspace-store.ts';

export interface ShownJob {
  readonly job: JobState;
  readonly status: JobStatus;
  /** a process works on it */
  readonly running: boolean;
  /** its process was killed: it can be resumed */
  readonly interrupted: boolean;
  readonly gate: GateName | null;
}

export function useShownJob(): ShownJob | null {
  const job = useJob((store) => store.state);
  const interrupted = useWorkspace((store) => wasInterrupted(store.view));
  if (job === null) return null;
  return {
    job,
    status: interrupted ? 'cancelled' : job.status,
    running: job.status === 'running' && !interrupted,
    interrupted,
    gate: waitingGate(job),
  };
}
