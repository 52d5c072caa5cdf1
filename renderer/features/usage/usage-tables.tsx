// Usage by model, by package, by job and step: what the ledger holds, summed.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { UsageRow } from '@genrtl/contracts';
import { Chip } from '@genrtl/ui/controls.tsx';
import { formatUsd, sumUsd } from '@genrtl/ui/format.ts';

type Tokens = 'input_tokens' | 'output_tokens' | 'cached_tokens';

const sum = (rows: readonly UsageRow[]): string => formatUsd(sumUsd(rows.map((row) => row.amount_usd)));
const tokens = (rows: readonly UsageRow[], pick: Tokens): string =>
  rows.reduce((total, row) => total + (row[pick] ?? 0), 0).toLocaleString('en');
/** Mean of the calls that were measured, in seconds. */
function seconds(rows: readonly UsageRow[], pick: 'first_token_ms' | 'duration_ms'): string {
  const measured = rows.flatMap((row) => row[pick] ?? []);
  if (measured.length === 0) return '–';
  return `${(measured.reduce((total, ms) => total + ms, 0) / measured.length / 1000).toFixed(1)} s`;
}
const group = (rows: readonly UsageRow[], keyOf: (row: UsageRow) => string): [string, UsageRow[]][] => [
  ...Map.groupBy(rows, keyOf),
];

export function ByModel({ rows }: { readonly rows: readonly UsageRow[] }) {
  const { t } = useTranslation();
  const models = useMemo(
    () =>
      group(
        rows.filter((row) => row.kind === 'model'),
        (row) => row.item,
      ),
    [rows],
  );
  if (models.length === 0) return null;
  return (
    <section>
      <h2>{t('usage.byModel')}</h2>
      <table className="table">
        <thead>
          <tr>
            <th>{t('usage.model')}</th>
            <th className="number">{t('usage.calls')}</th>
            <th className="number">{t('usage.input')}</th>
            <th className="number">{t('usage.cached')}</th>
            <th className="number">{t('usage.output')}</th>
            <th className="number">{t('usage.firstToken')}</th>
            <th className="number">{t('usage.duration')}</th>
            <th className="number">{t('usage.cost')}</th>
          </tr>
        </thead>
        <tbody>
          {models.map(([item, own]) => (
            <tr key={item}>
              <td className="mono">
                {item}
                {own.some((row) => row.estimated) ? (
                  <Chip tone="muted" title={t('usage.estimatedNote')}>
                    {t('usage.estimated')}
                  </Chip>
                ) : null}
              </td>
              {/* a call that several buckets paid has its tokens in the first row only */}
              <td className="number">{own.filter((row) => row.input_tokens !== null).length}</td>
              <td className="number">{tokens(own, 'input_tokens')}</td>
              <td className="number">{tokens(own, 'cached_tokens')}</td>
              <td className="number">{tokens(own, 'output_tokens')}</td>
              <td className="number">{seconds(own, 'first_token_ms')}</td>
              <td className="number">{seconds(own, 'duration_ms')}</td>
              <td className="number">{sum(own)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function ByPackage({ rows }: { readonly rows: readonly UsageRow[] }) {
  const { t } = useTranslation();
  const packages = useMemo(
    () =>
      group(
        rows.filter((row) => row.kind !== 'model'),
        (row) => `${row.item} ${row.version} ${row.bucket}`,
      ),
    [rows],
  );
  if (packages.length === 0) return null;
  return (
    <section>
      <h2>{t('usage.byPackage')}</h2>
      <table className="table">
        <thead>
          <tr>
            <th>{t('usage.package')}</th>
            <th>{t('usage.version')}</th>
            <th className="number">{t('usage.price')}</th>
            <th>{t('usage.bucket')}</th>
            <th className="number">{t('usage.count')}</th>
            <th className="number">{t('usage.cost')}</th>
          </tr>
        </thead>
        <tbody>
          {packages.map(([key, own]) => {
            const [first] = own;
            const bought = own.filter((row) => row.kind === 'cbb');
            return (
              <tr key={key}>
                <td className="mono">
                  {first?.item}
                  {own.some((row) => row.kind === 'reversal') ? (
                    <Chip tone="warning">{t('usage.reversed')}</Chip>
                  ) : null}
                </td>
                <td>{first?.version}</td>
                <td className="number">{bought[0] === undefined ? '–' : formatUsd(bought[0].amount_usd)}</td>
                <td>{t(`usage.buckets.${first?.bucket ?? 'included'}`)}</td>
                <td className="number">{bought.length}</td>
                <td className="number">{sum(own)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

export function ByJob({ rows }: { readonly rows: readonly UsageRow[] }) {
  const { t } = useTranslation();
  const jobs = useMemo(
    () =>
      group(
        rows.filter((row) => row.job_id !== null),
        (row) => row.job_id ?? '',
      ).reverse(),
    [rows],
  );
  if (jobs.length === 0) return null;
  return (
    <section>
      <h2>{t('usage.byJob')}</h2>
      <table className="table">
        <thead>
          <tr>
            <th>{t('usage.job')}</th>
            <th>{t('usage.step')}</th>
            <th>{t('usage.items')}</th>
            <th className="number">{t('usage.cost')}</th>
          </tr>
        </thead>
        {jobs.map(([job, own]) => (
          <tbody key={job}>
            <tr className="usage-job-row">
              <td className="mono">{job}</td>
              <td className="muted">{own[0]?.time.slice(0, 16).replace('T', ' ')}</td>
              <td />
              <td className="number">
                <strong>{sum(own)}</strong>
              </td>
            </tr>
            {group(own, (row) => row.step_id ?? '').map(([step, parts]) => (
              <tr key={step}>
                <td />
                <td className="mono">{step}</td>
                <td className="mono usage-items">
                  {[
                    ...new Set(parts.map((row) => (row.kind === 'model' ? row.item : `${row.item}@${row.version}`))),
                  ].join(', ')}
                </td>
                <td className="number">{sum(parts)}</td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}
