// What an object of Stripe means for an account. An event only says that an object changed: the object is fetched, kept
// unless a later fetch was, and everything that follows is derived from what is kept. So events may come late, twice
// and in any order.
import type Stripe from 'stripe';
import { formatUsd, microUsd } from '@genrtl/contracts';
import { inTransaction, reading, type Pool, type Queryable } from '../../db/index.ts';
import {
  bookEntry,
  closeGrant,
  freezeGrant,
  give,
  giveIncluded,
  grantsInForce,
  lockBilling,
  movePeriod,
  periodAt,
  setOnDemandLimit,
  takeBack,
  type BillingRow,
} from '../../ledger/index.ts';
import type { Log } from '../../processes/log.ts';
import { mailOnce } from '../mails.ts';
import { FREE_PLAN, type PlanTerms } from '../plans.ts';
import * as repository from '../repository/stripe.ts';
import {
  customerOf,
  dateOf,
  fetchObject,
  microOfCents,
  StripeObjects,
  type StripeKind,
  type StripeState,
} from './objects.ts';

export interface ApplyServices {
  readonly pool: Pool;
  readonly stripe: Stripe;
  readonly plans: readonly PlanTerms[];
  /** id of the metered price */
  readonly meterPriceId: () => Promise<string | null>;
  readonly log: Log;
  readonly now: () => Date;
}

/** False for an object of somebody who is no account here. */
export async function applyObject<K extends StripeKind>(
  services: ApplyServices,
  kind: K,
  id: string,
): Promise<boolean> {
  const { pool, stripe } = services;
  const fetchNo = await repository.nextFetch(pool);
  const state = await fetchObject(stripe, kind, id);
  const customer = customerOf(kind, state);
  const account = customer === null ? null : await reading(pool, (tx) => repository.accountOfCustomer(tx, customer));
  if (account === null) return false;
  // What an object is about comes first, whichever event was delivered first.
  for (const [before, beforeId] of prerequisites(kind, state)) await applyObject(services, before, beforeId);
  const meterPrice = kind === 'invoice' ? await services.meterPriceId() : null;
  await inTransaction(pool, 'billing.apply', async (tx) => {
    const row = await lockBilling(tx, account);
    if (row === null || !(await repository.keepObject(tx, { id, kind, account, fetchNo, state }))) return;
    await book(tx, account, state, kind, meterPrice);
    await derive(services, tx, row);
  });
  for (const [after, afterId] of consequences(kind, state)) await applyObject(services, after, afterId);
  return true;
}

function prerequisites(kind: StripeKind, state: StripeState<StripeKind>): [StripeKind, string][] {
  if (kind !== 'charge' && kind !== 'dispute') return [];
  const intent = (state as StripeState<'charge'>).payment_intent;
  return intent === null ? [] : [['payment_intent', intent]];
}

/** A paid invoice makes its subscription's period a paid one. */
function consequences(kind: StripeKind, state: StripeState<StripeKind>): [StripeKind, string][] {
  if (kind !== 'invoice') return [];
  const subscription = (state as StripeState<'invoice'>).parent?.subscription_details?.subscription;
  return subscription === undefined ? [] : [['subscription', subscription]];
}

async function book(
  tx: Queryable,
  account: string,
  state: StripeState<StripeKind>,
  kind: StripeKind,
  meterPrice: string | null,
): Promise<void> {
  switch (kind) {
    case 'invoice':
      return bookInvoice(tx, account, state as StripeState<'invoice'>, meterPrice);
    case 'payment_intent':
      return bookTopUp(tx, account, state as StripeState<'payment_intent'>);
    case 'charge':
      return bookRefund(tx, account, state as StripeState<'charge'>);
    case 'dispute':
      return bookDispute(tx, account, state as StripeState<'dispute'>);
    case 'customer':
    case 'subscription':
  }
}

async function bookInvoice(
  tx: Queryable,
  account: string,
  invoice: StripeState<'invoice'>,
  meterPrice: string | null,
): Promise<void> {
  if (invoice.status !== 'paid' || (await repository.lockPayment(tx, invoice.id)) !== null) return;
  const metered = invoice.lines.data.filter((line) => line.pricing?.price_details?.price === meterPrice);
  const first = metered[0];
  const usage = metered.reduce((sum, line) => sum + (line.quantity ?? 0), 0);
  const billed = metered.reduce((sum, line) => sum + microOfCents(line.amount), 0);
  const paid = microOfCents(invoice.amount_paid);
  const entryId = await bookEntry(tx, {
    kind: 'payment',
    accountId: account,
    key: `payment|${invoice.id}`,
    item: invoice.id,
    why: 'invoice',
    postings: {
      cash: -paid,
      owed: usage,
      sales: paid - billed,
      // whole cents are billed, micro-dollars are owed
      loss: billed - usage,
    },
  });
  await repository.insertPayment(tx, {
    id: invoice.id,
    account,
    kind: 'invoice',
    entryId,
    paidMicro: paid,
    usage:
      first === undefined ? null : { micro: usage, from: dateOf(first.period.start), to: dateOf(first.period.end) },
    grantId: null,
  });
  if (paid > 0)
    await mailOnce(tx, account, 'invoice', invoice.id, {
      amount_usd: formatUsd(paid),
      url: invoice.hosted_invoice_url ?? '',
    });
}

