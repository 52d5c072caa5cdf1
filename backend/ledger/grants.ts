// Grants: amounts that an account may draw (what its plan includes in a period, promotions, prepaid credit), each given
// and withdrawn by an entry of its own; and the periods in which they come.
import { randomUUID } from 'node:crypto';
import { formatUsd, GenrtlError, microUsd, parseUsd, type MicroUsd } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';
import { periodAt, type Period } from './periods.ts';
import { lockBucket, owedAccount, platformAccount, setFloor, type GrantKind } from './repository/buckets.ts';
import * as repository from './repository/grants.ts';
import { insertEntry } from './repository/journal.ts';

/**
 * Drawn in this order: what is included, then promotions, then prepaid credit; pay-as-you-go comes after all of them.
 */
export const GRANT_PRIORITY = { period: 10, promotion: 20, prepaid: 30 } as const satisfies Record<GrantKind, number>;

export interface Grant {
  /** permanent: the same grant is given once */
  readonly grantId: string;
  readonly accountId: string;
  readonly kind: GrantKind;
  readonly amount: MicroUsd;
  readonly startsAt: Date;
  readonly expiresAt: Date | null;
  /** why, e.g. a plan with its version, or a payment */
  readonly source: string;
}

/** False when it was given before. */
export async function give(tx: Queryable, grant: Grant): Promise<boolean> {
  if (grant.amount < 0) throw new GenrtlError('REQUEST_INVALID', 'A grant cannot be negative');
  const ledgerAccount = await repository.insertGrant(tx, {
    grantId: grant.grantId,
    accountId: grant.accountId,
    kind: grant.kind,
    priority: GRANT_PRIORITY[grant.kind],
    amountMicro: grant.amount,
    startsAt: grant.startsAt,
    expiresAt: grant.expiresAt,
    source: grant.source,
  });
  if (ledgerAccount === null) return false;
  await insertEntry(tx, bookkeeping('grant', grant.accountId, `grant|${grant.grantId}`, grant.grantId, grant.source), [
    { ledgerAccountId: ledgerAccount, amountMicro: grant.amount },
    // Prepaid credit was paid for; the rest is given away.
    {
      ledgerAccountId: await platformAccount(tx, grant.kind === 'prepaid' ? 'cash' : 'grants'),
      amountMicro: -grant.amount,
    },
  ]);
  return true;
}

/**
 * Closes a grant and withdraws what is neither spent nor held; what a hold gives back later is withdrawn by the next
 * call. Returns what was withdrawn.
 */
export async function closeGrant(tx: Queryable, grantId: string, now: Date, reason: string): Promise<number> {
  const grant = await repository.lockGrant(tx, grantId);
  if (grant === null) throw new GenrtlError('NOT_FOUND', `No grant ${grantId}`);
  await repository.closeGrant(tx, grantId, now);
  return withdraw(tx, grant, Math.max(0, grant.posted_micro - grant.pending_micro), reason);
}

/** Takes back up to an amount of a grant, of what is neither spent nor held. Returns what was taken. */
export async function takeBack(tx: Queryable, grantId: string, amount: MicroUsd, reason: string): Promise<number> {
  const grant = await repository.lockGrant(tx, grantId);
  if (grant === null) throw new GenrtlError('NOT_FOUND', `No grant ${grantId}`);
  return withdraw(tx, grant, Math.min(amount, Math.max(0, grant.posted_micro - grant.pending_micro)), reason);
}

async function withdraw(tx: Queryable, grant: repository.GrantRow, rest: number, reason: string): Promise<number> {
  if (rest === 0) return 0;
  const account = grant.account_id;
  const nth = (await repository.countExpiries(tx, account, grant.grant_id)) + 1;
  await insertEntry(tx, bookkeeping('expiry', account, `expiry|${grant.grant_id}|${nth}`, grant.grant_id, reason), [
    { ledgerAccountId: grant.ledger_account_id, amountMicro: -rest },
    { ledgerAccountId: await platformAccount(tx, grant.kind === 'prepaid' ? 'cash' : 'grants'), amountMicro: rest },
  ]);
  return rest;
}

/** Closes what is past its end, a bounded number at a time. Returns how many. */
export async function closeExpired(tx: Queryable, now: Date, limit = 200): Promise<number> {
  const due = await repository.grantsToClose(tx, now, limit);
  for (const grantId of due) await closeGrant(tx, grantId, now, 'expired');
  return due.length;
}

/**
 * Opens the account's present period when the last one is over: what was drawn beyond the grants becomes owed, so that
 * the limit of pay-as-you-go begins anew, and the plan's included amount is granted. Runs that work meanwhile keep
 * their holds: what they hold of the old period is captured there. No effect for an account without a plan.
 */
export async function openPeriod(tx: Queryable, account: string, now: Date): Promise<repository.BillingRow | null> {
  const seen = await repository.readBilling(tx, account);
  if (seen === null || (seen.period_end !== null && seen.period_end > now)) return seen;
  const row = await repository.lockBilling(tx, account);
  if (row === null || (row.period_end !== null && row.period_end > now)) return row;
  return movePeriod(tx, row, periodAt(row.anchor, now), now);
}

