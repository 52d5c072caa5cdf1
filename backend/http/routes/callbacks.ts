// The secrets that sign an account's callbacks.
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES } from '@genrtl/contracts';
import { CallbackSecrets } from '@genrtl/contracts/http/callbacks.ts';
import { bearer, errors, json } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const read = createRoute({
  method: 'get',
  path: API_ROUTES.callbackSecrets,
  summary: 'What signs the callbacks of this account',
  security: bearer,
  responses: { 200: json(CallbackSecrets, 'The present secret first'), ...errors },
});
const rotate = createRoute({
  method: 'post',
  path: API_ROUTES.callbackSecrets,
  summary: 'Make a new secret; the earlier one signs beside it for a day',
  security: bearer,
  responses: { 200: json(CallbackSecrets, 'Both, the new one first'), ...errors },
});

export function addCallbackRoutes(app: OpenAPIHono<HttpEnv>, { callbacks }: HttpServices): void {
  app.openapi(read, async (context) => context.json(await callbacks.secretsOf(context.get('accountId')), 200));
  app.openapi(rotate, async (context) => context.json(await callbacks.rotate(context.get('accountId')), 200));
}
