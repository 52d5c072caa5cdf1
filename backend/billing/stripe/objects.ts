// What is read of Stripe's objects, and how each is fetched. The rest of an object is not kept.
import type Stripe from 'stripe';
import { z } from 'zod';

const Cents = z.number().int();
const Seconds = z.number().int();
const Ref = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]);
const Customer = Ref.nullish().transform((id) => id ?? null);
const Metadata = z
  .record(z.string(), z.string())
  .nullish()
  .transform((found) => found ?? {});
const Price = z.object({ lookup_key: z.string().nullish() });

export const StripeObjects = {
  customer: z.object({
    id: z.string(),
    deleted: z.boolean().optional(),
    metadata: Metadata,
    invoice_settings: z
      .looseObject({
        default_payment_method: z
          .union([z.string(), z.object({ card: z.object({ exp_month: z.number(), exp_year: z.number() }).nullish() })])
          .nullish(),
      })
      .optional(),
  }),
  subscription: z.object({
    id: z.string(),
    customer: Ref,
    status: z.enum([
      'incomplete',
      'incomplete_expired',
      'trialing',
      'active',
      'past_due',
      'canceled',
      'unpaid',
      'paused',
    ]),
    created: Seconds,
    billing_cycle_anchor: Seconds,
    cancel_at_period_end: z.boolean(),
    items: z.object({
      data: z.array(z.object({ price: Price, current_period_start: Seconds, current_period_end: Seconds })),
    }),
    latest_invoice: z.union([z.string(), z.object({ id: z.string(), status: z.string().nullish() })]).nullish(),
  }),
  invoice: z.object({
    id: z.string(),
    customer: Customer,
    status: z.string().nullish(),
    amount_paid: Cents,
    amount_due: Cents,
    attempt_count: z.number().int(),
    hosted_invoice_url: z.string().nullish(),
    parent: z.object({ subscription_details: z.object({ subscription: Ref }).nullish() }).nullish(),
    lines: z.object({
      data: z.array(
        z.object({
          amount: Cents,
          quantity: z.number().nullish(),
          period: z.object({ start: Seconds, end: Seconds }),
          pricing: z.object({ price_details: z.object({ price: Ref }).nullish() }).nullish(),
        }),
      ),
    }),
  }),
  payment_intent: z.object({
    id: z.string(),
    created: Seconds,
    customer: Customer,
    status: z.string(),
    amount: Cents,
    amount_received: Cents,
    currency: z.string(),
    metadata: Metadata,
  }),
  charge: z.object({
    id: z.string(),
    customer: Customer,
    payment_intent: Customer,
    amount: Cents,
    amount_refunded: Cents,
  }),
  dispute: z.object({
    id: z.string(),
    status: z.string(),
    amount: Cents,
    payment_intent: Customer,
    charge: z.union([z.string(), z.object({ id: z.string(), customer: Customer })]),
  }),
} as const;
export type StripeKind = keyof typeof StripeObjects;
export type StripeState<K extends StripeKind> = z.infer<(typeof StripeObjects)[K]>;

export const isStripeKind = (kind: string): kind is StripeKind => Object.hasOwn(StripeObjects, kind);

const FETCH: { readonly [K in StripeKind]: (stripe: Stripe, id: string) => Promise<unknown> } = {
  customer: (stripe, id) => stripe.customers.retrieve(id, { expand: ['invoice_settings.default_payment_method'] }),
  subscription: (stripe, id) => stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] }),
  async invoice(stripe, id) {
    const invoice = await stripe.invoices.retrieve(id);
    if (!invoice.lines.has_more) return invoice;
    const data = await stripe.invoices.listLineItems(id, { limit: 100 }).autoPagingToArray({ limit: 5_000 });
    return { ...invoice, lines: { data } };
  },
  payment_intent: (stripe, id) => stripe.paymentIntents.retrieve(id),
  charge: (stripe, id) => stripe.charges.retrieve(id),
  dispute: (stripe, id) => stripe.disputes.retrieve(id, { expand: ['charge'] }),
};

/** The object as it is now, whatever an event said of it. */
export async function fetchObject<K extends StripeKind>(stripe: Stripe, kind: K, id: string): Promise<StripeState<K>> {
  return StripeObjects[kind].parse(await FETCH[kind](stripe, id)) as StripeState<K>;
}

/** The customer that an object belongs to. */
export function customerOf(kind: StripeKind, state: StripeState<StripeKind>): string | null {
  if (kind === 'customer') return state.id;
  if ('charge' in state) return typeof state.charge === 'string' ? null : state.charge.customer;
  return 'customer' in state ? state.customer : null;
}

export const microOfCents = (cents: number): number => cents * 10_000;
export const dateOf = (seconds: number): Date => new Date(seconds * 1000);
