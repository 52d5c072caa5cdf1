// The HTTP application: admission, then one file of routes per subject, and the OpenAPI document made of the same
// schemas.
import { OpenAPIHono } from '@hono/zod-openapi';
import { GenrtlError } from '@genrtl/contracts';
import { admit, checkHost, JSON_LIMIT_BYTES, limitBody } from './admission.ts';
import { answerError } from './errors.ts';
import { observe } from './observe.ts';
import { addAccountDataRoutes } from './routes/account-data.ts';
import { addAccountRoutes } from './routes/account.ts';
import { addAiRoutes } from './routes/ai.ts';
import { addBillingRoutes } from './routes/billing.ts';
import { addBlobRoutes } from './routes/blobs.ts';
import { addBudgetRoutes } from './routes/budgets.ts';
import { addCallbackRoutes } from './routes/callbacks.ts';
import { addPublishRoute } from './routes/cbb-publish.ts';
import { addPublisherRoutes } from './routes/cbb-publishers.ts';
import { addRegistryRoutes } from './routes/cbb-registry.ts';
import { addSupplyRoutes } from './routes/cbb-supply.ts';
import { addLeaseRoutes } from './routes/embedded.ts';
import { addHealthRoute } from './routes/health.ts';
import { addIdentityRoutes } from './routes/identity.ts';
import { addJobEventRoute } from './routes/job-events.ts';
import { addJobRoutes } from './routes/jobs.ts';
import { addModelRoute } from './routes/models.ts';
import { addOauthRoutes } from './routes/oauth.ts';
import { addOperatorRoutes } from './routes/operators.ts';
import { addPages } from './routes/pages.ts';
import { addUsageRoute } from './routes/usage.ts';
import type { HttpEnv, HttpServices } from './services.ts';

const ROUTES = [
  addHealthRoute,
  addBlobRoutes,
  addJobRoutes,
  addJobEventRoute,
  addBudgetRoutes,
  addCallbackRoutes,
  addModelRoute,
  addPublisherRoutes,
  addRegistryRoutes,
  addPublishRoute,
  addSupplyRoutes,
  addUsageRoute,
  addBillingRoutes,
  addLeaseRoutes,
  addAccountRoutes,
  addAccountDataRoutes,
  addOauthRoutes,
  addIdentityRoutes,
  addOperatorRoutes,
  addPages,
  addAiRoutes,
] as const;

export function createApp(services: HttpServices): OpenAPIHono<HttpEnv> {
  const app = new OpenAPIHono<HttpEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const issue = result.error.issues[0];
      const place = issue === undefined ? '' : issue.path.join('.');
      throw new GenrtlError(
        'REQUEST_INVALID',
        `${place === '' ? 'The request' : place}: ${issue?.message ?? 'not valid'}`,
      );
    },
  });
  app.onError((error, context) => answerError(context, error, services.jobs.log));
  app.notFound((context) => answerError(context, new GenrtlError('NOT_FOUND', 'No such route'), services.jobs.log));
  app.use('*', observe);
  app.use('*', checkHost(services));
  app.use('*', admit(services));
  const json = limitBody(JSON_LIMIT_BYTES);
  app.use('*', (context, next) => (context.req.path.startsWith('/v1/blobs/') ? next() : json(context, next)));
  for (const addRoutes of ROUTES) addRoutes(app, services);
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  app.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'genRTL backend', version: services.version } });
  return app;
}
