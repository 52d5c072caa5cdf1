// Usage in a window of its own: what is left, by model, by package, by job and step; exported as CSV.
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { BarChart3, Download } from 'lucide-react';
import type { ErrorBody, UsageRow, UsageSummary } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { useLink } from '../../state/link-store.ts';
import { Button, Chip, Empty, ErrorNote, Spinner } from '../../ui/controls.tsx';
import { formatUsd, sumUsd } from '../../ui/format.ts';
import { usageCsv } from './usage-csv.ts';

const RANGES = { day: 1, week: 7, month: 30, all: null } as const;
type Range = keyof typeof RANGES;

export function UsageWindow() {
  const { t } = useTranslation();
  const epoch = useLink((store) => store.epoch);
  const [range, setRange] = useState<Range>('month');
  const [usage, setUsage] = useState<UsageSummary | null>(null);
  const [error, setError] = useState<ErrorBody | null>(null);
  const load = useCallback(() => {
    const days = RANGES[range];
    const from = days === null ? null : new Date(Date.now() - days * 86_400_000).toISOString();
    bridge.call('usage.read', { job_id: null, from, to: null }).then((summary) => {
      setUsage(summary);
      setError(null);
    }, (failure: unknown) => setError(errorBody(failure)));
  }, [range]);
  useEffect(load, [load, epoch]);
  const save = (): void => {
    const link = document.createElement('a');
    const url = URL.createObjectURL(new Blob([usageCsv(usage?.rows ?? [])], { type: 'text/csv' }));
    link.href = url;
    link.download = 'genrtl-usage.csv';
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <main className="usage">
      <header className="usage-head">
        <Link to="/" className="brand" aria-label={t('shell.toStart')}><img src="/icon.svg" alt="" width={22} height={22} /></Link>
        <h1>{t('usage.title')}</h1>
        {usage?.local === true ? <Chip tone="muted" title={t('usage.localNote')}>{t('usage.local')}</Chip> : null}
        <span className="status-space" />
        <select aria-label={t('usage.range')} value={range} onChange={(event) => setRange(event.target.value as Range)}>
          {(Object.keys(RANGES) as Range[]).map((name) => <option key={name} value={name}>{t(`usage.ranges.${name}`)}</option>)}
        </select>
        <Button icon={Download} disabled={(usage?.rows.length ?? 0) === 0} onClick={save}>{t('usage.csv')}</Button>
      </header>
      {error === null ? null : <ErrorNote error={error} />}
      {usage === null ? (error === null ? <Spinner label={t('ui.loading')} /> : null) : <UsageBody usage={usage} />}
    </main>
  );
}

function UsageBody({ usage }: { readonly usage: UsageSummary }) {
  const { t } = useTranslation();
  const models = useMemo(() => group(usage.rows.filter((row) => row.kind === 'model'), (row) => row.item), [usage]);
  const packages = useMemo(() => group(usage.rows.filter((row) => row.kind !== 'model'), (row) => `${row.item} ${row.version} ${row.bucket}`), [usage]);
  const jobs = useMemo(() => group(usage.rows.filter((row) => row.job_id !== null), (row) => `${row.job_id ?? ''} ${row.step_id ?? ''}`), [usage]);
  const sum = (rows: readonly UsageRow[]): string => formatUsd(sumUsd(rows.map((row) => row.amount_usd)));
  const tokens = (rows: readonly UsageRow[], pick: 'input_tokens' | 'output_tokens' | 'cached_tokens'): string => rows.reduce((total, row) => total + (row[pick] ?? 0), 0).toLocaleString('en');
  return (
    <>
      <div className="usage-cards">
        <Bucket title={t('usage.included')} used={usage.included.used_usd} limit={usage.included.limit_usd} note={usage.included.renews_at === null ? null : t('usage.renews', { date: usage.included.renews_at.slice(0, 10) })} />
        <Bucket title={t('usage.onDemand')} used={usage.on_demand.used_usd} limit={usage.on_demand.limit_usd} note={null} />
      </div>
      {usage.rows.length === 0 ? <Empty icon={BarChart3} title={t('usage.none')} /> : null}
      {models.length === 0 ? null : (
        <section><h2>{t('usage.byModel')}</h2>
          <table className="table">
            <thead><tr><th>{t('usage.model')}</th><th className="number">{t('usage.calls')}</th><th className="number">{t('usage.input')}</th><th className="number">{t('usage.output')}</th><th className="number">{t('usage.cached')}</th><th className="number">{t('usage.cost')}</th></tr></thead>
            <tbody>{models.map(([item, rows]) => <tr key={item}><td className="mono">{item}{rows.some((row) => row.estimated) ? <Chip tone="muted">{t('usage.estimated')}</Chip> : null}</td><td className="number">{rows.length}</td><td className="number">{tokens(rows, 'input_tokens')}</td><td className="number">{tokens(rows, 'output_tokens')}</td><td className="number">{tokens(rows, 'cached_tokens')}</td><td className="number">{sum(rows)}</td></tr>)}</tbody>
          </table>
        </section>
      )}
      {packages.length === 0 ? null : (
        <section><h2>{t('usage.byPackage')}</h2>
          <table className="table">
            <thead><tr><th>{t('usage.package')}</th><th>{t('usage.version')}</th><th>{t('usage.bucket')}</th><th className="number">{t('usage.count')}</th><th className="number">{t('usage.cost')}</th></tr></thead>
            <tbody>{packages.map(([key, rows]) => <tr key={key}><td className="mono">{rows[0]?.item}</td><td>{rows[0]?.version}</td><td>{t(`usage.buckets.${rows[0]?.bucket ?? 'included'}`)}</td><td className="number">{rows.length}</td><td className="number">{sum(rows)}</td></tr>)}</tbody>
          </table>
        </section>
      )}
      {jobs.length === 0 ? null : (
        <section><h2>{t('usage.byJob')}</h2>
          <table className="table">
            <thead><tr><th>{t('usage.job')}</th><th>{t('usage.step')}</th><th>{t('usage.items')}</th><th className="number">{t('usage.cost')}</th></tr></thead>
            <tbody>{jobs.map(([key, rows]) => <tr key={key}><td className="mono">{rows[0]?.job_id}</td><td className="mono">{rows[0]?.step_id}</td><td className="mono">{[...new Set(rows.map((row) => row.item))].join(', ')}</td><td className="number">{sum(rows)}</td></tr>)}</tbody>
          </table>
        </section>
      )}
    </>
  );
}

function Bucket({ title, used, limit, note }: { readonly title: string; readonly used: string; readonly limit: string | null; readonly note: string | null }) {
  const { t } = useTranslation();
  return (
    <section className="card usage-card">
      <h2>{title}</h2>
      <p className="usage-amount">{formatUsd(used)}</p>
      <p className="muted">{limit === null ? t('usage.unlimited') : t('usage.ofLimit', { limit: formatUsd(limit) })}{note === null ? '' : ` · ${note}`}</p>
    </section>
  );
}

function group(rows: readonly UsageRow[], keyOf: (row: UsageRow) => string): [string, UsageRow[]][] {
  return [...Map.groupBy(rows, keyOf)];
}
