// What an account's people see of its plan, its grants and pay-as-you-go.
import { formatUsd } from '@genrtl/contracts';
import type { BillingView, GrantView, Invoices, PlanView } from '@genrtl/contracts/http/billing.ts';
import type { Queryable } from '../db/index.ts';
import { consentUntil, grantsInForce, readBilling, readBucket, type GrantRow } from '../ledger/index.ts';
import type { PlanTerms } from './plans.ts';
import { readAlerts, type AlertSettings } from './repository/watch.ts';
import { paymentsOf } from './repository/stripe.ts';
import { planOf } from './plan-of.ts';

export interface Shop {
  readonly plans: readonly PlanTerms[];
  /** whether plans can be bought here */
  readonly selling: boolean;
  readonly page: string | null;
}

export async function billingView(tx: Queryable, account: string, shop: Shop, now: Date): Promise<BillingView> {
  const row = await readBilling(tx, account);
  const plan = await planOf(tx, account);
  const onDemand = await readBucket(tx, account, 'on_demand');
  const consented = row === null ? null : await consentUntil(tx, account, now);
  return {
    plan: plan === null ? null : planView(plan, shop),
    plans: row === null ? [] : shop.plans.map((terms) => planView(terms, shop)),
    standing: row?.standing ?? 'good',
    period:
      row?.period_start == null || row.period_end === null
        ? null
        : { start: row.period_start.toISOString(), end: row.period_end.toISOString() },
    grants: (await grantsInForce(tx, account, now)).map(grantView),
    on_demand: {
      used_usd: formatUsd(-(onDemand?.posted_micro ?? 0)),
      held_usd: formatUsd(onDemand?.pending_micro ?? 0),
      limit_usd: onDemand === null ? '0.00' : onDemand.floor_micro === null ? null : formatUsd(-onDemand.floor_micro),
      consented_until: consented?.toISOString() ?? null,
    },
    alerts: alertsView(await readAlerts(tx, account)),
    selling: shop.selling,
    subscription:
      row === null || row.subscription_status === null
        ? null
        : {
            status: row.subscription_status,
            cancel_at_period_end: row.cancel_at_period_end,
            card_expires_at: row.card_expires_at?.toISOString() ?? null,
          },
    page: row === null ? null : shop.page,
  };
}

function alertsView(alerts: AlertSettings | null): BillingView['alerts'] {
  const { topUpBelowMicro: below, topUpMicro: amount } = alerts ?? { topUpBelowMicro: null, topUpMicro: null };
  return {
    percent: alerts?.percent ?? 0,
    low_usd: formatUsd(alerts?.lowMicro ?? 0),
    top_up: below === null || amount === null ? null : { below_usd: formatUsd(below), amount_usd: formatUsd(amount) },
  };
}

function planView(terms: PlanTerms, { selling }: Shop): PlanView {
  const { stripe_lookup_key: key, prepaid_valid_days: _days, over_quota, ...shown } = terms;
  return { ...shown, over_quota: over_quota.then, for_sale: selling && key !== null };
}

function grantView(grant: GrantRow): GrantView {
  return {
    kind: grant.kind,
    amount_usd: formatUsd(grant.amount_micro),
    left_usd: formatUsd(grant.posted_micro),
    held_usd: formatUsd(grant.pending_micro),
    expires_at: grant.expires_at?.toISOString() ?? null,
    frozen: grant.frozen_at !== null,
  };
}

export async function invoicesOf(tx: Queryable, account: string): Promise<Invoices['invoices']> {
  return (await paymentsOf(tx, account)).map((row) => ({
    payment_id: row.payment_id,
    kind: row.kind,
    paid_usd: formatUsd(row.paid_micro),
    refunded_usd: formatUsd(row.refunded_micro),
    usage_usd: row.usage_micro === null ? null : formatUsd(row.usage_micro),
    usage_from: row.usage_from?.toISOString() ?? null,
    usage_to: row.usage_to?.toISOString() ?? null,
    paid_at: row.paid_at.toISOString(),
    // a link is shown as one only when it is one
    url: row.url?.startsWith('https://') === true ? row.url : null,
  }));
}
