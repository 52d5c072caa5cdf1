// The job's room: before a job the form that starts one, then the job itself, live.
import { useState } from 'react';
import { useJob } from '../../state/job-store.ts';
import { JobForm } from './job-form.tsx';
import { JobView } from './job-view.tsx';

export function AgentPanel() {
  const job = useJob((store) => store.state);
  const [drafting, setDrafting] = useState(false);
  return job === null || drafting ? (
    <JobForm onStarted={() => setDrafting(false)} {...(job === null ? {} : { onBack: () => setDrafting(false) })} />
  ) : (
    <JobView job={job} onNew={() => setDrafting(true)} />
  );
}
