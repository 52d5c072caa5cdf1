// What accounts are told of by mail without being asked: little credit, much use, a card that expires; and credit that
// is bought by itself where a person switched that on.
import { formatUsd, microUsd } from '@genrtl/contracts';
import { inTransaction, reading, type Pool } from '../db/index.ts';
import type { Log } from '../processes/log.ts';
import { mailOnce } from './mails.ts';
import type { PlanTerms } from './plans.ts';
import { cardsThatExpire, lately, type WatchedRow } from './repository/watch.ts';
import type { Payment } from './stripe/index.ts';

export interface WatchServices {
  readonly pool: Pool;
  readonly payment: Payment | null;
  readonly plans: readonly PlanTerms[];
  readonly log: Log;
  readonly now: () => Date;
}

/** Longer than the time between two looks, so that none is missed. */
const LOOK_BACK_S = 180;

export async function watchAccounts(services: WatchServices): Promise<void> {
  const { pool, now } = services;
  const rows = await reading(pool, (tx) => lately(tx, now(), LOOK_BACK_S));
  for (const row of rows) {
    await warn(pool, row);
    await topUp(services, row);
  }
  const cards = await reading(pool, (tx) => cardsThatExpire(tx, now()));
  for (const { account_id: account, card_expires_at: end } of cards) {
    const month = new Date(end.getTime() - 1).toISOString().slice(0, 7);
    await inTransaction(pool, 'billing.mail', (tx) => mailOnce(tx, account, 'card_expires', month, { month }));
  }
}

async function warn(pool: Pool, row: WatchedRow): Promise<void> {
  const period = row.period_start.toISOString();
  const used = row.included_micro > 0 ? (row.included_used_micro * 100) / row.included_micro : 0;
  await inTransaction(pool, 'billing.mail', async (tx) => {
    for (const percent of new Set([row.alert_percent, 100]))
      if (percent > 0 && used >= percent)
        await mailOnce(tx, row.account_id, 'threshold', `${period}|${percent}`, {
          percent: String(percent),
          used_usd: formatUsd(row.included_used_micro),
          limit_usd: formatUsd(row.included_micro),
        });
    if (row.drawable_micro < row.alert_low_micro)
      await mailOnce(tx, row.account_id, 'low_balance', `${period}|${row.top_ups}`, {
        left_usd: formatUsd(row.drawable_micro),
      });
  });
}

async function topUp({ payment, plans, log }: WatchServices, row: WatchedRow): Promise<void> {
  const { top_up_below_micro: below, top_up_micro: amount } = row;
  if (payment === null || below === null || amount === null || row.standing !== 'good') return;
  if (row.prepaid_left_micro >= below || row.top_up_pending) return;
  const days = plans.find(({ plan }) => plan === row.plan_id)?.prepaid_valid_days ?? 365;
  // One payment a day for each that came before, however many processes look.
  const key = `top_up|${row.account_id}|${row.top_ups}|${new Date().toISOString().slice(0, 10)}`;
  await payment.buyCreditUnattended(row.account_id, microUsd(amount), days, key).catch((error: unknown) => {
    log.warn('credit could not be bought', { account_id: row.account_id, error: String(error) });
  });
}
