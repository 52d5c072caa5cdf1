// Publishing a package, for those who run this backend.
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { API_ROUTES, GenrtlError, Publication, PublishRequest } from '@genrtl/contracts';
import { sentBlobs } from '../../jobs/repository/runs.ts';
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

export function addPublishRoute(app: OpenAPIHono<HttpEnv>, { pool, publishing }: HttpServices): void {
  app.openapi(publish, async (context) => {
    const account = context.get('accountId');
    const { archive } = context.req.valid('json');
    if (!(await sentBlobs(pool, account, [archive])).has(archive))
      throw new GenrtlError('NOT_FOUND', `The blob ${archive} was not sent`);
    return context.json(await publishing.publish(archive, account), 200);
  });
}
