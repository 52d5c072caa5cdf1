// Interactive runs: every endpoint that begins one, then look, follow, cancel, and the configuration that clients need.
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Context } from 'hono';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { AI_ENDPOINTS, AI_INTENTS, API_ROUTES, GenrtlError, intentSpec, type AiIntent } from '@genrtl/contracts';
import { AiConfigView, AiRequestBody, AiResume, AiRunId, AiRunView, readAiRequest } from '@genrtl/contracts/http/ai.ts';
import { AiEvent } from '@genrtl/contracts/ai-events.ts';
import { CONTEXT_HARD_CHARS, CONTEXT_REF_BYTES, CONTEXT_SOFT_CHARS } from '@genrtl/contracts/ai-limits.ts';
import type { RunKey } from '../../ai/repository/runs.ts';
import type { RunPlace } from '../../ai/runs.ts';
import { flowId } from '../../flows/flow.ts';
import { RateLimits, ratesOf } from '../../ai/rate-limits.ts';
import { addressOf, hashBody } from '../admission.ts';
import { streamRun, type AiStream } from '../ai-stream.ts';
import { bearer, errors, json, jsonBody } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const stream = {
  200: {
    description: 'One AiEvent an event, its id the seq; or the bare text, for who accepts text/plain only',
    content: { 'text/event-stream': { schema: AiEvent }, 'text/plain': { schema: z.string() } },
  },
  ...errors,
};
const LAST_EVENT_ID = /^\d{1,9}$/;
/** Declared here and read by `readingOf`: a validator of headers copies all that a request has. */
const lastEventId = {
  in: 'header',
  name: 'last-event-id',
  schema: { type: 'string', pattern: LAST_EVENT_ID.source },
} as const;
const params = z.object({ run_id: AiRunId });
const pathOf = (route: string): string => route.replace(':run_id', '{run_id}');

const readRun = createRoute({
  method: 'get',
  path: pathOf(API_ROUTES.aiRun),
  summary: 'An interactive run as it stands',
  security: bearer,
  request: { params },
  responses: { 200: json(AiRunView, 'The run'), ...errors },
});
const followRun = createRoute({
  method: 'get',
  path: pathOf(API_ROUTES.aiRunEvents),
  summary: 'The events of an interactive run from any number on, live or again',
  security: bearer,
  request: { params },
  parameters: [lastEventId],
  responses: stream,
});
const cancelRun = createRoute({
  method: 'post',
  path: pathOf(API_ROUTES.aiRunCancel),
  summary: 'End an interactive run; its stream ends with final:cancelled',
  security: bearer,
  request: { params },
  responses: { 200: json(AiRunView, 'The run as it stands'), ...errors },
});
const resumeRun = createRoute({
  method: 'post',
  path: pathOf(API_ROUTES.aiRunResume),
  summary: 'Let a run that failed or was cancelled go on; answers with its events',
  security: bearer,
  request: { params, ...jsonBody(AiResume) },
  responses: stream,
});
const readConfig = createRoute({
  method: 'get',
  path: API_ROUTES.aiConfig,
  summary: 'Models, limits and render modes of the interactive endpoints',
  security: bearer,
  responses: { 200: json(AiConfigView, 'The configuration'), ...errors },
});

export function addAiRoutes(app: OpenAPIHono<HttpEnv>, services: HttpServices): void {
  const limits = new RateLimits(() => ratesOf(services.ai.config));
  for (const [name, { path, intents }] of Object.entries(AI_ENDPOINTS)) {
    const route = createRoute({
      method: 'post',
      path,
      summary: `Ask a model: ${intents.join(', ')}`,
      security: bearer,
      request: { ...jsonBody(AiRequestBody) },
      parameters: [lastEventId],
      responses: stream,
    });
    app.post(path, hashBody);
    app.openapi(route, async (context) => {
      const accountId = context.get('accountId');
      const leaseId = context.get('leaseId');
      const reading = readingOf(context);
      const request = readAiRequest(name, context.req.valid('json'));
      const principal = context.get('principal');
      // Nobody shares the one account of an embedded backend.
      if (principal.via !== 'local')
        limits.take({
          user: principal.person?.id ?? principal.credentialId ?? accountId,
          address: addressOf(services, context),
          project: accountId,
        });
      const { key, place } = await services.ai.start({
        accountId,
        leaseId,
        requestHash: context.get('requestHash'),
        request,
        path,
      });
      return answer(context, services, { key, place, leaseId, ...reading });
    });
  }
  app.openapi(readRun, async (context) => context.json(await services.ai.view(keyOf(context)), 200));
  app.openapi(followRun, async (context) => {
    const key = keyOf(context);
    const leaseId = context.get('leaseId');
    return answer(context, services, {
      key,
      place: await services.ai.find(key, leaseId),
      leaseId,
      ...readingOf(context),
    });
  });
  app.openapi(cancelRun, async (context) => {
    const key = keyOf(context);
    await services.ai.cancel(key);
    return context.json(await services.ai.view(key), 200);
  });
  app.openapi(resumeRun, async (context) => {
    const key = keyOf(context);
    const leaseId = context.get('leaseId');
    const place = await services.ai.resume(key, leaseId, context.req.valid('json').resume_from ?? null);
    return answer(context, services, { key, place, leaseId, ...readingOf(context) });
  });
  app.openapi(readConfig, (context) => context.json(configOf(services, context.get('leaseId')), 200));
}

