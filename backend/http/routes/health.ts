// Whether the backend answers.
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES, Health } from '@genrtl/contracts';
import { json } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const health = createRoute({
  method: 'get',
  path: API_ROUTES.health,
  summary: 'Whether the backend answers',
  responses: { 200: json(Health, 'It does') },
});

export function addHealthRoute(app: OpenAPIHono<HttpEnv>, services: HttpServices): void {
  app.openapi(health, (context) =>
    context.json(
      { status: 'ok' as const, version: services.version, embedded: services.embedded, pid: process.pid },
      200,
    ),
  );
}
