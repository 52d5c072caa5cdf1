// A job, live: what it is called and what it is doing in two lines, what waits for the person (or came out) pinned
// below, its steps as one timeline, a word for the agent at the bottom.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { FileDiff, ListTree, Play, Plus, Square } from 'lucide-react';
import { bridge } from '../../bridge/bridge.ts';
import { useJob } from '../../state/job-store.ts';
import { run } from '../../state/notice-store.ts';
import type { ShownJob } from '../../state/shown-job.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, Chip, ErrorNote, IconButton } from '@genrtl/ui/controls.tsx';
import { baseName } from '@genrtl/ui/format.ts';
import { openPanel } from '../../workbench/dock-store.ts';
import { AccountLimitCard, accountStop } from './account-limit-card.tsx';
import { BudgetCard } from './budget-card.tsx';
import { Conversation } from './conversation.tsx';
import { GateCard } from './gate-card.tsx';
import { HistoryButton } from './job-history.tsx';
import { JobClock } from './job-clock.tsx';
import { OutcomeCard } from './outcome-card.tsx';
import { SpendMeter } from './spend-meter.tsx';
import { StatusChip } from './status-chip.tsx';
import { StepList } from './step-list.tsx';
import { waitLine } from './wait-line.ts';
import { UndoJob } from './undo-job.tsx';

/** States from which the same job can go on. */
const RESUMABLE: ReadonlySet<string> = new Set(['cancelled', 'failed', 'needs_input']);

/** Nearer to its end than this, the timeline follows what is added. */
const FOLLOW_PX = 60;

export function JobView({ shown, onNew }: { readonly shown: ShownJob; readonly onNew: () => void }) {
  const { t, i18n } = useTranslation();
  const { job, status, running, interrupted, gate } = shown;
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const plan = useJob((store) => store.plan);
  const resume = (): void => run(() => bridge.call('job.resume', { workspace, approve: false, max_usd: null }));
  const step = job.steps.at(-1);
  const title = plan?.title ?? baseName(job.settings.spec_path);
  return (
    <div className="job">
      <header className="job-head">
        <div className="job-title">
          <h2 title={`${title}\n${job.settings.spec_path}`}>{title}</h2>
          {running ? (
            <Button tone="danger" icon={Square} onClick={() => run(() => bridge.call('job.cancel', { workspace }))}>
              {t('agent.stop')}
            </Button>
          ) : gate === null && (interrupted || RESUMABLE.has(status)) ? (
            <Button tone="primary" icon={Play} onClick={resume}>
              {t('agent.resume')}
            </Button>
          ) : null}
          <IconButton
            label={t('panels.plan')}
            icon={ListTree}
            disabled={plan === null}
            onClick={() => openPanel('plan')}
          />
          <IconButton label={t('panels.changes')} icon={FileDiff} onClick={() => openPanel('changes')} />
          {running ? null : <UndoJob job={job} />}
          <HistoryButton />
          {running ? null : <IconButton label={t('agent.newJob')} icon={Plus} onClick={onNew} />}
        </div>
        <div className="job-line">
          <StatusChip status={status} gate={gate} />
          {job.confinement?.confined === 'unconfined' ? (
            <Chip tone="warning" title={t(`confinement.why.${job.confinement.unconfined_reason ?? 'refused'}`)}>
              {t('confinement.unconfined')}
            </Chip>
          ) : null}
          {running && step !== undefined ? (
            <span className="job-now">
              {t(`steps.${step.step}`)}
              {step.waiting === undefined ? null : ` – ${waitLine(t, i18n.language, step.waiting)}`}
            </span>
          ) : null}
          <span className="status-space" />
          <JobClock job={job} live={running} />
          <SpendMeter spent={job.cost_usd} cap={job.settings.max_usd} stale={job.cost_stale} />
        </div>
      </header>
      <Pinned shown={shown} />
      <Timeline shown={shown} />
      <Conversation job={job} />
    </div>
  );
}

/** The one thing to act on or to know; it never scrolls out of sight. */
function Pinned({ shown }: { readonly shown: ShownJob }) {
  const { t } = useTranslation();
  const { job, status, running, interrupted, gate } = shown;
  const stop = interrupted || running ? null : accountStop(job.error);
  const failed =
    job.error !== null && gate === null && !interrupted && status !== 'budget_exceeded' && stop === null
      ? job.error
      : null;
  return (
    <div className="job-pinned" aria-live="polite">
      {interrupted ? <p className="notice-inline">{t('agent.interrupted')}</p> : null}
      {status === 'undone' ? <p className="notice-inline">{t('agent.wasUndone')}</p> : null}
      {gate === null ? null : <GateCard job={job} gate={gate} />}
      {status === 'budget_exceeded' && stop === null ? <BudgetCard job={job} /> : null}
      {stop === null || job.error === null ? null : <AccountLimitCard error={job.error} stop={stop} />}
      {failed === null ? null : <ErrorNote error={failed} />}
      {running || gate !== null ? null : <OutcomeCard job={job} />}
    </div>
  );
}

function Timeline({ shown }: { readonly shown: ShownJob }) {
  const { job, running } = shown;
  const element = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const count = job.steps.length;
  useEffect(() => {
    const box = element.current;
    if (box !== null && atEnd.current) box.scrollTop = box.scrollHeight;
  }, [count, running]);
  return (
    <div
      ref={element}
      className="job-body"
      onScroll={({ currentTarget: box }) => {
        atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < FOLLOW_PX;
      }}
    >
      <StepList job={job} live={running} />
    </div>
  );
}
