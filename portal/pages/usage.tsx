// Usage of the account acted for: what each bucket holds, what was spent on what, every call and purchase, and all of
// it as a file.
import { useMemo, useState } from 'react';
import { BarChart3, Download } from 'lucide-react';
import type { UsageRow, UsageSummary } from '@genrtl/contracts';
import { usageCsv } from '@genrtl/contracts/usage-csv.ts';
import { Button, Chip, Empty } from '@genrtl/ui/controls.tsx';
import { formatDuration, formatUsd, sumUsd } from '@genrtl/ui/format.ts';
import { useFetched } from '../api/answers.ts';
import { ask } from '../api/calls.ts';
import { saveFile } from '../api/download.ts';
import { useTexts } from '../i18n/index.ts';
import { Section, Shown, Table } from '../parts/controls.tsx';
import { When } from '../parts/when.tsx';
import { useActing } from '../state/acting.ts';

const RANGES = ['7', '30', '90'] as const;
type Range = (typeof RANGES)[number];
const PAGE = 5_000;
/** Read at most, so that a browser stays a browser. */
const MOST_PAGES = 10;
const DRAWN = 100;

/** Every entry since then, oldest first; `next_cursor` is left when there were too many. */
async function readUsage(as: string | null, from: string): Promise<UsageSummary> {
  const read = (cursor: string | null): Promise<UsageSummary> =>
    ask('GET usage', { as, query: { from, limit: String(PAGE), ...(cursor === null ? {} : { cursor }) } });
  let usage = await read(null);
  for (let pages = 1; usage.next_cursor !== null && pages < MOST_PAGES; pages += 1) {
    const next = await read(usage.next_cursor);
    usage = { ...next, rows: [...usage.rows, ...next.rows] };
  }
  return usage;
}

export function UsagePage() {
  const { t } = useTexts();
  const { as, account } = useActing();
  const [range, setRange] = useState<Range>('30');
  const from = useMemo(() => new Date(Date.now() - Number(range) * 86_400_000).toISOString(), [range]);
  const answer = useFetched(['usage', account.account_id, range], () => readUsage(as, from));
  const rows = answer.data?.rows ?? [];
  return (
    <>
      <div className="portal-buttons">
        <select aria-label={t('usage.range')} value={range} onChange={(event) => setRange(event.target.value as Range)}>
          {RANGES.map((one) => (
            <option key={one} value={one}>
              {t(`usage.ranges.${one}`)}
            </option>
          ))}
        </select>
        <Button
          icon={Download}
          disabled={rows.length === 0}
          onClick={() => saveFile('genrtl-usage.csv', new Blob([usageCsv(rows)], { type: 'text/csv' }))}
        >
          {t('usage.csv')}
        </Button>
      </div>
      <Shown answer={answer}>
        {(usage) => (
          <>
            <Buckets usage={usage} />
            {usage.local ? <p className="muted">{t('local.noMoney')}</p> : null}
            {usage.next_cursor === null ? null : (
              <p className="notice-inline">{t('usage.cut', { count: usage.rows.length })}</p>
            )}
            {usage.rows.length === 0 ? (
              <Empty icon={BarChart3} title={t('usage.none')} />
            ) : (
              <>
                <ByItem rows={usage.rows} />
                <Rows rows={usage.rows} />
              </>
            )}
          </>
        )}
      </Shown>
    </>
  );
}

