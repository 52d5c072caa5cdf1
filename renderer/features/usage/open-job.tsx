// The open job against its cap, as the server counts it: spent, held for what is under way, and what is left. Asked
// again while the window is seen.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BudgetView } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { formatUsd, sumUsd } from '@genrtl/ui/format.ts';

const POLL_MS = 2000;

export function OpenJob({ jobId, onChange }: { readonly jobId: string; readonly onChange: () => void }) {
  const { t } = useTranslation();
  const [budget, setBudget] = useState<BudgetView | null>(null);
  const spent = budget?.spent_usd;
  useEffect(() => {
    let current = true;
    const ask = (): void => {
      if (document.hidden) return;
      bridge.call('usage.budget', { job_id: jobId }).then(
        (answer) => {
          if (current) setBudget(answer.budget);
        },
        () => undefined,
      );
    };
    ask();
    const timer = setInterval(ask, POLL_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [jobId]);
  // New entries of the ledger belong into the tables below as well.
  useEffect(() => {
    if (spent !== undefined) onChange();
  }, [spent, onChange]);
  if (budget === null) return null;
  const cap = Number(budget.cap_usd);
  const share = (amount: string): string => `${cap > 0 ? Math.min(100, (Number(amount) / cap) * 100) : 0}%`;
  return (
    <section className="card usage-job" aria-label={t('usage.openJob')}>
      <h2>
        {t('usage.openJob')} <span className="mono muted">{jobId}</span>
      </h2>
      <p>
        <strong className="usage-amount">{formatUsd(budget.spent_usd)}</strong>{' '}
        <span className="muted">
          {t('usage.ofCap', {
            cap: formatUsd(budget.cap_usd),
            held: formatUsd(budget.held_usd),
            left: formatUsd(sumUsd([budget.cap_usd, `-${budget.spent_usd}`, `-${budget.held_usd}`])),
          })}
        </span>
      </p>
      <span className="usage-meter" aria-hidden>
        <span className="usage-spent" style={{ width: share(budget.spent_usd) }} />
        <span className="usage-held" style={{ width: share(budget.held_usd) }} />
      </span>
    </section>
  );
}
