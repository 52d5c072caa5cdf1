// What those who run the service see of it in the browser; all of it only reads.
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES } from '@genrtl/contracts';
import {
  OperatorAccounts,
  OperatorCosts,
  OperatorHealth,
  OperatorLedger,
  OperatorPackages,
  OperatorRuns,
} from '@genrtl/contracts/http/operators.ts';
import { LedgerHealth, operatorAccounts, operatorCosts, operatorRuns } from '../../operators/views.ts';
import { unpublished } from '../../registry/repository/publications.ts';
import { reported } from '../../registry/repository/reports.ts';
import { bearer, errors, json } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const readAccounts = createRoute({
  method: 'get',
  path: API_ROUTES.operatorAccounts,
  summary: 'Accounts of the service, for its operators',
  security: bearer,
  request: { query: z.object({ q: z.string().max(200).default('') }) },
  responses: { 200: json(OperatorAccounts, 'The newest first'), ...errors },
});
const readRuns = createRoute({
  method: 'get',
  path: API_ROUTES.operatorRuns,
  summary: 'Unfinished runs of all accounts and what they wait for, for operators',
  security: bearer,
  responses: { 200: json(OperatorRuns, 'The oldest first'), ...errors },
});
const readLedger = createRoute({
  method: 'get',
  path: API_ROUTES.operatorLedger,
  summary: 'What the checker says of the books, for operators',
  security: bearer,
  responses: { 200: json(OperatorLedger, 'At most half a minute old'), ...errors },
});
const readCosts = createRoute({
  method: 'get',
  path: API_ROUTES.operatorCosts,
  summary: 'What was charged by day, model and account, for operators',
  security: bearer,
  request: { query: z.object({ days: z.coerce.number().int().min(1).max(90).default(30) }) },
  responses: { 200: json(OperatorCosts, 'Of these days'), ...errors },
});
const readHealth = createRoute({
  method: 'get',
  path: API_ROUTES.operatorHealth,
  summary: 'The parts that the answering process stands on, for operators',
  security: bearer,
  responses: { 200: json(OperatorHealth, 'As this process sees them'), ...errors },
});

const readPackages = createRoute({
  method: 'get',
  path: API_ROUTES.operatorPackages,
  summary: 'Packages that are being verified, were refused or are reported, for operators',
  security: bearer,
  responses: { 200: json(OperatorPackages, 'Of all organisations'), ...errors },
});

export function addOperatorRoutes(app: OpenAPIHono<HttpEnv>, { pool, health, breakers }: HttpServices): void {
  const ledger = new LedgerHealth(pool);
  app.openapi(readAccounts, async (context) =>
    context.json(await operatorAccounts(pool, context.req.valid('query').q.trim()), 200),
  );
  app.openapi(readRuns, async (context) => context.json(await operatorRuns(pool), 200));
  app.openapi(readLedger, async (context) => context.json(await ledger.read(), 200));
  app.openapi(readCosts, async (context) =>
    context.json(await operatorCosts(pool, context.req.valid('query').days), 200),
  );
  app.openapi(readPackages, async (context) =>
    context.json({ publications: await unpublished(pool), reported: await reported(pool) }, 200),
  );
  app.openapi(readHealth, async (context) => {
    const { ready, draining, parts } = await health.report();
    return context.json(
      {
        ready,
        draining,
        parts: Object.entries(parts).map(([part, { state, since }]) => ({ part, state, since })),
        breakers: breakers
          .states()
          .map(({ provider, server, model, state, failures }) => ({ provider, server, model, state, failures })),
      },
      200,
    );
  });
}
