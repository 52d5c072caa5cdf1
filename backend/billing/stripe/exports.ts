// Usage beyond the grants, reported to Stripe: one meter event for each entry, under the entry's id. The try is
// recorded before it is sent, and Stripe takes an id once within 24 hours, so that a repeat after a crash is none.
import Stripe from 'stripe';
import { inTransaction, type Pool } from '../../db/index.ts';
import { dieAt } from '../../death-points.ts';
import type { Log } from '../../processes/log.ts';
import { claimExports, endExport, postponeExport, type ExportRow } from '../repository/exports.ts';

export interface ExportServices {
  readonly pool: Pool;
  readonly stripe: Stripe;
  readonly meterEvent: string;
  readonly log: Log;
  readonly now: () => Date;
}

const BATCH = 50;
const HOUR_MS = 3_600_000;
/** An hour less than Stripe keeps the ids of events. */
const REPEATABLE_MS = 23 * HOUR_MS;
/** A day less than an event may be old at Stripe. */
const LATEST_MS = 34 * 24 * HOUR_MS;
const PAUSE_MS = 5_000;

/** Sends what waits until nothing does, or Stripe asks to slow down. Returns how many were sent. */
export async function exportUsage(services: ExportServices): Promise<number> {
  const { pool, now } = services;
  let sent = 0;
  for (;;) {
    const claimed = await inTransaction(pool, 'billing.export', (tx) => claimExports(tx, now(), BATCH));
    for (const [index, row] of claimed.entries()) {
      const outcome = await send(services, row);
      if (outcome === 'later') {
        const rest = claimed.slice(index);
        const until = new Date(now().getTime() + PAUSE_MS);
        await inTransaction(pool, 'billing.export', async (tx) => {
          for (const { entry_id } of rest) await postponeExport(tx, entry_id, until, 'Stripe asked to wait');
        });
        return sent;
      }
      if (outcome === 'sent') sent += 1;
    }
    if (claimed.length < BATCH) return sent;
  }
}

async function send(services: ExportServices, row: ExportRow): Promise<'sent' | 'unclear' | 'failed' | 'later'> {
  const { pool, stripe, meterEvent, log, now } = services;
  const end = async (state: 'sent' | 'unclear', error: string | null): Promise<typeof state> => {
    await inTransaction(pool, 'billing.export', (tx) => endExport(tx, row.entry_id, state, error));
    return state;
  };
  const late = tooLate(row, now());
  if (late !== null) {
    log.error('usage was not reported to Stripe', { entry_id: row.entry_id, reason: late });
    return end('unclear', late);
  }
  try {
    await stripe.billing.meterEvents.create(
      {
        event_name: meterEvent,
        identifier: row.entry_id,
        timestamp: Math.floor(row.occurred_at.getTime() / 1000),
        payload: { stripe_customer_id: row.customer_id, value: String(row.value_micro) },
      },
      { idempotencyKey: `meter|${row.entry_id}` },
    );
  } catch (error) {
    if (isRepeated(error)) return end('sent', null);
    if (isTemporary(error)) return 'later';
    const reason = error instanceof Error ? error.message : String(error);
    log.error('Stripe refused usage', { entry_id: row.entry_id, reason });
    await inTransaction(pool, 'billing.export', (tx) =>
      postponeExport(tx, row.entry_id, new Date(now().getTime() + HOUR_MS), reason),
    );
    return 'failed';
  }
  dieAt('after_export_sent');
  return end('sent', null);
}

/**
 * Why nobody can tell any more whether a repeat would count twice, or Stripe would not take it; null: it may be sent.
 */
function tooLate(row: ExportRow, now: Date): string | null {
  if (now.getTime() - row.first_tried_at.getTime() > REPEATABLE_MS)
    return 'tried more than 23 hours ago, and nobody knows whether it arrived';
  return now.getTime() - row.occurred_at.getTime() > LATEST_MS ? 'older than 34 days' : null;
}

const isRepeated = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && /already exists with identifier/i.test(error.message);

const isTemporary = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeRateLimitError ||
  error instanceof Stripe.errors.StripeConnectionError ||
  error instanceof Stripe.errors.StripeAPIError;
