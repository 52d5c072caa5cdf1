// Tells of each request: how long its answer took until its end, under the pattern of its route, and a span for its
// trace.
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { signal } from '../telemetry/signals.ts';
import { traced, withinTrace } from '../telemetry/traces.ts';
import type { HttpEnv } from './services.ts';

/** The trace that a request belongs to, as W3C Trace Context writes it. */
const TRACE_HEADER = 'traceparent';

export const observe: MiddlewareHandler<HttpEnv> = (context, next) => {
  const begun = performance.now();
  const { method } = context.req;
  return withinTrace(context.req.header(TRACE_HEADER), () =>
    traced('request', { 'http.request.method': method }, async (annotate) => {
      await next();
      const route = matchedRoutes(context).findLast(({ path }) => path !== '*' && path !== '/*')?.path ?? 'none';
      const account = context.get('accountId') as string | undefined;
      const { status } = context.res;
      annotate({
        'http.route': route,
        'http.response.status_code': status,
        ...(account === undefined ? {} : { 'enduser.id': account }),
      });
      const end = (): void => {
        signal('request', { method, route, status, durationMs: performance.now() - begun });
      };
      // absent where the application is asked without a server
      const outgoing = (context.env as Partial<HttpEnv['Bindings']> | undefined)?.outgoing;
      if (outgoing === undefined || outgoing.closed) end();
      else outgoing.once('close', end);
    }),
  );
};