function Buckets({ usage }: { readonly usage: UsageSummary }) {
  const { t } = useTexts();
  const spent = ({ used_usd: used, limit_usd: limit }: { used_usd: string; limit_usd: string | null }): string =>
    limit !== null && Number(limit) === 0 && Number(used) === 0
      ? t('billing.closed')
      : limit === null
        ? `${t('usage.used', { used: formatUsd(used) })} · ${t('usage.unlimited')}`
        : t('usage.usedOf', { used: formatUsd(used), limit: formatUsd(limit) });
  const left = (bucket: UsageSummary['prepaid']): string | null =>
    bucket === undefined ? null : t('usage.left', { left: formatUsd(bucket.left_usd) });
  const cards = [
    ['included', spent(usage.included)],
    ['promotion', left(usage.promotion)],
    ['prepaid', left(usage.prepaid)],
    ['on_demand', spent(usage.on_demand)],
  ] as const;
  return (
    <dl className="portal-cards">
      {cards.map(([bucket, text]) =>
        text === null ? null : (
          <div key={bucket} className="card">
            <dt>{t(`usage.${bucket}`)}</dt>
            <dd>{text}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

const sum = (rows: readonly UsageRow[]): string => sumUsd(rows.map((row) => row.amount_usd));
const count = (rows: readonly UsageRow[], pick: 'input_tokens' | 'output_tokens'): number =>
  rows.reduce((total, row) => total + (row[pick] ?? 0), 0);

function ByItem({ rows }: { readonly rows: readonly UsageRow[] }) {
  const { t } = useTexts();
  const items = useMemo(
    () =>
      [...Map.groupBy(rows, (row) => `${row.kind === 'model' ? 'model' : 'cbb'} ${row.item}`)]
        .map(([key, own]) => ({ key, own, cost: sum(own) }))
        .sort((a, b) => Number(b.cost) - Number(a.cost)),
    [rows],
  );
  return (
    <Section title={t('usage.byItem')}>
      <Table
        label={t('usage.byItem')}
        head={[
          t('usage.item'),
          { number: t('usage.count') },
          { number: t('usage.tokens') },
          { number: t('usage.cost') },
        ]}
      >
        {items.map(({ key, own, cost }) => (
          <tr key={key}>
            <td className="mono portal-long">{own[0]?.item}</td>
            <td className="number">{own.length}</td>
            <td className="number">{tokens(count(own, 'input_tokens'), count(own, 'output_tokens'))}</td>
            <td className="number">{formatUsd(cost)}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">{t('usage.total')}</th>
          <td className="number">{rows.length}</td>
          <td className="number">{tokens(count(rows, 'input_tokens'), count(rows, 'output_tokens'))}</td>
          <td className="number">
            <strong>{formatUsd(sum(rows))}</strong>
          </td>
        </tr>
      </Table>
    </Section>
  );
}

const tokens = (input: number, output: number): string =>
  input === 0 && output === 0 ? '–' : `${input.toLocaleString('en')} / ${output.toLocaleString('en')}`;

/** The newest first. */
function Rows({ rows }: { readonly rows: readonly UsageRow[] }) {
  const { t } = useTexts();
  const [drawn, setDrawn] = useState(DRAWN);
  const shown = rows.slice(-drawn).reverse();
  return (
    <Section title={t('usage.rows')}>
      <Table
        label={t('usage.rows')}
        head={[
          t('usage.time'),
          t('usage.item'),
          t('usage.job'),
          t('usage.step'),
          { number: t('usage.tokens') },
          { number: t('usage.duration') },
          t('usage.bucket'),
          { number: t('usage.cost') },
        ]}
      >
        {shown.map((row, at) => (
          <tr key={`${row.time} ${at}`}>
            <td>
              <When at={row.time} />
            </td>
            <td className="mono portal-long">
              {row.item}
              {row.kind === 'model' ? null : (
                <Chip tone={row.kind === 'reversal' ? 'warning' : 'muted'}>{t(`usage.kinds.${row.kind}`)}</Chip>
              )}
              {row.estimated ? <Chip tone="muted">{t('usage.estimated')}</Chip> : null}
            </td>
            <td className="mono path" title={row.job_id ?? ''}>
              {row.job_id ?? '–'}
            </td>
            <td className="mono">{row.step_id ?? '–'}</td>
            <td className="number">{tokens(row.input_tokens ?? 0, row.output_tokens ?? 0)}</td>
            <td className="number">{row.duration_ms == null ? '–' : formatDuration(row.duration_ms)}</td>
            <td>{t(`usage.${row.bucket}`)}</td>
            <td className="number">{formatUsd(row.amount_usd)}</td>
          </tr>
        ))}
      </Table>
      {rows.length > drawn ? (
        <div className="portal-buttons">
          <p className="muted">{t('usage.shown', { shown: shown.length, count: rows.length })}</p>
          <Button onClick={() => setDrawn((before) => before + 5 * DRAWN)}>{t('usage.more')}</Button>
        </div>
      ) : null}
    </Section>
  );
}
