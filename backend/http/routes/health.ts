// Whether the backend answers, and whether it should be asked.
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES, Health, Readiness } from '@genrtl/contracts';
import { json } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const health = createRoute({
  method: 'get',
  path: API_ROUTES.health,
  summary: 'Whether the backend answers',
  responses: { 200: json(Health, 'It does') },
});
const readiness = createRoute({
  method: 'get',
  path: API_ROUTES.ready,
  summary: 'Whether this process should get requests: database and object store answer, and it is not about to end',
  responses: { 200: json(Readiness, 'It should'), 503: json(Readiness, 'It should not') },
});

export function addHealthRoute(app: OpenAPIHono<HttpEnv>, services: HttpServices): void {
  app.openapi(health, (context) =>
    context.json(
      { status: 'ok' as const, version: services.version, embedded: services.embedded, pid: process.pid },
      200,
    ),
  );
  app.openapi(readiness, async (context) => {
    const { ready, draining, parts } = await services.health.report();
    return context.json(
      {
        ready,
        process: draining ? ('draining' as const) : ('up' as const),
        database: parts['database']?.state ?? 'unknown',
        object_store: parts['object_store']?.state ?? 'unknown',
      },
      ready ? 200 : 503,
    );
  });
}
