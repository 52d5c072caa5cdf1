// Time the job's steps took, ticking while one runs.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobState } from '@genrtl/contracts';
import { Timer } from 'lucide-react';
import { formatDuration } from '@genrtl/ui/format.ts';

/**
 * Sum of finished steps plus the running one up to `now`, or up to what is last known of it when nothing works on it;
 * waiting for a person is not work.
 */
export function workedMs(job: JobState, now: number): number {
  return job.steps.reduce(
    (sum, step) =>
      sum +
      (step.duration_ms ??
        (step.status === 'running' && job.status === 'running' ? Math.max(0, now - Date.parse(step.started_at)) : 0)),
    0,
  );
}

export function useNow(active: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!active) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [active]);
  return now;
}

export function JobClock({ job, live }: { readonly job: JobState; readonly live: boolean }) {
  const { t } = useTranslation();
  const ticking = useNow(live);
  const now = live ? ticking : Date.parse(job.updated_at);
  return (
    <span className="job-clock" title={t('agent.worked')}>
      <Timer size={13} aria-hidden />
      {formatDuration(workedMs(job, now))}
    </span>
  );
}
