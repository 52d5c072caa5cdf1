// Plan and billing of the account acted for: the plan and others, what can be drawn, pay-as-you-go, credit, mails, and
// what was paid. Paying itself happens on the payment provider's pages.
import { useState } from 'react';
import { CreditCard } from 'lucide-react';
import type { BillingView, PlanView } from '@genrtl/contracts/http/billing.ts';
import { Button, Chip, Empty } from '@genrtl/ui/controls.tsx';
import { formatUsd } from '@genrtl/ui/format.ts';
import { useAct, useAnswer } from '../api/answers.ts';
import { ask } from '../api/calls.ts';
import { useTexts } from '../i18n/index.ts';
import { AmountField } from '../parts/amount-field.tsx';
import { FailureNote, Form, Section, Shown, Table } from '../parts/controls.tsx';
import { When, dayOf } from '../parts/when.tsx';
import { may, useActing } from '../state/acting.ts';
import { BillingAlerts } from './billing-alerts.tsx';
import { OnDemand } from './on-demand.tsx';
import { leaveToManage, leaveToPay, Returned } from './payment-return.tsx';

export function BillingPage() {
  const { t } = useTexts();
  const acting = useActing();
  const answer = useAnswer('GET billing', { as: acting.as });
  const changes = may(acting, 'billing.manage');
  return (
    <Shown answer={answer}>
      {(billing) =>
        billing.plan === null ? (
          <Empty icon={CreditCard} title={t('billing.noPlans')}>
            {t('local.noMoney')}
          </Empty>
        ) : (
          <>
            <Returned />
            <Plans billing={billing} changes={changes} />
            <Grants billing={billing} />
            <OnDemand billing={billing} changes={changes} />
            {changes && billing.selling ? <Credit /> : null}
            {changes ? <BillingAlerts billing={billing} /> : null}
            <Invoices />
          </>
        )
      }
    </Shown>
  );
}

function Plans({ billing, changes }: { readonly billing: BillingView; readonly changes: boolean }) {
  const { t, i18n } = useTexts();
  const { as } = useActing();
  const doing = useAct();
  const { plan: own, plans, period, subscription, standing } = billing;
  // a subscription that runs is changed where it is paid, so that there is one
  const ended = subscription === null || ['canceled', 'incomplete_expired'].includes(subscription.status);
  const towards = (plan: string): Promise<void> =>
    ended ? leaveToPay(as, ask('POST subscribe', { as, body: { plan } })) : leaveToManage(as);
  const shown = own === null || plans.some(({ plan }) => plan === own.plan) ? plans : [own, ...plans];
  return (
    <Section title={t('billing.plan')}>
      {standing === 'good' ? null : (
        <p className="notice-inline" role="status">
          {t(`billing.standing.${standing}`)}
        </p>
      )}
      <div className="portal-plans">
        {shown.map((plan) => (
          <Plan key={plan.plan} plan={plan} own={plan.plan === own?.plan}>
            {changes && plan.for_sale && plan.plan !== own?.plan ? (
              <Button tone="primary" disabled={doing.busy} onClick={() => void doing.run(() => towards(plan.plan))}>
                {t('billing.take', { plan: plan.name[i18n.language === 'zh-CN' ? 'zh-CN' : 'en'] })}
              </Button>
            ) : null}
          </Plan>
        ))}
      </div>
      <p className="muted">
        {period === null
          ? null
          : `${t('billing.period')}: ${t('billing.range', {
              from: dayOf(period.start, i18n.language),
              to: dayOf(period.end, i18n.language),
            })}`}
        {subscription?.cancel_at_period_end === true ? ` · ${t('billing.ends')}` : ''}
        {subscription?.card_expires_at == null
          ? ''
          : ` · ${t('billing.card', { day: dayOf(subscription.card_expires_at, i18n.language) })}`}
      </p>
      {!billing.selling ? <p className="muted">{t('billing.notSelling')}</p> : null}
      {changes && billing.selling && subscription !== null ? (
        <div className="portal-buttons">
          <Button icon={CreditCard} disabled={doing.busy} onClick={() => void doing.run(() => leaveToManage(as))}>
            {t('billing.manage')}
          </Button>
        </div>
      ) : null}
      <FailureNote error={doing.error} />
    </Section>
  );
}

