// Sign-up, sign-in, verification, reset and organisations: requests of the identity library, those that are served.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { GenrtlError, IDENTITY_PATH } from '@genrtl/contracts';
import { addressOf, requireSameOrigin } from '../admission.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

export function addIdentityRoutes(app: OpenAPIHono<HttpEnv>, services: HttpServices): void {
  const { accounts } = services;
  if (accounts === null) return;
  app.on(['GET', 'POST'], `${IDENTITY_PATH}/*`, (context) => {
    const path = context.req.path.slice(IDENTITY_PATH.length);
    // Whatever a browser was made to ask by another site ends here; the library's own check is switched off by
    // NODE_ENV=test.
    requireSameOrigin(accounts.settings.publicUrl, context.req);
    if (!accounts.identity.serves(context.req.method, path)) throw new GenrtlError('NOT_FOUND', 'No such route');
    return accounts.identity.handle(context.req.raw, addressOf(services, context));
  });
}
