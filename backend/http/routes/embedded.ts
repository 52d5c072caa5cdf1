// Leases of an embedded backend: it lives as long as somebody holds one.
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES, GenrtlError, LeaseRequest, LeaseResponse } from '@genrtl/contracts';
import type { LeaseBook } from '../../processes/lease-book.ts';
import { bearer, errors, json, jsonBody } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const openLease = createRoute({
  method: 'post',
  path: API_ROUTES.lease,
  summary: 'Open or renew a lease',
  security: bearer,
  request: jsonBody(LeaseRequest),
  responses: { 200: json(LeaseResponse, 'Leases that are open now'), ...errors },
});
const endLease = createRoute({
  method: 'delete',
  path: API_ROUTES.lease,
  summary: 'End a lease',
  security: bearer,
  request: jsonBody(LeaseRequest),
  responses: { 200: json(LeaseResponse, 'Leases that are left; after the last one the backend stops'), ...errors },
});

export function addLeaseRoutes(app: OpenAPIHono<HttpEnv>, services: HttpServices): void {
  app.openapi(openLease, (context) => {
    const { lease_id: id, ttl_ms: ttlMs, models } = context.req.valid('json');
    const leases = book(services);
    const count = leases.open(id, ttlMs);
    services.clients?.keepOnly((known) => leases.has(known));
    services.clients?.open(id, models);
    return context.json({ leases: count }, 200);
  });
  app.openapi(endLease, (context) =>
    context.json({ leases: book(services).end(context.req.valid('json').lease_id) }, 200),
  );
}

function book(services: HttpServices): LeaseBook {
  if (services.leases === null) throw new GenrtlError('NOT_FOUND', 'This backend does not live by leases');
  if (services.leases.closed)
    throw new GenrtlError('BACKEND_UNAVAILABLE', 'The backend is stopping', { hint: 'Start it again.' });
  return services.leases;
}
