// Runs side by side: values, differences to the first, best and worst, and the rules that were broken.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Comparison } from '@genrtl/contracts/skill-batch.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';

type Metric = Comparison['metrics'][number];

/** Better or worse than the first, by the metric's own direction. */
function toneOf(metric: Metric, delta: number | null): string {
  if (delta === null || delta === 0 || metric.better === 'none') return 'muted';
  return delta < 0 === (metric.better === 'lower') ? 'tone-ok' : 'tone-error';
}

const signed = (delta: number): string => (delta > 0 ? `+${delta}` : String(delta).replace('-', '−'));

export function CompareView({
  jobIds,
  onOpen,
}: {
  readonly jobIds: readonly string[];
  readonly onOpen: (jobId: string) => void;
}) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const [rules, setRules] = useState('');
  const [asked, setAsked] = useState<readonly string[]>([]);
  const { data, error } = useCall('skills.compare', { workspace, job_ids: [...jobIds], thresholds: [...asked] });
  const comparison = data?.comparison ?? null;
  return (
    <article className="skill-run">
      <header>
        <h2>{t('skills.comparison')}</h2>
      </header>
      <form
        className="field"
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(
            rules
              .split(',')
              .map((rule) => rule.trim())
              .filter((rule) => rule !== ''),
          );
        }}
      >
        <label className="field">
          <span>{t('skills.rules')}</span>
          <input
            value={rules}
            spellCheck={false}
            placeholder="wns>=0, cells<=+5%"
            onChange={(event) => setRules(event.target.value)}
          />
        </label>
      </form>
      {error === null ? null : <ErrorNote error={error} />}
      {comparison === null ? (
        error === null ? (
          <Spinner label={t('ui.loading')} />
        ) : null
      ) : (
        <Table comparison={comparison} onOpen={onOpen} />
      )}
    </article>
  );
}

function Table({ comparison, onOpen }: { readonly comparison: Comparison; readonly onOpen: (jobId: string) => void }) {
  const { t } = useTranslation();
  const broken = (metric: string, job: string): boolean =>
    comparison.breaches.some((breach) => breach.metric === metric && breach.job_id === job);
  return (
    <>
      {comparison.warnings.map((warning) => (
        <p key={warning} className="notice-inline">
          {warning}
        </p>
      ))}
      <div className="compare-scroll" tabIndex={0} role="region" aria-label={t('skills.comparison')}>
        <table className="table">
          <thead>
            <tr>
              <th>{t('skills.metric')}</th>
              {comparison.columns.map((column) => (
                <th key={column.job_id} className="number">
                  <button type="button" className="link" title={column.job_id} onClick={() => onOpen(column.job_id)}>
                    {column.design}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {comparison.metrics.map((metric) => (
              <tr key={metric.name}>
                <td>
                  {metric.title}
                  {metric.unit === '' ? '' : ` (${metric.unit})`}
                </td>
                {metric.values.map((value, at) => {
                  const delta = metric.deltas[at] ?? null;
                  const job = comparison.columns[at]?.job_id ?? '';
                  return (
                    <td key={job} className={broken(metric.name, job) ? 'number compare-broken' : 'number'}>
                      <span className={metric.best.includes(at) ? 'mono compare-best' : 'mono'}>{value ?? '–'}</span>{' '}
                      {at === 0 || delta === null ? null : (
                        <span className={`mono ${toneOf(metric, delta)}`}>{signed(delta)}</span>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {comparison.breaches.length === 0 ? null : (
        <ul className="tone-error">
          {comparison.breaches.map((breach) => (
            <li key={`${breach.metric} ${breach.job_id} ${breach.rule}`}>
              {t('skills.breach', { rule: breach.rule, run: breach.job_id, value: String(breach.value ?? '–') })}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
