// Durable jobs: submit, look, cancel. Their events stand in job-events.ts.
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES, JobRequest, RunView } from '@genrtl/contracts';
import { submit, viewOf } from '../../jobs/submit.ts';
import { hashBody } from '../admission.ts';
import { bearer, errors, IdempotencyKey, json, jsonBody } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const params = z.object({ run_id: z.string() });
const submitJob = createRoute({
  method: 'post',
  path: API_ROUTES.jobs,
  summary: 'Begin a job, or get the run that this key began',
  security: bearer,
  request: { headers: IdempotencyKey, ...jsonBody(JobRequest) },
  responses: { 200: json(RunView, 'The run of this key'), ...errors },
});
const readJob = createRoute({
  method: 'get',
  path: API_ROUTES.job.replace(':run_id', '{run_id}'),
  summary: 'A run with its result',
  security: bearer,
  request: { params },
  responses: { 200: json(RunView, 'The run'), ...errors },
});
const cancelJob = createRoute({
  method: 'post',
  path: API_ROUTES.jobCancel.replace(':run_id', '{run_id}'),
  summary: 'Ask a run to end',
  security: bearer,
  request: { params },
  responses: { 200: json(RunView, 'The run as it stands; its last event tells its end'), ...errors },
});

export function addJobRoutes(app: OpenAPIHono<HttpEnv>, { jobs, engine, limiter, requestRate }: HttpServices): void {
  app.post(API_ROUTES.jobs, hashBody);
  app.openapi(submitJob, async (context) => {
    const request = context.req.valid('json');
    if (requestRate !== null)
      limiter.count('project', `${context.get('accountId')} ${request.workspace_id}`, requestRate);
    const run = await submit(jobs, engine, {
      accountId: context.get('accountId'),
      userId: context.get('principal').person?.id ?? '',
      leaseId: context.get('leaseId'),
      key: context.req.valid('header')['idempotency-key'],
      requestHash: context.get('requestHash'),
      request,
    });
    return context.json(run, 200);
  });
  app.openapi(readJob, async (context) =>
    context.json(await viewOf(jobs, context.get('accountId'), context.req.valid('param').run_id), 200),
  );
  app.openapi(cancelJob, async (context) => {
    const { run_id: runId } = context.req.valid('param');
    await viewOf(jobs, context.get('accountId'), runId);
    await engine.cancel(runId);
    return context.json(await viewOf(jobs, context.get('accountId'), runId), 200);
  });
}