function keyOf(context: Context<HttpEnv>): RunKey {
  return { accountId: context.get('accountId'), runId: context.req.param('run_id') ?? '' };
}

function readingOf(context: Context<HttpEnv>): Pick<AiStream, 'afterSeq' | 'format'> {
  const accepted = context.req.header('accept') ?? '';
  const last = context.req.header('last-event-id') ?? '0';
  if (!LAST_EVENT_ID.test(last)) throw new GenrtlError('REQUEST_INVALID', 'last-event-id: not the number of an event');
  return {
    afterSeq: Number(last),
    format: accepted.includes('text/plain') && !accepted.includes('text/event-stream') ? 'text' : 'events',
  };
}

async function answer(
  context: Context<HttpEnv>,
  services: HttpServices,
  stream: { readonly place: RunPlace } & AiStream,
): Promise<Response> {
  const response = context.env.outgoing as ServerResponse;
  response.writeHead(200, {
    'content-type': stream.format === 'events' ? 'text/event-stream' : 'text/plain; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-content-type-options': 'nosniff',
    'x-accel-buffering': 'no',
    'genrtl-run-id': stream.key.runId,
  });
  // The model of a run that begins is asked before its reader is told anything; what is told then goes out together.
  await nextTurn();
  setImmediate(() => {
    if (!response.destroyed && !response.writableEnded) response.flushHeaders();
  });
  try {
    await streamRun(services, stream, response);
  } catch (error) {
    // The reader resumes with the last number that it has.
    services.jobs.log.warn('an event stream broke off', { run_id: stream.key.runId, error: String(error) });
    if (stream.format === 'text') response.destroy();
  }
  response.end();
  return RESPONSE_ALREADY_SENT;
}

function configOf(services: HttpServices, leaseId: string | null): AiConfigView {
  const router = services.jobs.models.routerOf(leaseId);
  const offered = router.list().filter(({ provider, priced }) => provider !== 'builtin' && priced);
  return {
    models: offered.map(({ id, provider }) => {
      const { context, maxOutput } = router.window({ id, provider, rateCard: '' });
      return { id, maxModelTokens: context, reservedOutputTokens: Math.min(maxOutput ?? Infinity, 8_192) };
    }),
    defaultModel: defaultModel(services, leaseId),
    limits: { softChars: CONTEXT_SOFT_CHARS, hardChars: CONTEXT_HARD_CHARS, refBytes: CONTEXT_REF_BYTES },
    renderModes: Object.fromEntries(
      Object.values(AI_ENDPOINTS).map(({ path, intents, renderMode }) => [
        path,
        renderMode ?? services.ai.config.rendering.defaults[path] ?? intentSpec(intents[0]).renderMode,
      ]),
    ),
    flows: (Object.keys(AI_INTENTS) as AiIntent[]).map((intent) => ({
      intent,
      flow: flowId(services.jobs.flows.intents[intent][0]),
      lcg: intentSpec(intent).lcg,
    })),
  };
}

function defaultModel(services: HttpServices, leaseId: string | null): string | null {
  try {
    return services.jobs.models.routerOf(leaseId).choose('assist', null)[0]?.id ?? null;
  } catch (error) {
    if (error instanceof GenrtlError) return null;
    throw error;
  }
}
