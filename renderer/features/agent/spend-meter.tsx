// What the job has cost of what it may cost.
import { useTranslation } from 'react-i18next';
import { formatUsd, shortUsd } from '@genrtl/ui/format.ts';

export function SpendMeter({
  spent,
  cap,
  stale = false,
}: {
  readonly spent: string;
  readonly cap: string;
  /** the ledger could not be asked since: the amount is the last known one */
  readonly stale?: boolean | undefined;
}) {
  const { t } = useTranslation();
  // a share for the eye only; amounts themselves stay decimal strings
  const share = Number(cap) > 0 ? Math.min(1, Number(spent) / Number(cap)) : 0;
  return (
    <span
      className="spend"
      title={`${t('agent.spend', { spent: formatUsd(spent), cap: formatUsd(cap) })}\n${t(stale ? 'agent.spendLastKnownTitle' : 'agent.spendTitle')}`}
    >
      <span className="spend-text">
        {t(stale ? 'agent.spendLastKnown' : 'agent.spend', { spent: shortUsd(spent), cap: shortUsd(cap) })}
      </span>
      <span className="spend-bar" aria-hidden>
        <span className={share > 0.8 ? 'spend-fill spend-high' : 'spend-fill'} style={{ width: `${share * 100}%` }} />
      </span>
    </span>
  );
}
