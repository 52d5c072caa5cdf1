// What the account's plan stops, not the job's own limit: consent to what is billed in addition, or nothing left to
// draw. The job goes on where it stopped.
import { useTranslation } from 'react-i18next';
import { ExternalLink, Wallet } from 'lucide-react';
import type { JobState } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { useCall } from '../../bridge/use-call.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button } from '@genrtl/ui/controls.tsx';
import { formatUsd } from '@genrtl/ui/format.ts';
import { localDay } from '../usage/usage-days.ts';

export type AccountStop = 'consent' | 'used_up';

/** null for every other end of a job. */
export function accountStop(error: JobState['error']): AccountStop | null {
  if (error?.code === 'ON_DEMAND_CONSENT') return 'consent';
  return error?.code === 'BUDGET_EXCEEDED' && error.details?.['limit_of'] === 'account' ? 'used_up' : null;
}

export function AccountLimitCard({
  error,
  stop,
}: {
  readonly error: NonNullable<JobState['error']>;
  readonly stop: AccountStop;
}) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const billing = useCall('usage.billing', {}).data?.billing ?? null;
  const detail = (name: string): string | null => {
    const value = error.details?.[name];
    return typeof value === 'string' ? value : null;
  };
  const usd = (name: string): string => formatUsd(detail(name) ?? '0.00');
  const day = detail(stop === 'consent' ? 'period_end' : 'renews_at');
  const resume = (): Promise<unknown> => bridge.call('job.resume', { workspace, approve: false, max_usd: null });
  return (
    <section className="card gate-card" aria-label={t(`accountLimit.${stop}.title`)}>
      <h3>
        <Wallet size={16} aria-hidden />
        {t(`accountLimit.${stop}.title`)}
      </h3>
      {stop === 'consent' ? (
        <>
          <p>{t('accountLimit.consent.text', { beyond: usd('beyond_usd') })}</p>
          <p className="muted">
            {t('accountLimit.consent.used', {
              used: usd('used_usd'),
              limit: detail('limit_usd') === null ? t('usage.unlimited') : usd('limit_usd'),
              date: day === null ? '–' : localDay(day),
            })}
          </p>
        </>
      ) : (
        <>
          <p>{t('accountLimit.used_up.text', { needed: usd('needed_usd') })}</p>
          {day === null ? null : <p className="muted">{t('usage.renews', { date: localDay(day) })}</p>}
        </>
      )}
      <div className="card-actions">
        {stop === 'consent' ? (
          <Button
            tone="primary"
            onClick={() =>
              run(async () => {
                await bridge.call('usage.consent', {});
                return resume();
              })
            }
          >
            {t('accountLimit.consent.agree')}
          </Button>
        ) : (
          <Button tone="primary" onClick={() => run(resume)}>
            {t('accountLimit.used_up.again')}
          </Button>
        )}
        {billing?.page == null ? null : (
          <a className="button" href={billing.page} target="_blank" rel="noreferrer noopener">
            <ExternalLink size={14} aria-hidden />
            {t('accountLimit.page')}
          </a>
        )}
      </div>
    </section>
  );
}
