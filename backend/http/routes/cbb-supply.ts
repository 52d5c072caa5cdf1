// Buying and fetching packages.
import { Readable } from 'node:stream';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES, CheckoutRequest, CheckoutResponse, DeliverRequest, DeliverResponse } from '@genrtl/contracts';
import { countDownload } from '../../registry/repository/packages.ts';
import { hashBody, letIn } from '../admission.ts';
import { checkout, deliver } from '../deliveries.ts';
import { stale } from '../download-tokens.ts';
import { bearer, errors, IdempotencyKey, json, jsonBody } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const checkoutRoute = createRoute({
  method: 'post',
  path: API_ROUTES.cbbCheckout,
  summary: 'Buy a version for a workspace at the quoted price; a repeat costs nothing',
  security: bearer,
  request: { headers: IdempotencyKey, ...jsonBody(CheckoutRequest) },
  responses: { 200: json(CheckoutResponse, 'The receipt'), ...errors },
});
const deliverRoute = createRoute({
  method: 'post',
  path: API_ROUTES.cbbDeliver,
  summary: 'Short-lived links to what receipts entitle to',
  security: bearer,
  request: jsonBody(DeliverRequest),
  responses: { 200: json(DeliverResponse, 'One delivery a receipt'), ...errors },
});
const download = createRoute({
  method: 'get',
  path: API_ROUTES.download.replace(':token', '{token}'),
  summary: 'The archive that a link names; the token is the permission, for private packages together with the account',
  request: { params: z.object({ token: z.string().max(1024) }) },
  responses: {
    200: {
      description: 'The archive',
      content: { 'application/gzip': { schema: z.string().meta({ format: 'binary' }) } },
    },
    ...errors,
  },
});

export function addSupplyRoutes(app: OpenAPIHono<HttpEnv>, services: HttpServices): void {
  const { jobs, downloads, accounts } = services;
  app.post(API_ROUTES.cbbCheckout, hashBody);
  app.openapi(checkoutRoute, async (context) => {
    const receipt = await checkout(jobs, {
      accountId: context.get('accountId'),
      key: context.req.valid('header')['idempotency-key'],
      requestHash: context.get('requestHash'),
      request: context.req.valid('json'),
    });
    return context.json({ receipt }, 200);
  });
  app.openapi(deliverRoute, async (context) => {
    const deliveries = await deliver(jobs, downloads, {
      accountId: context.get('accountId'),
      receiptIds: context.req.valid('json').receipt_ids,
      origin: accounts?.settings.publicUrl ?? new URL(context.req.url).origin,
    });
    return context.json({ deliveries }, 200);
  });
  app.openapi(download, async (context) => {
    const { sha256, cbb_id: cbbId, version, account } = downloads.redeem(context.req.valid('param').token);
    if (account !== null && (await letIn(services, context, 'packages.buy')).accountId !== account) throw stale();
    const { sizeBytes, stream } = await jobs.objects.open(sha256);
    stream.once('end', () => {
      countDownload(jobs.pool, cbbId, version).catch((error: unknown) => {
        jobs.log.warn('a download was not counted', { cbb_id: cbbId, error: String(error) });
      });
    });
    return context.body(Readable.toWeb(stream) as ReadableStream<Uint8Array>, 200, {
      'content-type': 'application/gzip',
      'content-length': String(sizeBytes),
      'x-content-type-options': 'nosniff',
    });
  });
}
