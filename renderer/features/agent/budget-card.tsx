// The job reached its cap: raise it and go on.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Wallet } from 'lucide-react';
import type { JobState } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button } from '@genrtl/ui/controls.tsx';
import { formatUsd, sumUsd } from '@genrtl/ui/format.ts';

export function BudgetCard({ job }: { readonly job: JobState }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const [cap, setCap] = useState(() => sumUsd([job.settings.max_usd, job.settings.max_usd]));
  const valid = /^\d+(\.\d{1,6})?$/.test(cap) && Number(cap) > Number(job.settings.max_usd);
  return (
    <section className="card gate-card">
      <h3>
        <Wallet size={16} aria-hidden />
        {t('budget.title')}
      </h3>
      <p>{t('budget.text', { cap: formatUsd(job.settings.max_usd), spent: formatUsd(job.cost_usd) })}</p>
      <div className="card-actions">
        <label className="field field-inline">
          <span>{t('budget.newCap')}</span>
          <input
            inputMode="decimal"
            value={cap}
            aria-invalid={!valid}
            onChange={(event) => setCap(event.target.value)}
          />
        </label>
        <Button
          tone="primary"
          disabled={!valid}
          onClick={() => run(() => bridge.call('job.resume', { workspace, approve: false, max_usd: cap }))}
        >
          {t('budget.raise')}
        </Button>
      </div>
    </section>
  );
}