/** The same of many accounts, by account; those without a plan are not among them. */
export async function openPeriods(
  tx: Queryable,
  accounts: readonly string[],
  now: Date,
): Promise<Map<string, repository.BillingRow>> {
  const rows = await repository.readBillings(tx, accounts);
  for (const [account, { period_end: end }] of [...rows].sort()) {
    if (end !== null && end > now) continue;
    const opened = await openPeriod(tx, account, now);
    if (opened !== null) rows.set(account, opened);
  }
  return rows;
}

/** Ends the period of a locked row and begins another. */
export async function movePeriod(
  tx: Queryable,
  row: repository.BillingRow,
  period: Period,
  now: Date,
): Promise<repository.BillingRow> {
  if (row.period_start !== null) await closeOnDemand(tx, row.account_id, row.period_start);
  await repository.setPeriod(tx, row.account_id, period);
  const moved = { ...row, period_start: period.start, period_end: period.end };
  await giveIncluded(tx, moved, now);
  return moved;
}

/**
 * What the plan includes in the present period, once; of a paid plan only when the period is paid. After a change of
 * plan within the period, less what was drawn of what the plan before included.
 */
export async function giveIncluded(tx: Queryable, row: repository.BillingRow, now: Date): Promise<void> {
  if (row.period_start === null || row.period_end === null || row.period_end <= now) return;
  const plan = await repository.includedOf(tx, row.plan_id);
  if (plan === null || (!plan.free && (row.paid_until === null || row.paid_until <= now))) return;
  const name = ['period', row.account_id, row.plan_id, row.period_start.toISOString()].join('|');
  const given = await repository.grantsOfPeriod(tx, row.account_id, row.period_start);
  const own = given.filter(({ grant_id: id }) => id === name || id.startsWith(`${name}|`));
  if (own.some(({ closed }) => !closed)) return;
  const drawn = given.filter(({ closed }) => closed).reduce((sum, grant) => sum + grant.drawn_micro, 0);
  const amount = microUsd(Math.max(0, parseUsd(plan.included_usd) - drawn));
  if (amount === 0) return;
  await give(tx, {
    grantId: own.length === 0 ? name : `${name}|${own.length}`,
    accountId: row.account_id,
    kind: 'period',
    amount,
    startsAt: row.period_start,
    expiresAt: row.period_end,
    source: `plan ${row.plan_id}@${plan.version}`,
  });
}

async function closeOnDemand(tx: Queryable, account: string, periodStart: Date): Promise<void> {
  const bucket = await lockBucket(tx, account, 'on_demand');
  if (bucket === null || bucket.posted_micro === 0) return;
  const key = `closing|${account}|${periodStart.toISOString()}`;
  await insertEntry(tx, bookkeeping('closing', account, key, 'on_demand', periodStart.toISOString()), [
    { ledgerAccountId: bucket.ledger_account_id, amountMicro: -bucket.posted_micro },
    { ledgerAccountId: await owedAccount(tx, account), amountMicro: bucket.posted_micro },
  ]);
}

/**
 * Opens pay-as-you-go up to a limit in each period, or closes it (0). REQUEST_INVALID when the limit lies below what
 * this period has used and holds.
 */
export async function setOnDemandLimit(tx: Queryable, account: string, limit: MicroUsd): Promise<void> {
  if (limit < 0) throw new GenrtlError('REQUEST_INVALID', 'limit_usd: a limit cannot be negative');
  const bucket = await lockBucket(tx, account, 'on_demand');
  if (bucket === null) throw new GenrtlError('NOT_FOUND', 'This account has no pay-as-you-go');
  const used = bucket.pending_micro - bucket.posted_micro;
  if (limit > 0 && used > limit)
    throw new GenrtlError(
      'REQUEST_INVALID',
      `The limit of $${formatUsd(limit)} lies below what this period has used and holds ($${formatUsd(used)})`,
    );
  // Closed with something used: nothing more fits, and what runs keeps its hold.
  await setFloor(tx, account, 'on_demand', -Math.max(limit, limit === 0 ? Math.max(0, used) : 0));
}

/**
 * Consent to pay-as-you-go until the period ends; a second one changes nothing. Throws REQUEST_INVALID while it is
 * closed.
 */
export async function consentToOnDemand(tx: Queryable, account: string, givenBy: string, now: Date): Promise<Date> {
  const row = await openPeriod(tx, account, now);
  if (row?.period_end == null) throw new GenrtlError('NOT_FOUND', 'This account has no pay-as-you-go');
  const bucket = await lockBucket(tx, account, 'on_demand');
  const limit = -(bucket?.floor_micro ?? 0);
  if (limit <= 0) throw new GenrtlError('REQUEST_INVALID', 'Pay-as-you-go is closed: open it with a limit first');
  await repository.insertConsent(tx, { account, validUntil: row.period_end, limitMicro: limit, givenBy });
  return row.period_end;
}

function bookkeeping(kind: 'grant' | 'expiry' | 'closing', account: string, key: string, item: string, why: string) {
  return {
    entryId: `entry_${randomUUID()}`,
    accountId: account,
    kind,
    idempotencyKey: key,
    requestHash: '',
    jobId: null,
    stepId: null,
    item,
    version: why,
    usage: null,
    reverses: null,
  } as const;
}

export {
  freezeGrant,
  grantsInForce,
  lockBilling,
  readBilling,
  consentUntil,
  type BillingRow,
  type GrantRow,
} from './repository/grants.ts';
