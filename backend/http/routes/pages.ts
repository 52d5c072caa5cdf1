// The pages that a backend serves by itself: the API's reference, and on a hosted one sign-in, device approval, reset,
// invitation, which are one document told apart by its path.
import type { OpenAPIHono } from '@hono/zod-openapi';
import { PAGE_CSS, PAGE_HTML, PAGE_JS, PAGE_POLICY } from '../account-page.ts';
import { PAGE_PATHS, REFERENCE_PATHS } from '../admission.ts';
import { REFERENCE_CSS, REFERENCE_HTML, REFERENCE_JS } from '../reference-page.ts';
import type { HttpEnv, HttpServices } from '../services.ts';

const FILES: Readonly<Record<string, readonly [type: string, text: string]>> = {
  '/account.css': ['text/css', PAGE_CSS],
  '/account.js': ['text/javascript', PAGE_JS],
  '/reference': ['text/html', REFERENCE_HTML],
  '/reference.css': ['text/css', REFERENCE_CSS],
  '/reference.js': ['text/javascript', REFERENCE_JS],
};

export function addPages(app: OpenAPIHono<HttpEnv>, { accounts }: HttpServices): void {
  for (const path of [...REFERENCE_PATHS, ...(accounts === null ? [] : PAGE_PATHS)]) {
    const [type, text] = FILES[path] ?? ['text/html', PAGE_HTML];
    app.get(path, (context) =>
      context.body(text, 200, {
        'content-type': `${type}; charset=utf-8`,
        'content-security-policy': PAGE_POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      }),
    );
  }
}
