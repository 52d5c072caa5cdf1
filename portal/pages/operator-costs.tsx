// For operators: what was charged, by day, by model and by account.
import { useState } from 'react';
import { Wallet } from 'lucide-react';
import type { OperatorCosts } from '@genrtl/contracts/http/operators.ts';
import { Empty } from '@genrtl/ui/controls.tsx';
import { formatUsd, sumUsd } from '@genrtl/ui/format.ts';
import { useAnswer } from '../api/answers.ts';
import { useTexts } from '../i18n/index.ts';
import { Section, Shown, Table } from '../parts/controls.tsx';

const RANGES = ['7', '30', '90'] as const;
type Sums = Pick<OperatorCosts['days'][number], 'calls' | 'input_tokens' | 'output_tokens' | 'charged_usd'>;

export function OperatorCostsPage() {
  const { t } = useTexts();
  const [days, setDays] = useState<string>('30');
  const answer = useAnswer('GET operatorCosts', { query: { days } });
  return (
    <>
      <div className="portal-buttons">
        <select aria-label={t('operator.days')} value={days} onChange={(event) => setDays(event.target.value)}>
          {RANGES.map((one) => (
            <option key={one} value={one}>
              {t('operator.lastDays', { count: Number(one) })}
            </option>
          ))}
        </select>
      </div>
      <Shown answer={answer}>
        {(costs) =>
          costs.days.length === 0 ? (
            <Empty icon={Wallet} title={t('operator.noCosts')} />
          ) : (
            <>
              <Costs
                title={t('operator.byDay')}
                of={t('operator.day')}
                total
                rows={costs.days.map((row) => [row.day, row])}
              />
              <Costs
                title={t('operator.byModel')}
                of={t('operator.model')}
                rows={costs.models.map((row) => [row.model, row])}
              />
              <Costs
                title={t('operator.byAccount')}
                of={t('operator.account')}
                rows={costs.accounts.map((row) => [row.account_id, row, row.account])}
              />
            </>
          )
        }
      </Shown>
    </>
  );
}

function Costs({
  title,
  of,
  rows,
  total = false,
}: {
  readonly title: string;
  /** heading of the first column */
  readonly of: string;
  readonly rows: readonly (readonly [key: string, sums: Sums, shown?: string])[];
  readonly total?: boolean;
}) {
  const { t } = useTexts();
  const most = Math.max(...rows.map(([, { charged_usd: charged }]) => Number(charged)), 0);
  return (
    <Section title={title}>
      <Table
        label={title}
        head={[
          of,
          { number: t('operator.calls') },
          { number: t('operator.input') },
          { number: t('operator.output') },
          { number: t('operator.charged') },
          '',
        ]}
      >
        {rows.map(([key, sums, shown = key]) => (
          <tr key={key}>
            <td className="portal-long" title={key}>
              {shown}
            </td>
            <Numbers sums={sums} />
            <td className="portal-bar">
              {/* decoration: the amount stands beside it */}
              <progress aria-hidden max={most || 1} value={Math.max(0, Number(sums.charged_usd))} />
            </td>
          </tr>
        ))}
        {total ? (
          <tr>
            <th scope="row">{t('usage.total')}</th>
            <Numbers sums={totalOf(rows.map(([, sums]) => sums))} />
            <td />
          </tr>
        ) : null}
      </Table>
    </Section>
  );
}

const Numbers = ({ sums }: { readonly sums: Sums }) => (
  <>
    <td className="number">{sums.calls.toLocaleString('en')}</td>
    <td className="number">{sums.input_tokens.toLocaleString('en')}</td>
    <td className="number">{sums.output_tokens.toLocaleString('en')}</td>
    <td className="number">{formatUsd(sums.charged_usd)}</td>
  </>
);

const totalOf = (all: readonly Sums[]): Sums => ({
  calls: all.reduce((sum, { calls }) => sum + calls, 0),
  input_tokens: all.reduce((sum, one) => sum + one.input_tokens, 0),
  output_tokens: all.reduce((sum, one) => sum + one.output_tokens, 0),
  charged_usd: sumUsd(all.map(({ charged_usd: charged }) => charged)),
});
