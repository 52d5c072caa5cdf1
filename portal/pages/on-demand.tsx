// Pay-as-you-go: what it has come to, its limit in each period, and the consent that it needs once a period.
import { useState } from 'react';
import type { BillingView } from '@genrtl/contracts/http/billing.ts';
import { Button } from '@genrtl/ui/controls.tsx';
import { formatUsd } from '@genrtl/ui/format.ts';
import { useAct } from '../api/answers.ts';
import { ask } from '../api/calls.ts';
import { useTexts } from '../i18n/index.ts';
import { FailureNote, Field, Form, Section } from '../parts/controls.tsx';
import { dayOf } from '../parts/when.tsx';
import { useActing } from '../state/acting.ts';

export function OnDemand({ billing, changes }: { readonly billing: BillingView; readonly changes: boolean }) {
  const { t, i18n } = useTexts();
  const { as } = useActing();
  const { used_usd: used, held_usd: held, limit_usd: limit, consented_until: until } = billing.on_demand;
  const [wanted, setWanted] = useState(limit ?? '');
  const doing = useAct();
  const closed = limit !== null && Number(limit) === 0;
  return (
    <Section title={t('billing.onDemand')} note={t('billing.onDemandNote')}>
      <dl className="facts portal-facts">
        <dt>{t('billing.used')}</dt>
        <dd>
          {formatUsd(used)}
          {Number(held) === 0 ? '' : ` · ${t('billing.held')} ${formatUsd(held)}`}
        </dd>
        <dt>{t('billing.limit')}</dt>
        <dd>{limit === null ? t('billing.noLimit') : closed ? t('billing.closed') : formatUsd(limit)}</dd>
      </dl>
      {closed ? null : (
        <div className="portal-buttons">
          <p>
            {until === null ? t('billing.consentNeeded') : t('billing.consented', { day: dayOf(until, i18n.language) })}
          </p>
          {until === null && changes ? (
            <Button
              tone="primary"
              disabled={doing.busy}
              onClick={() => void doing.run(() => ask('POST onDemandConsent', { as }))}
            >
              {t('billing.consent')}
            </Button>
          ) : null}
        </div>
      )}
      <FailureNote error={doing.error} />
      {billing.plan?.on_demand === false ? <p className="muted">{t('billing.noPayg')}</p> : null}
      {changes && billing.plan?.on_demand === true ? (
        <Form
          inline
          tone="plain"
          label={t('billing.setLimit')}
          submit={() => ask('PUT onDemand', { as, body: { limit_usd: wanted } })}
        >
          <Field
            label={t('billing.limit')}
            note={t('billing.limitNote')}
            value={wanted}
            onChange={setWanted}
            inputMode="decimal"
            pattern={String.raw`\d{1,9}(\.\d{1,6})?`}
            required
          />
        </Form>
      ) : null}
    </Section>
  );
}
