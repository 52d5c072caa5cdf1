// What the window tells from outside: progress of the job in its title, and a notification when a long job ends while
// nobody looks.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobState } from '@genrtl/contracts';
import { useNotices } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useShownJob } from '../../state/shown-job.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { workedMs } from './job-clock.tsx';

/** Shorter jobs end while the person still watches. */
const LONG_MS = 20_000;

const MARKS: Readonly<Record<JobState['status'], string>> = {
  running: '▶',
  done: '✓',
  failed: '✗',
  needs_input: '●',
  budget_exceeded: '●',
  cancelled: '■',
  undone: '↶',
};

export function useJobSignals(): void {
  const { t } = useTranslation();
  const name = useWorkspace((store) => store.view?.name ?? null);
  const shown = useShownJob();
  const job = shown?.job ?? null;
  const notify = useSettings((store) => store.settings?.notify ?? false);
  const status = shown?.status ?? null;
  const step = shown?.running === true ? (shown.job.steps.at(-1)?.step ?? null) : null;
  const gate = shown?.gate ?? null;
  useEffect(() => {
    const at = step === null ? '' : ` ${t(`steps.${step}`)}`;
    document.title = name === null ? 'genRTL' : `${status === null ? '' : `${MARKS[status]}${at} – `}${name} – genRTL`;
  }, [t, name, status, step]);

  const before = useRef<{ id: string; status: string } | null>(null);
  useEffect(() => {
    const last = before.current;
    before.current = job === null || status === null ? null : { id: job.job_id, status };
    if (
      job === null ||
      status === null ||
      last === null ||
      last.id !== job.job_id ||
      last.status !== 'running' ||
      status === 'running'
    )
      return;
    if (workedMs(job, Date.now()) < LONG_MS) return;
    const text = t('signals.ended', {
      name: name ?? '',
      status: gate === null ? t(`status.${status}`) : t(`gate.${gate}.waiting`),
    });
    useNotices.getState().add({ tone: status === 'done' ? 'success' : status === 'failed' ? 'error' : 'info', text });
    if (notify && document.hidden && 'Notification' in window && Notification.permission === 'granted') {
      const shown = new Notification('genRTL', { body: text, tag: job.job_id });
      shown.onclick = () => window.focus();
    }
  }, [t, job, status, name, gate, notify]);
}