/** Prepaid credit comes with its payment, not with the promise of one. */
async function bookTopUp(tx: Queryable, account: string, intent: StripeState<'payment_intent'>): Promise<void> {
  if (intent.metadata['genrtl'] !== 'top_up' || intent.currency !== 'usd') return;
  const facts = { amount_usd: formatUsd(microOfCents(intent.amount)) };
  if (intent.status === 'processing') await mailOnce(tx, account, 'top_up_processing', intent.id, facts);
  if (intent.status === 'requires_payment_method') await mailOnce(tx, account, 'top_up_failed', intent.id, facts);
  if (intent.status !== 'succeeded' || (await repository.lockPayment(tx, intent.id)) !== null) return;
  const grantId = `prepaid|${intent.id}`;
  const days = Number(intent.metadata['valid_days'] ?? 365);
  await give(tx, {
    grantId,
    accountId: account,
    kind: 'prepaid',
    amount: microUsd(microOfCents(intent.amount_received)),
    startsAt: dateOf(intent.created),
    expiresAt: dateOf(intent.created + days * 86_400),
    source: intent.id,
  });
  await repository.insertPayment(tx, {
    id: intent.id,
    account,
    kind: 'top_up',
    entryId: null,
    paidMicro: microOfCents(intent.amount_received),
    usage: null,
    grantId,
  });
  await mailOnce(tx, account, 'top_up', intent.id, facts);
}

async function bookRefund(tx: Queryable, account: string, charge: StripeState<'charge'>): Promise<void> {
  const total = microOfCents(charge.amount_refunded);
  if (total === 0) return;
  const topUp = charge.payment_intent === null ? null : await repository.lockPayment(tx, charge.payment_intent);
  if (topUp?.grant_id != null) await returnCredit(tx, account, topUp, total, 'refunded');
  else {
    const more = total - (await repository.cashBackOf(tx, account, charge.id));
    if (more <= 0) return;
    await bookEntry(tx, {
      kind: 'payment',
      accountId: account,
      key: `refund|${charge.id}|${total}`,
      item: charge.id,
      why: 'refund',
      postings: { cash: more, sales: -more },
    });
  }
  await mailOnce(tx, account, 'refund', `${charge.id}|${total}`, { amount_usd: formatUsd(total) });
}

/** Takes back what a payment bought: first of what is unspent, the rest is owed. */
async function returnCredit(
  tx: Queryable,
  account: string,
  payment: repository.PaymentRow,
  total: number,
  why: string,
): Promise<void> {
  const target = Math.min(total, payment.paid_micro);
  const more = target - payment.refunded_micro;
  if (more <= 0 || payment.grant_id === null) return;
  const taken = await takeBack(tx, payment.grant_id, microUsd(more), `${why} ${payment.payment_id}`);
  if (more > taken)
    await bookEntry(tx, {
      kind: 'payment',
      accountId: account,
      key: `${why}|${payment.payment_id}|${target}`,
      item: payment.payment_id,
      why,
      postings: { cash: more - taken, owed: taken - more },
    });
  await repository.setRefunded(tx, payment.payment_id, target);
}

async function bookDispute(tx: Queryable, account: string, dispute: StripeState<'dispute'>): Promise<void> {
  if (isOpen(dispute)) await mailOnce(tx, account, 'disputed', dispute.id);
  if (dispute.status !== 'lost' || dispute.payment_intent === null) return;
  const payment = await repository.lockPayment(tx, dispute.payment_intent);
  if (payment !== null) await returnCredit(tx, account, payment, microOfCents(dispute.amount), 'disputed');
}

const isOpen = (dispute: StripeState<'dispute'>): boolean =>
  !['won', 'lost', 'warning_closed', 'prevented'].includes(dispute.status);

const LIVE = new Set(['active', 'trialing', 'past_due']);

