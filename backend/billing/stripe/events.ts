// Events of Stripe: signed, kept raw and claimed by their id; then the object that they are about is looked at.
import type Stripe from 'stripe';
import { GenrtlError } from '@genrtl/contracts';
import { inTransaction } from '../../db/index.ts';
import { claimEvents, endEvent, forgetEvents, keepEvent, postponeEvent } from '../repository/stripe.ts';
import { applyObject, type ApplyServices } from './apply.ts';
import { isStripeKind } from './objects.ts';

const BATCH = 20;

/**
 * Keeps an event. FORBIDDEN when no secret of ours signed these bytes within five minutes. False for one that is there
 * already.
 */
export async function receiveEvent(
  { pool, stripe }: ApplyServices,
  secrets: readonly string[],
  raw: string,
  signature: string,
): Promise<boolean> {
  const event = verified(stripe, secrets, raw, signature);
  const object = event.data.object as { object?: unknown; id?: unknown };
  // an object without an id (a preview, a balance) has no state to be fetched
  if (typeof object.object !== 'string' || typeof object.id !== 'string') return false;
  const kept = { id: event.id, type: event.type, objectKind: object.object, objectId: object.id, raw };
  return inTransaction(pool, 'billing.event', (tx) => keepEvent(tx, kept));
}

function verified(stripe: Stripe, secrets: readonly string[], raw: string, signature: string): Stripe.Event {
  for (const secret of secrets) {
    try {
      return stripe.webhooks.constructEvent(raw, signature, secret);
    } catch {
      // signed with the other one, or by nobody
    }
  }
  throw new GenrtlError('FORBIDDEN', 'The event is not signed by Stripe');
}

/** Looks at the objects of waiting events until none waits. Returns how many were handled. */
export async function handleEvents(services: ApplyServices): Promise<number> {
  const { pool, log } = services;
  let handled = 0;
  for (;;) {
    const claimed = await inTransaction(pool, 'billing.event', (tx) => claimEvents(tx, BATCH));
    for (const event of claimed) {
      try {
        if (isStripeKind(event.object_kind)) await applyObject(services, event.object_kind, event.object_id);
        await inTransaction(pool, 'billing.event', (tx) => endEvent(tx, event.event_id));
        handled += 1;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        log.warn('an event of Stripe waits', { event_id: event.event_id, tries: event.tries, reason });
        await inTransaction(pool, 'billing.event', (tx) => postponeEvent(tx, event.event_id, reason));
      }
    }
    if (claimed.length === BATCH) continue;
    await inTransaction(pool, 'billing.event', forgetEvents);
    return handled;
  }
}
