// The pages that a backend serves by itself: the API's reference, and the portal, which is one document told apart by
// its path, with the files that it is made of.
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { GenrtlError } from '@genrtl/contracts';
import { PAGE_PATHS, REFERENCE_PATHS } from '../admission.ts';
import { PAGE_POLICY, PORTAL_BASE, PORTAL_POLICY, PortalFiles } from '../portal-files.ts';
import { REFERENCE_CSS, REFERENCE_HTML, REFERENCE_JS } from '../reference-page.ts';
import type { HttpEnv } from '../services.ts';

const REFERENCE: Readonly<Record<(typeof REFERENCE_PATHS)[number], readonly [type: string, text: string]>> = {
  '/reference': ['text/html', REFERENCE_HTML],
  '/reference.css': ['text/css', REFERENCE_CSS],
  '/reference.js': ['text/javascript', REFERENCE_JS],
};
const headers = (policy: string) => ({
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
});

export function addPages(app: OpenAPIHono<HttpEnv>): void {
  for (const path of REFERENCE_PATHS) {
    const [type, text] = REFERENCE[path];
    app.get(path, (context) =>
      context.body(text, 200, {
        ...headers(PAGE_POLICY),
        'content-type': `${type}; charset=utf-8`,
        'cache-control': 'no-cache',
      }),
    );
  }
  const files = new PortalFiles();
  const send = async (context: Context<HttpEnv>, name: string) => {
    const file = await files.read(name, context.req.header('accept-encoding') ?? '');
    if (file === null) {
      if (name !== 'index.html') throw new GenrtlError('NOT_FOUND', 'No such file');
      throw new GenrtlError('BACKEND_UNAVAILABLE', 'The account pages were not built', {
        hint: 'Run `node scripts/build.ts portal`.',
      });
    }
    return context.body(file.bytes, 200, {
      ...headers(PORTAL_POLICY),
      'content-type': file.type,
      'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'Accept-Encoding',
      ...(file.encoding === null ? {} : { 'content-encoding': file.encoding }),
    });
  };
  for (const path of PAGE_PATHS) app.get(path, (context) => send(context, 'index.html'));
  app.get(`${PORTAL_BASE}*`, (context) => send(context, context.req.path.slice(PORTAL_BASE.length)));
}
