// The job's room: before a job the form that starts one, then the job itself, live.
import { useState } from 'react';
import { useShownJob } from '../../state/shown-job.ts';
import { JobForm } from './job-form.tsx';
import { JobView } from './job-view.tsx';

export function AgentPanel() {
  const shown = useShownJob();
  const [drafting, setDrafting] = useState(false);
  return shown === null || drafting ? (
    <JobForm onStarted={() => setDrafting(false)} {...(shown === null ? {} : { onBack: () => setDrafting(false) })} />
  ) : (
    <JobView shown={shown} onNew={() => setDrafting(true)} />
  );
}