function Plan({
  plan,
  own,
  children,
}: {
  readonly plan: PlanView;
  readonly own: boolean;
  readonly children: React.ReactNode;
}) {
  const { t, i18n } = useTexts();
  return (
    <div className={own ? 'card portal-plan portal-plan-own' : 'card portal-plan'}>
      <h3>
        {plan.name[i18n.language === 'zh-CN' ? 'zh-CN' : 'en']}
        {own ? <Chip tone="accent">{t('billing.current')}</Chip> : null}
      </h3>
      <p className="portal-price">
        {Number(plan.price_usd) === 0 ? t('billing.free') : t('billing.perMonth', { price: formatUsd(plan.price_usd) })}
      </p>
      <ul>
        <li>{t('billing.includes', { amount: formatUsd(plan.included_usd) })}</li>
        <li>
          {t('billing.models')}:{' '}
          {plan.models.includes('*') ? t('billing.allModels') : <span className="mono">{plan.models.join(', ')}</span>}
        </li>
        <li>
          {t('billing.jobs')}: {plan.unfinished_jobs} · {t('billing.starts')}: {plan.starts_per_minute}
        </li>
        <li>{t(`billing.over.${plan.over_quota}`)}</li>
        <li>{t(plan.on_demand ? 'billing.payg' : 'billing.noPayg')}</li>
      </ul>
      {children}
    </div>
  );
}

function Grants({ billing: { grants } }: { readonly billing: BillingView }) {
  const { t } = useTexts();
  return (
    <Section title={t('billing.grants')} note={t('billing.grantsNote')}>
      {grants.length === 0 ? (
        <p>{t('billing.noGrants')}</p>
      ) : (
        <Table
          label={t('billing.grants')}
          head={[
            t('billing.kind'),
            { number: t('billing.given') },
            { number: t('billing.left') },
            { number: t('billing.held') },
            t('billing.until'),
          ]}
        >
          {grants.map((grant, at) => (
            <tr key={at}>
              <td>
                {t(`billing.kinds.${grant.kind}`)}
                {grant.frozen ? <Chip tone="warning">{t('billing.frozen')}</Chip> : null}
              </td>
              <td className="number">{formatUsd(grant.amount_usd)}</td>
              <td className="number">{formatUsd(grant.left_usd)}</td>
              <td className="number">{formatUsd(grant.held_usd)}</td>
              <td>
                <When at={grant.expires_at} fallback={t('billing.noEnd')} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

function Credit() {
  const { t } = useTexts();
  const { as } = useActing();
  const [amount, setAmount] = useState('20');
  return (
    <Section title={t('billing.credit')} note={t('billing.creditNote')}>
      <Form
        inline
        tone="plain"
        label={t('billing.buy')}
        submit={() => leaveToPay(as, ask('POST credit', { as, body: { amount_usd: amount } }))}
      >
        <AmountField label={t('billing.amount')} value={amount} onChange={setAmount} decimals={2} />
      </Form>
    </Section>
  );
}

function Invoices() {
  const { t, i18n } = useTexts();
  const { as } = useActing();
  const answer = useAnswer('GET billingInvoices', { as });
  return (
    <Section title={t('billing.invoices')}>
      <Shown answer={answer}>
        {({ invoices }) =>
          invoices.length === 0 ? (
            <p className="muted">{t('billing.noInvoices')}</p>
          ) : (
            <Table
              label={t('billing.invoices')}
              head={[
                t('billing.paidAt'),
                t('billing.what'),
                { number: t('billing.paid') },
                { number: t('billing.usagePart') },
                { number: t('billing.refunded') },
                t('billing.document'),
              ]}
            >
              {invoices.map((one) => (
                <tr key={one.payment_id}>
                  <td>
                    <When at={one.paid_at} />
                  </td>
                  <td>{t(`billing.payments.${one.kind}`)}</td>
                  <td className="number">{formatUsd(one.paid_usd)}</td>
                  <td className="number">{one.usage_usd === null ? '–' : formatUsd(one.usage_usd)}</td>
                  <td className="number">{Number(one.refunded_usd) === 0 ? '–' : formatUsd(one.refunded_usd)}</td>
                  <td>
                    {one.url === null ? (
                      '–'
                    ) : (
                      <a
                        href={one.url}
                        target="_blank"
                        rel="noreferrer noopener"
                        aria-label={t('billing.openInvoice', { day: dayOf(one.paid_at, i18n.language) })}
                      >
                        {t('billing.open')}
                      </a>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Shown>
    </Section>
  );
}
