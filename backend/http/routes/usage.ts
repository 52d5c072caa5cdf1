// Usage: what every model call and purchase cost.
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES, Instant, JobCost, JobId, UsageSummary } from '@genrtl/contracts';
import { reading } from '../../db/index.ts';
import { jobCost, usageSummary } from '../../ledger/index.ts';
import { bearer, errors, json } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const readUsage = createRoute({
  method: 'get',
  path: API_ROUTES.usage,
  summary: 'Usage rows, oldest first, with the state of both buckets',
  security: bearer,
  request: {
    query: z.object({
      job_id: z.string().optional(),
      from: Instant.optional(),
      to: Instant.optional(),
      cursor: z
        .string()
        .regex(/^\d{1,15}$/)
        .optional(),
      limit: z.coerce.number().int().min(1).max(5000).default(1000),
    }),
  },
  responses: { 200: json(UsageSummary, 'The usage'), ...errors },
});

const readJobCost = createRoute({
  method: 'get',
  path: API_ROUTES.jobCost.replace(':job_id', '{job_id}'),
  summary: 'What a job has cost so far, in all and by step; zero for one that nothing was charged for',
  security: bearer,
  request: { params: z.object({ job_id: JobId }) },
  responses: { 200: json(JobCost, 'The cost'), ...errors },
});

export function addUsageRoute(app: OpenAPIHono<HttpEnv>, { pool, billing }: HttpServices): void {
  app.openapi(readUsage, async (context) => {
    await billing?.refresh(context.get('accountId'));
    const { job_id: jobId, from, to, cursor, limit } = context.req.valid('query');
    return context.json(
      await reading(pool, (tx) =>
        usageSummary(tx, context.get('accountId'), {
          jobId: jobId ?? null,
          from: from ?? null,
          to: to ?? null,
          cursor: cursor ?? null,
          limit,
        }),
      ),
      200,
    );
  });
  app.openapi(readJobCost, async (context) =>
    context.json(
      await reading(pool, (tx) => jobCost(tx, context.get('accountId'), context.req.valid('param').job_id)),
      200,
    ),
  );
}
