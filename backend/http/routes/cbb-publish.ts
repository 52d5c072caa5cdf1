// Publishing a package: those who run this backend under names without a scope, organisations under their own.
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES, CbbPublications, GenrtlError, Publication, PublishRequest } from '@genrtl/contracts';
import { publisherOf } from '../../accounts/principal.ts';
import { sentBlobs } from '../../jobs/repository/runs.ts';
import { publicationsOf } from '../../registry/repository/publications.ts';
import { bearer, errors, json, jsonBody } from '../route-parts.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const publish = createRoute({
  method: 'post',
  path: API_ROUTES.cbbPublish,
  summary: 'Verify and publish the package in an archive that was sent; ask again while it is verified',
  security: bearer,
  request: jsonBody(PublishRequest),
  responses: { 200: json(Publication, 'Where the publication stands'), ...errors },
});

const readPublications = createRoute({
  method: 'get',
  path: API_ROUTES.cbbPublications,
  summary: 'What became of what the account sent for publication',
  security: bearer,
  responses: { 200: json(CbbPublications, 'The newest first'), ...errors },
});

export function addPublishRoute(app: OpenAPIHono<HttpEnv>, { pool, publishing }: HttpServices): void {
  app.openapi(publish, async (context) => {
    const publisher = publisherOf(context.get('principal'));
    const { archive, visibility } = context.req.valid('json');
    if (!(await sentBlobs(pool, publisher.accountId, [archive])).has(archive))
      throw new GenrtlError('NOT_FOUND', `The blob ${archive} was not sent`);
    return context.json(await publishing.publish(archive, publisher, visibility), 200);
  });
  app.openapi(readPublications, async (context) =>
    context.json({ publications: await publicationsOf(pool, context.get('accountId')) }, 200),
  );
}
