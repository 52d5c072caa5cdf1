// Usage in a window of its own: what is left, by model, by package, by job and step; exported as CSV.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { UsageSummary } from '@genrtl/contracts';
import { usageCsv } from '@genrtl/contracts/usage-csv.ts';
import { BarChart3, Download } from 'lucide-react';
import { useCall } from '../../bridge/use-call.ts';
import { useJob } from '../../state/job-store.ts';
import { Button, Chip, Empty, ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { formatUsd, sumUsd } from '@genrtl/ui/format.ts';
import { DayChart } from './day-chart.tsx';
import { OpenJob } from './open-job.tsx';
import { localDay } from './usage-days.ts';
import { ByJob, ByModel, ByPackage } from './usage-tables.tsx';

const RANGES = { day: 1, week: 7, month: 30, quarter: 90, all: null } as const;
type Range = keyof typeof RANGES;

export function UsageWindow() {
  const { t } = useTranslation();
  const [range, setRange] = useState<Range>('month');
  const from = useMemo(() => {
    const days = RANGES[range];
    return days === null ? null : new Date(Date.now() - days * 86_400_000).toISOString();
  }, [range]);
  const { data, error, reload: load } = useCall('usage.read', { job_id: null, from, to: null });
  const usage = data ?? null;
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
        <Link to="/" className="brand" aria-label={t('shell.toStart')}>
          <img src="/icon.svg" alt="" width={22} height={22} />
        </Link>
        <h1>{t('usage.title')}</h1>
        {usage?.local === true ? (
          <Chip tone="muted" title={t('usage.localNote')}>
            {t('usage.local')}
          </Chip>
        ) : null}
        <PlanChip />
        <span className="status-space" />
        <select aria-label={t('usage.range')} value={range} onChange={(event) => setRange(event.target.value as Range)}>
          {(Object.keys(RANGES) as Range[]).map((name) => (
            <option key={name} value={name}>
              {t(`usage.ranges.${name}`)}
            </option>
          ))}
        </select>
        <Button icon={Download} disabled={(usage?.rows.length ?? 0) === 0} onClick={save}>
          {t('usage.csv')}
        </Button>
      </header>
      {error === null ? null : <ErrorNote error={error} />}
      {usage === null ? (
        error === null ? (
          <Spinner label={t('ui.loading')} />
        ) : null
      ) : (
        <UsageBody usage={usage} span={RANGES[range]} onChange={load} />
      )}
    </main>
  );
}

function UsageBody({
  usage,
  span,
  onChange,
}: {
  readonly usage: UsageSummary;
  readonly span: number | null;
  readonly onChange: () => void;
}) {
  const { t } = useTranslation();
  const { rows } = usage;
  const open = useJob((store) => store.state?.job_id ?? null);
  const latest = open ?? rows.findLast((row) => row.job_id !== null)?.job_id ?? null;
  const { included, on_demand: onDemand } = usage;
  return (
    <>
      <div className="usage-cards">
        <Bucket
          title={t('usage.included')}
          used={included.used_usd}
          limit={included.limit_usd}
          note={included.renews_at === null ? null : t('usage.renews', { date: localDay(included.renews_at) })}
        />
        <Granted title={t('usage.promotion')} left={usage.promotion} />
        <Granted title={t('usage.prepaid')} left={usage.prepaid} />
        <Bucket title={t('usage.onDemand')} used={onDemand.used_usd} limit={onDemand.limit_usd} note={null} />
      </div>
      {latest === null ? null : <OpenJob key={latest} jobId={latest} onChange={onChange} />}
      {rows.length === 0 ? <Empty icon={BarChart3} title={t('usage.none')} /> : <DayChart rows={rows} span={span} />}
      {usage.next_cursor === null ? null : <p className="notice-inline">{t('usage.more', { count: rows.length })}</p>}
      <ByModel rows={rows} />
      <ByPackage rows={rows} />
      <ByJob rows={rows} />
    </>
  );
}

/** The account's plan, and where it is changed; nothing on this machine. */
function PlanChip() {
  const { t, i18n } = useTranslation();
  const billing = useCall('usage.billing', {}).data?.billing ?? null;
  if (billing?.plan == null) return null;
  const name = billing.plan.name[i18n.language === 'zh-CN' ? 'zh-CN' : 'en'];
  return (
    <>
      <Chip tone={billing.standing === 'good' ? 'muted' : 'warning'}>
        {billing.standing === 'good' ? name : `${name} · ${t(`usage.standings.${billing.standing}`)}`}
      </Chip>
      {billing.page === null ? null : (
        <a href={billing.page} target="_blank" rel="noreferrer noopener">
          {t('accountLimit.page')}
        </a>
      )}
    </>
  );
}

/** Nothing where there are no plans, or nothing is left. */
function Granted({ title, left }: { readonly title: string; readonly left: UsageSummary['promotion'] }) {
  const { t } = useTranslation();
  if (left === undefined || Number(left.left_usd) === 0) return null;
  return (
    <section className="card usage-card">
      <h2>{title}</h2>
      <p className="usage-amount">{formatUsd(left.left_usd)}</p>
      <p className="muted">
        {left.next_end === null ? t('usage.left') : t('usage.leftUntil', { date: localDay(left.next_end) })}
      </p>
    </section>
  );
}

function Bucket({
  title,
  used,
  limit,
  note,
}: {
  readonly title: string;
  readonly used: string;
  readonly limit: string | null;
  readonly note: string | null;
}) {
  const { t } = useTranslation();
  return (
    <section className="card usage-card">
      <h2>{title}</h2>
      <p className="usage-amount">{formatUsd(used)}</p>
      <p className="muted">
        {limit === null
          ? t('usage.unlimited')
          : t('usage.remains', { limit: formatUsd(limit), left: formatUsd(sumUsd([limit, `-${used}`])) })}
        {note === null ? '' : ` · ${note}`}
      </p>
      {limit === null ? null : (
        <span className="usage-meter" aria-hidden>
          <span
            className="usage-spent"
            style={{
              width: `${Number(limit) > 0 ? Math.min(100, (Number(used) / Number(limit)) * 100) : Number(used) > 0 ? 100 : 0}%`,
            }}
          />
        </span>
      )}
    </section>
  );
}
