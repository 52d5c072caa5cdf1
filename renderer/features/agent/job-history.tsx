// The jobs of the workspace: open one as it ended, compare two, undo them from the newest back.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { History } from 'lucide-react';
import type { JobSummary } from '@genrtl/contracts';
import { useCall } from '../../bridge/use-call.ts';
import { relativePath, useWorkspace } from '../../state/workspace-store.ts';
import { Button, ErrorNote, IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { formatDuration, shortUsd } from '@genrtl/ui/format.ts';
import { DiffView } from '../changes/diff-view.tsx';
import { workedMs } from './job-clock.tsx';
import { StatusChip } from './status-chip.tsx';
import { UndoDialog } from './undo-job.tsx';

export function HistoryButton() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton label={t('history.title')} icon={History} onClick={() => setOpen(true)} />
      {open ? <JobHistory onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function JobHistory({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const { data, error } = useCall('job.history', { workspace });
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [shown, setShown] = useState<readonly string[] | null>(null);
  const [undoing, setUndoing] = useState<JobSummary | null>(null);
  const jobs = data?.jobs ?? [];
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  if (shown !== null)
    return <JobsShown ids={shown} workspace={workspace} onBack={() => setShown(null)} onClose={onClose} />;
  return (
    <Dialog
      title={t('history.title')}
      size="large"
      onClose={onClose}
      footer={
        <>
          <Button disabled={chosen.length !== 2} title={t('history.compareNote')} onClick={() => setShown(chosen)}>
            {t('history.compare')}
          </Button>
          <Button onClick={onClose}>{t('ui.close')}</Button>
        </>
      }
    >
      {error === null ? null : <ErrorNote error={error} />}
      {data === undefined && error === null ? <Spinner label={t('ui.loading')} /> : null}
      {data !== undefined && jobs.length === 0 ? <p className="muted">{t('history.none')}</p> : null}
      <ul className="history">
        {jobs.map((job) => (
          <li key={job.job_id} className="history-job">
            <input
              type="checkbox"
              aria-label={t('history.choose', { title: job.title })}
              checked={chosen.includes(job.job_id)}
              onChange={({ target }) =>
                setChosen((before) =>
                  target.checked ? [...before, job.job_id].slice(-2) : before.filter((id) => id !== job.job_id),
                )
              }
            />
            <div className="history-text">
              <strong className="path" title={job.title}>
                {job.title}
              </strong>
              <span className="muted">
                {time.format(new Date(job.created_at))} · {shortUsd(job.cost_usd)}
                {job.strength === null ? '' : ` · ${t('strength.mutants', job.strength)}`} ·{' '}
                {t('history.files', { count: job.files.length })}
              </span>
            </div>
            <StatusChip status={job.status} gate={null} />
            <Button onClick={() => setShown([job.job_id])}>{t('history.open')}</Button>
            <Button
              disabled={job.files.length === 0 || job.covered_by !== null || job.status === 'running'}
              title={t(job.covered_by === null ? 'history.undoNote' : 'history.undoLater')}
              onClick={() => setUndoing(job)}
            >
              {t('agent.undo')}
            </Button>
          </li>
        ))}
      </ul>
      {undoing === null ? null : <UndoDialog jobId={undoing.job_id} onClose={() => setUndoing(null)} />}
    </Dialog>
  );
}

/** One job, or two side by side: what it was, what it measured, what it changed. */
function JobsShown({
  ids,
  workspace,
  onBack,
  onClose,
}: {
  readonly ids: readonly string[];
  readonly workspace: string;
  readonly onBack: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [file, setFile] = useState<string | null>(null);
  const [first, second] = ids;
  const one = useCall('job.past', first === undefined ? null : { workspace, job_id: first });
  const two = useCall('job.past', second === undefined ? null : { workspace, job_id: second });
  const answers = [one, ...(second === undefined ? [] : [two])];
  const jobs = answers.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const error = answers.find((answer) => answer.error !== null)?.error ?? null;
  const inWorkspace = (file: string): string => relativePath(workspace, file) ?? file;
  const rows: readonly (readonly [string, (job: (typeof jobs)[number]) => string])[] = [
    [t('history.status'), ({ state }) => t(`status.${state.status}`)],
    [t('agent.spec'), ({ state }) => state.facts.spec_name ?? inWorkspace(state.settings.spec_path)],
    [t('settings.model'), ({ state }) => state.facts.plan_model ?? state.settings.model ?? t('settings.modelAuto')],
    [t('agent.worked'), ({ state }) => formatDuration(workedMs(state, Date.parse(state.updated_at)))],
    [t('history.cost'), ({ state }) => shortUsd(state.cost_usd)],
    [t('history.repairs'), ({ state }) => String(state.steps.filter((step) => step.step === 'repair').length)],
    [
      t('strength.title'),
      ({ state }) => {
        const mutants = state.facts.strength?.mutants ?? null;
        return mutants === null ? '–' : t('strength.mutants', mutants);
      },
    ],
    [t('history.changed'), ({ changes }) => changes.map((change) => change.path).join(', ')],
  ];
  const files = [...new Set(jobs.flatMap((job) => job.changes.map((change) => change.path)))].sort();
  const path = file ?? files[0] ?? null;
  const changeOf = (at: number) => jobs[at]?.changes.find((change) => change.path === path);
  // two jobs are told apart by what each of them made of the file
  const [before, after] =
    second === undefined
      ? [changeOf(0)?.before ?? null, changeOf(0)?.after ?? null]
      : [changeOf(0)?.after ?? null, changeOf(1)?.after ?? null];
  return (
    <Dialog
      title={t(second === undefined ? 'history.oneTitle' : 'history.compareTitle')}
      size="large"
      onClose={onClose}
      footer={<Button onClick={onBack}>{t('ui.back')}</Button>}
    >
      {error === null ? null : <ErrorNote error={error} />}
      {jobs.length < ids.length ? (
        error === null ? (
          <Spinner label={t('ui.loading')} />
        ) : null
      ) : (
        <>
          <table className="table history-table">
            <thead>
              <tr>
                <td />
                {jobs.map((job) => (
                  <th key={job.state.job_id}>{job.plan?.title ?? job.state.facts.spec_name ?? job.state.job_id}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(([name, text]) => (
                <tr key={name}>
                  <th>{name}</th>
                  {jobs.map((job) => (
                    <td key={job.state.job_id}>{text(job)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {path === null ? null : (
            <>
              <label className="field field-inline">
                <span>{t('problems.file')}</span>
                <select value={path} onChange={(event) => setFile(event.target.value)}>
                  {files.map((name) => (
                    <option key={name}>{name}</option>
                  ))}
                </select>
              </label>
              <DiffView path={path} before={before} after={after} />
            </>
          )}
        </>
      )}
    </Dialog>
  );
}