/** Plan, standing, period and freezes of an account: a function of what is kept of its objects. */
async function derive({ plans, log, now }: ApplyServices, tx: Queryable, row: BillingRow): Promise<void> {
  const account = row.account_id;
  const kept = await repository.objectsOf(tx, account);
  const of = <K extends StripeKind>(kind: K): StripeState<K>[] =>
    kept.filter((one) => one.kind === kind).map((one) => StripeObjects[kind].parse(one.state) as StripeState<K>);
  const subscriptions = of('subscription').sort((a, b) => b.created - a.created || b.id.localeCompare(a.id));
  const live = subscriptions.find(({ status }) => LIVE.has(status)) ?? null;
  const others = subscriptions.filter(({ id, status }) => LIVE.has(status) && id !== live?.id);
  if (others.length > 0)
    log.error('an account pays several subscriptions: end and refund all but the first', {
      account_id: account,
      subscription_ids: [live?.id, ...others.map(({ id }) => id)].join(' '),
    });
  const shown = live ?? subscriptions[0] ?? null;
  const disputes = of('dispute').filter(isOpen);
  const terms = planOfSubscription(plans, live);
  if (live !== null && terms === null)
    log.error('a subscription has no price of our plans', { subscription_id: live.id, account_id: account });
  const item =
    terms === null ? undefined : live?.items.data.find(({ price }) => price.lookup_key === terms.stripe_lookup_key);
  const paid =
    live?.status === 'trialing' || (typeof live?.latest_invoice === 'object' && live.latest_invoice?.status === 'paid');
  const standing =
    disputes.length > 0
      ? 'disputed'
      : shown?.status === 'past_due' || shown?.status === 'unpaid'
        ? shown.status
        : 'good';
  const planId = terms?.plan ?? FREE_PLAN;
  const next: BillingRow = {
    ...row,
    plan_id: planId,
    anchor: item === undefined || live === null ? row.anchor : dateOf(live.billing_cycle_anchor),
    paid_until: item === undefined ? null : dateOf(paid ? item.current_period_end : item.current_period_start),
    standing,
  };
  await repository.setSubscribed(tx, account, {
    planId,
    anchor: next.anchor,
    paidUntil: next.paid_until,
    standing,
    subscriptionId: shown?.id ?? null,
    status: shown?.status ?? null,
    cancelAtPeriodEnd: live?.cancel_at_period_end ?? false,
    cardExpiresAt: cardEnd(of('customer')[0]),
  });
  const period =
    item === undefined
      ? row.plan_id === planId
        ? null
        : periodAt(next.anchor, now())
      : { start: dateOf(item.current_period_start), end: dateOf(item.current_period_end) };
  if (item !== undefined && row.plan_id !== planId) await endOtherPlans(tx, plans, next, now());
  if (
    period !== null &&
    (row.period_start?.getTime() !== period.start.getTime() || row.period_end?.getTime() !== period.end.getTime())
  )
    await movePeriod(tx, next, period, now());
  else await giveIncluded(tx, next, now());
  if (plans.find(({ plan }) => plan === planId)?.on_demand === false) await setOnDemandLimit(tx, account, microUsd(0));
  for (const { payment_id, grant_id, frozen } of await repository.topUpsOf(tx, account)) {
    const disputed = disputes.some(({ payment_intent }) => payment_intent === payment_id);
    if (disputed !== frozen) await freezeGrant(tx, grant_id, disputed ? now() : null);
  }
  if (shown?.status === 'past_due' && item !== undefined)
    await mailOnce(tx, account, 'past_due', `${shown.id}|${item.current_period_start}`);
  if (shown?.status === 'unpaid') await mailOnce(tx, account, 'unpaid', shown.id);
  if (shown?.status === 'canceled') await mailOnce(tx, account, 'ended', shown.id);
}

/** A bought plan takes the place of another bought one: what was not drawn of that goes, what was drawn counts on. */
async function endOtherPlans(tx: Queryable, plans: readonly PlanTerms[], row: BillingRow, now: Date): Promise<void> {
  for (const grant of await grantsInForce(tx, row.account_id, now)) {
    if (grant.kind !== 'period') continue;
    const other = plans.find(({ plan }) => grant.grant_id.startsWith(`period|${row.account_id}|${plan}|`));
    if (other !== undefined && other.plan !== row.plan_id && other.plan !== FREE_PLAN)
      await closeGrant(tx, grant.grant_id, now, 'the plan changed');
  }
}

function planOfSubscription(plans: readonly PlanTerms[], live: StripeState<'subscription'> | null): PlanTerms | null {
  const keys = new Set(live?.items.data.map(({ price }) => price.lookup_key ?? ''));
  return plans.find(({ stripe_lookup_key: key }) => key !== null && keys.has(key)) ?? null;
}

/** The first moment at which the card on file no longer pays. */
function cardEnd(customer: StripeState<'customer'> | undefined): Date | null {
  const method = customer?.invoice_settings?.default_payment_method;
  const card = typeof method === 'object' ? method?.card : null;
  return card == null ? null : new Date(Date.UTC(card.exp_year, card.exp_month, 1));
}
