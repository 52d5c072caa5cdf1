// Plan, grants and pay-as-you-go of the account in use.
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import {
  Alerts,
  BillingView,
  CreditOrder,
  EventKept,
  Invoices,
  OnDemandConsent,
  OnDemandLimit,
  PaymentPage,
  PlanChoice,
} from '@genrtl/contracts/http/billing.ts';
import { API_ROUTES, GenrtlError, parseUsd } from '@genrtl/contracts';
import { reading } from '../../db/index.ts';
import { billingView, invoicesOf } from '../../billing/view.ts';
import type { Billing } from '../../billing/billing.ts';
import { bearer, errors, json, jsonBody } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const readBilling = createRoute({
  method: 'get',
  path: API_ROUTES.billing,
  summary: 'Plan, period, grants and pay-as-you-go of the account',
  security: bearer,
  responses: { 200: json(BillingView, 'As the next call would find them'), ...errors },
});
const putOnDemand = createRoute({
  method: 'put',
  path: API_ROUTES.onDemand,
  summary: 'Open pay-as-you-go up to a limit in each period, or close it with 0',
  security: bearer,
  request: jsonBody(OnDemandLimit),
  responses: { 200: json(BillingView, 'The account with its new limit'), ...errors },
});
const postConsent = createRoute({
  method: 'post',
  path: API_ROUTES.onDemandConsent,
  summary: 'Agree to pay-as-you-go until the period ends',
  security: bearer,
  responses: { 200: json(OnDemandConsent, 'Until when it holds'), ...errors },
});

const putAlerts = createRoute({
  method: 'put',
  path: API_ROUTES.billingAlerts,
  summary: 'When to send a mail, and whether credit is bought by itself',
  security: bearer,
  request: jsonBody(Alerts),
  responses: { 200: json(BillingView, 'The account with its new settings'), ...errors },
});
const postSubscribe = createRoute({
  method: 'post',
  path: API_ROUTES.subscribe,
  summary: 'Where a plan is paid for',
  security: bearer,
  request: jsonBody(PlanChoice),
  responses: { 200: json(PaymentPage, 'The page of the payment provider'), ...errors },
});
const postCredit = createRoute({
  method: 'post',
  path: API_ROUTES.credit,
  summary: 'Where prepaid credit is paid for',
  security: bearer,
  request: jsonBody(CreditOrder),
  responses: { 200: json(PaymentPage, 'The page of the payment provider'), ...errors },
});
const postPortal = createRoute({
  method: 'post',
  path: API_ROUTES.paymentPortal,
  summary: 'Where payment method, invoices and plan are looked after',
  security: bearer,
  responses: { 200: json(PaymentPage, 'The page of the payment provider'), ...errors },
});
const readInvoices = createRoute({
  method: 'get',
  path: API_ROUTES.billingInvoices,
  summary: 'What the account has paid',
  security: bearer,
  responses: { 200: json(Invoices, 'The newest first'), ...errors },
});
const postEvent = createRoute({
  method: 'post',
  path: API_ROUTES.stripeEvents,
  summary: 'An event of Stripe, signed',
  responses: { 200: json(EventKept, 'It is kept'), ...errors },
});

export function addBillingRoutes(app: OpenAPIHono<HttpEnv>, { pool, billing }: HttpServices): void {
  const service = (): Billing => {
    if (billing === null) throw new GenrtlError('NOT_FOUND', 'This backend has no plans: no money moves here');
    return billing;
  };
  app.openapi(readBilling, async (context) => {
    const account = context.get('accountId');
    if (billing === null)
      return context.json(
        await reading(pool, (tx) => billingView(tx, account, { plans: [], selling: false, page: null }, new Date())),
        200,
      );
    return context.json(await billing.view(account), 200);
  });
  app.openapi(putOnDemand, async (context) => {
    const account = context.get('accountId');
    await service().setOnDemandLimit(account, parseUsd(context.req.valid('json').limit_usd));
    return context.json(await service().view(account), 200);
  });
  app.openapi(postConsent, async (context) => {
    const principal = context.get('principal');
    return context.json(
      await service().consent(context.get('accountId'), principal.person?.id ?? principal.credentialId ?? 'unknown'),
      200,
    );
  });
  const emailOf = (context: { get(name: 'principal'): HttpEnv['Variables']['principal'] }): string | null =>
    context.get('principal').person?.email ?? null;
  app.openapi(putAlerts, async (context) => {
    await service().setAlerts(context.get('accountId'), context.req.valid('json'));
    return context.json(await service().view(context.get('accountId')), 200);
  });
  app.openapi(postSubscribe, async (context) => {
    const { plan } = context.req.valid('json');
    return context.json({ url: await service().subscribe(context.get('accountId'), emailOf(context), plan) }, 200);
  });
  app.openapi(postCredit, async (context) => {
    const amount = parseUsd(context.req.valid('json').amount_usd);
    return context.json({ url: await service().buyCredit(context.get('accountId'), emailOf(context), amount) }, 200);
  });
  app.openapi(postPortal, async (context) =>
    context.json({ url: await service().portal(context.get('accountId'), emailOf(context)) }, 200),
  );
  app.openapi(readInvoices, async (context) =>
    context.json({ invoices: await reading(pool, (tx) => invoicesOf(tx, context.get('accountId'))) }, 200),
  );
  app.openapi(postEvent, async (context) => {
    // signed over the bytes as they came
    await service().receiveEvent(await context.req.text(), context.req.header('stripe-signature') ?? '');
    return context.json({ received: true } as const, 200);
  });
}
