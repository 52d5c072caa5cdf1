// A job, live: what it is doing, what it waits for, each step with time and cost, what came out, and what one can do
// about it.
import { useTranslation } from 'react-i18next';
import { FileDiff, ListTree, Play, Plus, Square } from 'lucide-react';
import type { JobState } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { useJob, waitingGate } from '../../state/job-store.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace, wasInterrupted } from '../../state/workspace-store.ts';
import { Button, ErrorNote } from '@genrtl/ui/controls.tsx';
import { baseName } from '@genrtl/ui/format.ts';
import { openPanel } from '../../workbench/dock-store.ts';
import { BudgetCard } from './budget-card.tsx';
import { Conversation } from './conversation.tsx';
import { GateCard } from './gate-card.tsx';
import { JobClock } from './job-clock.tsx';
import { OutcomeCard } from './outcome-card.tsx';
import { SpendMeter } from './spend-meter.tsx';
import { StatusChip } from './status-chip.tsx';
import { StepGraph } from './step-graph.tsx';
import { StepList } from './step-list.tsx';
import { UndoJob } from './undo-job.tsx';

/** States from which the same job can go on. */
const RESUMABLE = new Set<JobState['status']>(['cancelled', 'failed', 'needs_input']);

export function JobView({ job, onNew }: { readonly job: JobState; readonly onNew: () => void }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const hasPlan = useJob((store) => store.plan !== null);
  const gate = waitingGate(job);
  const interrupted = useWorkspace((store) => wasInterrupted(store.view));
  const running = job.status === 'running' && !interrupted;
  const resume = (): void => run(() => bridge.call('job.resume', { workspace, approve: false, max_usd: null }));
  return (
    <div className="job">
      <header className="job-head">
        <div className="job-title">
          <h2 title={job.settings.spec_path}>{baseName(job.settings.spec_path)}</h2>
          <StatusChip status={interrupted ? 'cancelled' : job.status} gate={gate} />
        </div>
        <div className="job-meters">
          <JobClock job={job} />
          <SpendMeter spent={job.cost_usd} cap={job.settings.max_usd} stale={job.cost_stale} />
        </div>
        <div className="job-actions">
          {running ? (
            <Button tone="danger" icon={Square} onClick={() => run(() => bridge.call('job.cancel', { workspace }))}>
              {t('agent.stop')}
            </Button>
          ) : null}
          {!running && gate === null && (interrupted || RESUMABLE.has(job.status)) ? (
            <Button tone="primary" icon={Play} onClick={resume}>
              {t('agent.resume')}
            </Button>
          ) : null}
          <Button icon={ListTree} disabled={!hasPlan} onClick={() => openPanel('plan')}>
            {t('panels.plan')}
          </Button>
          <Button icon={FileDiff} onClick={() => openPanel('changes')}>
            {t('panels.changes')}
          </Button>
          {running ? null : <UndoJob />}
          {running ? null : (
            <Button icon={Plus} onClick={onNew}>
              {t('agent.newJob')}
            </Button>
          )}
        </div>
      </header>
      <div className="job-body">
        {interrupted ? <p className="notice-inline">{t('agent.interrupted')}</p> : null}
        {gate === null ? null : <GateCard job={job} gate={gate} />}
        {job.status === 'budget_exceeded' ? <BudgetCard job={job} /> : null}
        {job.error === null || gate !== null || job.status === 'budget_exceeded' ? null : (
          <ErrorNote error={job.error} />
        )}
        <OutcomeCard job={job} />
        <StepGraph job={job} live={running} />
        <StepList job={job} live={running} />
        <Conversation job={job} />
      </div>
    </div>
  );
}
