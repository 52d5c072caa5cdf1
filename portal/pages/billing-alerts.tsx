// When a mail comes, and whether credit is bought by itself: only when the person switched that on.
import { useState } from 'react';
import type { BillingView } from '@genrtl/contracts/http/billing.ts';
import { ask } from '../api/calls.ts';
import { useTexts } from '../i18n/index.ts';
import { AmountField } from '../parts/amount-field.tsx';
import { Said } from '../parts/card-page.tsx';
import { Field, Form, Section } from '../parts/controls.tsx';
import { useActing } from '../state/acting.ts';

export function BillingAlerts({ billing: { alerts, selling } }: { readonly billing: BillingView }) {
  const { t } = useTexts();
  const { as } = useActing();
  const [percent, setPercent] = useState(String(alerts.percent));
  const [low, setLow] = useState(alerts.low_usd);
  const [byItself, setByItself] = useState(alerts.top_up !== null);
  const [below, setBelow] = useState(alerts.top_up?.below_usd ?? '5.00');
  const [amount, setAmount] = useState(alerts.top_up?.amount_usd ?? '20.00');
  const [said, setSaid] = useState<string | null>(null);
  return (
    <Section title={t('billing.alerts')}>
      <Form
        label={t('billing.save')}
        tone="plain"
        submit={() =>
          ask('PUT billingAlerts', {
            as,
            body: {
              percent: Number(percent),
              low_usd: low,
              top_up: byItself ? { below_usd: below, amount_usd: amount } : null,
            },
          })
        }
        onDone={() => setSaid(t('billing.saved'))}
      >
        <div className="portal-row">
          <Field
            label={t('billing.percent')}
            value={percent}
            onChange={setPercent}
            inputMode="numeric"
            pattern="100|\d{1,2}"
            required
          />
          <AmountField label={t('billing.low')} value={low} onChange={setLow} />
        </div>
        {selling ? (
          <label className="portal-check">
            <input type="checkbox" checked={byItself} onChange={(event) => setByItself(event.target.checked)} />
            {t('billing.topUp')}
          </label>
        ) : null}
        {byItself ? (
          <div className="portal-row">
            <AmountField label={t('billing.below')} value={below} onChange={setBelow} />
            <AmountField label={t('billing.topUpAmount')} value={amount} onChange={setAmount} />
          </div>
        ) : null}
      </Form>
      <Said>{said}</Said>
    </Section>
  );
}
