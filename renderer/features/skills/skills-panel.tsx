// SkillPilot's room: the catalogue with a form for each skill, runs with their live state, evidence, and comparisons.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shippedText } from '../../i18n/index.ts';
import { GitCompareArrows, Wand2 } from 'lucide-react';
import { useCall } from '../../bridge/use-call.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, Chip, Empty, ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { formatDuration, formatInstant } from '@genrtl/ui/format.ts';
import { CompareView } from './compare-view.tsx';
import { RunView } from './run-view.tsx';
import { SkillForm } from './skill-form.tsx';
import { STATUS_TONES } from './status-tones.ts';
import { useSkillRuns } from './use-skill-runs.ts';
import './skills.css';

type Shown =
  | { readonly kind: 'skill'; readonly name: string }
  | { readonly kind: 'run'; readonly id: string }
  | { readonly kind: 'compare'; readonly ids: readonly string[] };

export function SkillsPanel() {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const { data, error } = useCall('skills.list', { workspace });
  const cards = data?.skills;
  const [shown, setShown] = useState<Shown | null>(null);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const { runs, grows } = useSkillRuns(workspace);
  if (error !== null) return <ErrorNote error={error} />;
  if (cards === undefined)
    return (
      <div className="panel-wait">
        <Spinner label={t('ui.loading')} />
      </div>
    );
  // what can run here comes first
  const sorted = [...cards].sort((a, b) => Number(b.installed) - Number(a.installed));
  const card = shown?.kind === 'skill' ? cards.find((one) => one.name === shown.name) : undefined;
  return (
    <div className="skills">
      <nav className="skills-side" aria-label={t('panels.skills')}>
        <h2>{t('skills.catalogue')}</h2>
        <ul>
          {sorted.map((one) => (
            <li key={one.name}>
              <button
                type="button"
                className={one.installed ? 'skills-row' : 'skills-row skills-row-away'}
                aria-current={card === one}
                onClick={() => setShown({ kind: 'skill', name: one.name })}
              >
                <span className="path">
                  {one.origin === 'shipped' ? shippedText('skills', one.name, 'title', one.title) : one.title}
                </span>
                {one.trusted ? null : <Chip tone="warning">{t('skills.untrusted')}</Chip>}
                <span className="muted">
                  {one.host === null
                    ? t('skills.faulty')
                    : one.installed
                      ? one.host
                      : t('skills.notInstalled', { tool: one.host })}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <h2>{t('skills.runs')}</h2>
        {runs?.length === 0 ? <p className="muted skills-none">{t('skills.noRuns')}</p> : null}
        <ul>
          {runs?.map((run) => (
            <li key={run.job_id} className="skills-run">
              <input
                type="checkbox"
                aria-label={t('skills.pick', { run: run.job_id })}
                disabled={run.status !== 'DONE'}
                checked={picked.includes(run.job_id)}
                onChange={(event) =>
                  setPicked(event.target.checked ? [...picked, run.job_id] : picked.filter((id) => id !== run.job_id))
                }
              />
              <button
                type="button"
                className="skills-row"
                aria-current={shown?.kind === 'run' && shown.id === run.job_id}
                title={run.job_id}
                onClick={() => setShown({ kind: 'run', id: run.job_id })}
              >
                <span className="path">
                  {run.design} <span className="muted">{run.skill}</span>
                  <span className="skills-when muted">
                    {formatInstant(run.created_at, i18n.language)}
                    {run.finished_at === null
                      ? ''
                      : ` · ${formatDuration(Date.parse(run.finished_at) - Date.parse(run.created_at))}`}
                  </span>
                </span>
                <Chip tone={STATUS_TONES[run.status]}>{t(`skills.status.${run.status}`)}</Chip>
              </button>
            </li>
          ))}
        </ul>
        {(runs?.length ?? 0) < 2 ? null : (
          <div className="skills-compare">
            <Button
              icon={GitCompareArrows}
              disabled={picked.length < 2}
              onClick={() => setShown({ kind: 'compare', ids: picked })}
            >
              {t('skills.compare', { count: picked.length })}
            </Button>
          </div>
        )}
      </nav>
      <div className="skills-body">
        {card !== undefined ? (
          <SkillForm key={card.name} card={card} onStarted={(id) => setShown({ kind: 'run', id })} />
        ) : shown?.kind === 'run' ? (
          <RunView key={shown.id} jobId={shown.id} grows={grows[shown.id] ?? 0} />
        ) : shown?.kind === 'compare' ? (
          <CompareView jobIds={shown.ids} onOpen={(id) => setShown({ kind: 'run', id })} />
        ) : (
          <Empty icon={Wand2} title={t('skills.none')}>
            {t('skills.noneNote')}
          </Empty>
        )}
      </div>
    </div>
  );
}
