// `app://genrtl/…`: the built page inside Electron, with the same headers as the web host. Nothing else is served.
import type { Protocol } from 'electron';
import type { PageAssets } from '../page-assets.ts';
import { SECURITY_HEADERS } from '../security-headers.ts';

export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://genrtl';

/**
 * Must run before the app is ready: a standard, secure scheme has an origin of its own and may use fetch and workers.
 */
export function registerScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

export function servePage(protocol: Pick<Protocol, 'handle'>, assets: PageAssets): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const url = new URL(request.url);
    const asset = url.host === 'genrtl' && request.method === 'GET' ? await assets.get(url.pathname, '') : null;
    if (asset === null) return new Response('not found', { status: 404, headers: SECURITY_HEADERS });
    return new Response(new Uint8Array(asset.body), {
      status: 200,
      headers: { ...SECURITY_HEADERS, 'Content-Type': asset.type },
    });
  });
}

/** Only the page itself counts as the page: not `app://other`, not `https://genrtl`. */
export function isAppUrl(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === `${APP_SCHEME}:` && new URL(url).host === 'genrtl';
}
