// The hard cap of a job: looked at and raised apart from any job request.
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES, BudgetRaise, BudgetView, JobId, parseUsd } from '@genrtl/contracts';
import { inTransaction, reading } from '../../db/index.ts';
import { budgetView, setCap } from '../../ledger/index.ts';
import { bearer, errors, json, jsonBody } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const path = API_ROUTES.budget.replace(':job_id', '{job_id}');
const params = z.object({ job_id: JobId });
const readBudget = createRoute({
  method: 'get',
  path,
  summary: 'Cap, spent and held of a job',
  security: bearer,
  request: { params },
  responses: { 200: json(BudgetView, 'The budget'), ...errors },
});
const putBudget = createRoute({
  method: 'put',
  path,
  summary: 'Set the cap of a job',
  security: bearer,
  request: { params, ...jsonBody(BudgetRaise) },
  responses: { 200: json(BudgetView, 'The budget with its new cap'), ...errors },
});

export function addBudgetRoutes(app: OpenAPIHono<HttpEnv>, { pool }: HttpServices): void {
  app.openapi(readBudget, async (context) =>
    context.json(
      await reading(pool, (tx) => budgetView(tx, context.get('accountId'), context.req.valid('param').job_id)),
      200,
    ),
  );
  app.openapi(putBudget, async (context) => {
    const cap = parseUsd(context.req.valid('json').cap_usd);
    return context.json(
      await inTransaction(pool, 'budget.raise', (tx) =>
        setCap(tx, context.get('accountId'), context.req.valid('param').job_id, cap),
      ),
      200,
    );
  });
}
