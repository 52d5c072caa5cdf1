// The models that this backend can call.
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES, ModelsResponse } from '@genrtl/contracts';
import { bearer, errors, json } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const listModels = createRoute({
  method: 'get',
  path: API_ROUTES.models,
  summary: 'Models with their prices',
  security: bearer,
  responses: { 200: json(ModelsResponse, 'The models'), ...errors },
});

export function addModelRoute(app: OpenAPIHono<HttpEnv>, { jobs }: HttpServices): void {
  app.openapi(listModels, (context) =>
    context.json({ models: jobs.models.routerOf(context.get('leaseId')).list() }, 200),
  );
}
