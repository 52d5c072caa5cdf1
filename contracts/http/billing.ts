// Plan, grants and payment of a hosted account, as its people see them.
import { z } from 'zod';
import { UsdString } from '../money.ts';
import { Instant } from '../primitives.ts';

const Name = z.object({ en: z.string(), 'zh-CN': z.string() });

export const PlanView = z.object({
  plan: z.string(),
  version: z.number().int(),
  name: Name,
  /** a month */
  price_usd: UsdString,
  included_usd: UsdString,
  models: z.array(z.string()),
  unfinished_jobs: z.number().int(),
  starts_per_minute: z.number().int(),
  /** whether pay-as-you-go may be opened */
  on_demand: z.boolean(),
  over_quota: z.enum(['refuse', 'downgrade']),
  /** whether it can be bought here */
  for_sale: z.boolean(),
});
export type PlanView = z.infer<typeof PlanView>;

export const GrantView = z.object({
  kind: z.enum(['period', 'promotion', 'prepaid']),
  amount_usd: UsdString,
  left_usd: UsdString,
  /** of what is left, set aside for calls that run now */
  held_usd: UsdString,
  expires_at: Instant.nullable(),
  /** not drawn while a dispute about its payment is open */
  frozen: z.boolean(),
});
export type GrantView = z.infer<typeof GrantView>;

/** good: pays as agreed; every other one closes pay-as-you-go for new work */
export const Standing = z.enum(['good', 'past_due', 'unpaid', 'disputed']);
export type Standing = z.infer<typeof Standing>;

export const BillingView = z.object({
  /** null where there are no plans: on this machine no money moves */
  plan: PlanView.nullable(),
  plans: z.array(PlanView),
  standing: Standing,
  period: z.object({ start: Instant, end: Instant }).nullable(),
  /** in drawing order */
  grants: z.array(GrantView),
  on_demand: z.object({
    used_usd: UsdString,
    held_usd: UsdString,
    /** in each period; "0.00": closed; null: no limit */
    limit_usd: UsdString.nullable(),
    /** consent for the present period, or null: the first amount beyond the grants asks */
    consented_until: Instant.nullable(),
  }),
  alerts: z.object({
    /** a mail at this share of what is included; 0: none */
    percent: z.number().int(),
    /** a mail when less than this is left to draw */
    low_usd: UsdString,
    /** credit that is bought by itself when prepaid credit falls below; null: switched off */
    top_up: z.object({ below_usd: UsdString, amount_usd: UsdString }).nullable(),
  }),
  /** whether credit and plans can be bought here */
  selling: z.boolean(),
  subscription: z
    .object({ status: z.string(), cancel_at_period_end: z.boolean(), card_expires_at: Instant.nullable() })
    .nullable(),
  /** where plan and payment are changed */
  page: z.string().nullable(),
});
export type BillingView = z.infer<typeof BillingView>;

/** Money that came in, the newest first. */
export const Invoices = z.object({
  invoices: z.array(
    z.object({
      payment_id: z.string(),
      kind: z.enum(['invoice', 'top_up']),
      paid_usd: UsdString,
      refunded_usd: UsdString,
      /** of an invoice: the pay-as-you-go in it, and the time that it bills it for */
      usage_usd: UsdString.nullable(),
      usage_from: Instant.nullable(),
      usage_to: Instant.nullable(),
      paid_at: Instant,
      /** the document, at the payment provider */
      url: z.string().nullable(),
    }),
  ),
});
export type Invoices = z.infer<typeof Invoices>;

const NotNegative = UsdString.refine((text) => !text.startsWith('-'), 'an amount is not negative');
export const Alerts = z.object({
  percent: z.number().int().min(0).max(100),
  low_usd: NotNegative,
  top_up: z.object({ below_usd: NotNegative, amount_usd: NotNegative }).nullable(),
});
export type Alerts = z.infer<typeof Alerts>;
export const PlanChoice = z.object({ plan: z.string().max(40) });
export type PlanChoice = z.infer<typeof PlanChoice>;
export const CreditOrder = z.object({ amount_usd: NotNegative });
export type CreditOrder = z.infer<typeof CreditOrder>;
/** Where to send the person; what they do there changes the account. */
export const PaymentPage = z.object({ url: z.string() });
export type PaymentPage = z.infer<typeof PaymentPage>;
export const EventKept = z.object({ received: z.literal(true) });

export const OnDemandLimit = z.object({ limit_usd: NotNegative });
export type OnDemandLimit = z.infer<typeof OnDemandLimit>;
export const OnDemandConsent = z.object({ consented_until: Instant });
export type OnDemandConsent = z.infer<typeof OnDemandConsent>;
