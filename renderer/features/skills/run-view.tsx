// One run: the states it went through, the choice it waits for, its metrics with the line that proves each, and every
// file of evidence.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Square } from 'lucide-react';
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { bridge } from '../../bridge/bridge.ts';
import { run as act, showError } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, Chip, Spinner } from '@genrtl/ui/controls.tsx';
import { formatBytes, formatDuration, formatInstant } from '@genrtl/ui/format.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { STATUS_TONES } from './status-tones.ts';

type Read = IpcResponse<'skills.run.read'>;

const STATES: readonly Read['run']['state'][] = [
  'INIT',
  'PREPARE_RUNDIR',
  'LOCATE_DB',
  'START_SESSION',
  'RESTORE_DB',
  'RUN_SKILL',
  'VALIDATE_OUTPUTS',
  'SUMMARIZE',
  'DONE',
];

export function RunView({ jobId, grows }: { readonly jobId: string; readonly grows: number }) {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const [found, setFound] = useState<Read | null>(null);
  useEffect(() => {
    let current = true;
    bridge.call('skills.run.read', { workspace, job_id: jobId }).then((answer) => {
      if (current) setFound(answer);
    }, showError);
    return () => {
      current = false;
    };
  }, [workspace, jobId, grows]);
  if (found === null)
    return (
      <div className="panel-wait">
        <Spinner label={t('ui.loading')} />
      </div>
    );
  const { run, manifest, summary, timeline, folder, files } = found;
  const open = (file: string, line?: number): void => openFile(`${folder}/${file}`, line === undefined ? {} : { line });
  const reached = new Set(timeline.map((event) => event.state));
  return (
    <article className="skill-run">
      <header>
        <h2>{run.design}</h2>
        <Chip tone={STATUS_TONES[run.status]}>{t(`skills.status.${run.status}`)}</Chip>
        <span className="muted">
          {run.skill} {run.version} · {formatInstant(run.created_at, i18n.language)}
          {run.finished_at === null
            ? ''
            : ` · ${formatDuration(Date.parse(run.finished_at) - Date.parse(run.created_at))}`}
        </span>
        <span className="status-space" />
        {run.live ? (
          <Button
            tone="danger"
            icon={Square}
            onClick={() => act(() => bridge.call('skills.stop', { workspace, job_id: jobId }))}
          >
            {t('agent.stop')}
          </Button>
        ) : null}
      </header>
      <ol className="skill-states" aria-label={t('skills.states')}>
        {STATES.map((state) => (
          <li
            key={state}
            className={
              state === manifest.error?.state
                ? 'skill-state skill-state-failed'
                : state === run.state
                  ? `skill-state skill-state-now skill-${run.status}`
                  : reached.has(state)
                    ? 'skill-state skill-state-past'
                    : 'skill-state'
            }
            aria-current={state === run.state || state === manifest.error?.state}
          >
            {t(`skills.state.${state}`)}
            {state === manifest.error?.state ? ` · ${t('skills.state.FAIL')}` : ''}
          </li>
        ))}
      </ol>
      {manifest.error === null ? null : (
        <section className="error-note" role="alert">
          <div>
            <p className="error-note-text">{manifest.error.message}</p>
            <p className="error-note-hint">{manifest.error.hint}</p>
            <code className="error-note-code">{manifest.error.error_type}</code>
            <p>
              {manifest.error.evidence_paths.map((path) => (
                <button key={path} type="button" className="link mono evidence-path" onClick={() => open(path)}>
                  {path}
                </button>
              ))}
            </p>
          </div>
        </section>
      )}
      {run.status === 'WAITING_SELECTION' ? <Candidates found={found} /> : null}
      {summary === null ? null : (
        <section>
          <h3>{t('skills.metrics')}</h3>
          <table className="table">
            <thead>
              <tr>
                <th>{t('skills.metric')}</th>
                <th className="number">{t('skills.value')}</th>
                <th>{t('skills.unit')}</th>
                <th>{t('skills.evidence')}</th>
              </tr>
            </thead>
            <tbody>
              {summary.metrics.map((metric) => {
                const { evidence } = metric;
                return (
                  <tr key={metric.name}>
                    <td>{metric.title}</td>
                    <td className="number mono">{metric.value ?? '–'}</td>
                    <td>{metric.unit}</td>
                    <td>
                      {evidence === null ? (
                        '–'
                      ) : (
                        <button
                          type="button"
                          className="link mono"
                          title={evidence.text}
                          onClick={() => open(evidence.path, evidence.line)}
                        >
                          {evidence.path}:{evidence.line}
                        </button>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      )}
      <section>
        <h3>{t('skills.timeline')}</h3>
        <ol className="skill-timeline">
          {timeline.slice(-60).map((event) => (
            <li
              key={event.seq}
              className={event.level === 'ERROR' ? 'tone-error' : event.level === 'WARN' ? 'tone-warning' : ''}
            >
              <span className="mono muted">{event.at.slice(11, 23)}</span>
              <span className="mono">{event.event}</span>
              <span>{event.message}</span>
            </li>
          ))}
        </ol>
      </section>
      <section>
        <h3>{t('skills.files', { count: files.length })}</h3>
        <ul className="skill-files">
          {files.map((file) => (
            <li key={file.path}>
              <button type="button" className="link mono path" onClick={() => open(file.path)}>
                {file.path}
              </button>
              <span className="muted">{formatBytes(file.size_bytes)}</span>
            </li>
          ))}
        </ul>
      </section>
    </article>
  );
}

function Candidates({ found }: { readonly found: Read }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const { candidates, incomplete, not_searched: unsearched } = found.manifest.locator;
  const choose = (id: number): void =>
    act(() => bridge.call('skills.select', { workspace, job_id: found.run.job_id, candidate: String(id) }));
  return (
    <section className="card gate-card">
      <h3>{t('skills.choose')}</h3>
      <table className="table">
        <tbody>
          {candidates.map((candidate) => (
            <tr key={candidate.id}>
              <td className="mono">{candidate.name}</td>
              <td className="mono path" title={Object.values(candidate.files).join('\n')}>
                {Object.values(candidate.files)[0]}
              </td>
              <td className="number">{formatBytes(candidate.size_bytes)}</td>
              <td>{candidate.modified_at.slice(0, 16).replace('T', ' ')}</td>
              <td>
                <Button onClick={() => choose(candidate.id)}>{t('skills.take')}</Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {unsearched.length === 0 ? null : (
        <ul className="tone-warning">
          {unsearched.map((one) => (
            <li key={one.path}>{t('skills.notSearched', { path: one.path, reason: one.reason })}</li>
          ))}
        </ul>
      )}
      {incomplete.length === 0 ? null : (
        <ul className="muted">
          {incomplete.map((one) => (
            <li key={one.path}>
              {one.path}: {one.reason}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
