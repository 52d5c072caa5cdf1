// A run's events as server-sent events; resumed with Last-Event-ID.
import type { ServerResponse } from 'node:http';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { API_ROUTES, JobEvent } from '@genrtl/contracts';
import { viewOf } from '../../jobs/submit.ts';
import { streamEvents } from '../event-stream.ts';
import { bearer, errors } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const jobEvents = createRoute({
  method: 'get',
  path: API_ROUTES.jobEvents.replace(':run_id', '{run_id}'),
  summary: 'The events of a run, live',
  security: bearer,
  request: {
    params: z.object({ run_id: z.string() }),
    headers: z.object({
      'last-event-id': z
        .string()
        .regex(/^\d{1,9}$/)
        .optional(),
    }),
  },
  responses: {
    200: {
      description: 'One JobEvent an event; its id is its seq',
      content: { 'text/event-stream': { schema: JobEvent } },
    },
    ...errors,
  },
});

export function addJobEventRoute(app: OpenAPIHono<HttpEnv>, services: HttpServices): void {
  app.openapi(jobEvents, async (context) => {
    const { run_id: runId } = context.req.valid('param');
    const accountId = context.get('accountId');
    await viewOf(services.jobs, accountId, runId);
    const response = context.env.outgoing;
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    const lastSeq = Number(context.req.valid('header')['last-event-id'] ?? 0);
    try {
      await streamEvents(services, { accountId, runId, lastSeq }, response as ServerResponse);
    } catch (error) {
      // The reader resumes with the last number that it has.
      services.jobs.log.warn('an event stream broke off', { run_id: runId, error: String(error) });
    }
    response.end();
    return RESPONSE_ALREADY_SENT;
  });
}
