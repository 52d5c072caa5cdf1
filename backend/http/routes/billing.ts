// Plan, grants and pay-as-you-go of the account in use.
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES, BillingView, GenrtlError, OnDemandConsent, OnDemandLimit, parseUsd } from '@genrtl/contracts';
import { reading } from '../../db/index.ts';
import { billingView } from '../../billing/view.ts';
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
}
