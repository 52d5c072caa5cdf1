// Signing in to a hosted backend: by a code that is typed in a browser anywhere (RFC 8628), or by a browser on this
// machine that comes back to a port of ours (RFC 8252 with PKCE).
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { API_ROUTES, GenrtlError } from '@genrtl/contracts';
import {
  DEVICE_GRANT,
  DeviceCode,
  OAUTH_CLIENT_ID,
  OauthError,
  TokenResponse,
} from '@genrtl/contracts/http/accounts.ts';
import { sameSecret } from '@genrtl/disk/same-secret.ts';
import type { HttpClient } from './http-client.ts';

const BROWSER_LIMIT_MS = 10 * 60_000;
/** RFC 8628 section 3.5 */
const SLOW_DOWN_S = 5;

const cancelled = (): GenrtlError => new GenrtlError('CANCELLED', 'Cancelled.');
const refused = (message: string): GenrtlError => new GenrtlError('UNAUTHORIZED', message);
const unexpected = (): GenrtlError =>
  new GenrtlError('BACKEND_UNAVAILABLE', 'The backend answered the sign-in with something unexpected.');

async function tokensFor(http: HttpClient, fields: Record<string, string>): Promise<TokenResponse | OauthError> {
  const answer = await http.form(API_ROUTES.token, { client_id: OAUTH_CLIENT_ID, ...fields });
  const tokens = TokenResponse.safeParse(answer);
  if (tokens.success) return tokens.data;
  const error = OauthError.safeParse(answer);
  if (!error.success) throw unexpected();
  return error.data;
}

/** `show` gets the code and where to type it. Throws UNAUTHORIZED when it is refused or runs out. */
export async function signInByCode(
  http: HttpClient,
  { show, signal }: { readonly show: (code: DeviceCode) => void; readonly signal: AbortSignal },
): Promise<TokenResponse> {
  const asked = DeviceCode.safeParse(
    await http.form(API_ROUTES.deviceCode, {
      client_id: OAUTH_CLIENT_ID,
      device: hostname().slice(0, 100) || 'device',
    }),
  );
  if (!asked.success) throw unexpected();
  show(asked.data);
  for (let intervalS = asked.data.interval; ; ) {
    await sleep(intervalS * 1000, undefined, { signal }).catch(() => {
      throw cancelled();
    });
    const answer = await tokensFor(http, { grant_type: DEVICE_GRANT, device_code: asked.data.device_code });
    if ('access_token' in answer) return answer;
    if (answer.error === 'slow_down') intervalS += SLOW_DOWN_S;
    else if (answer.error === 'access_denied') throw refused('The sign-in was refused in the browser.');
    else if (answer.error !== 'authorization_pending') throw refused('The code has run out.');
  }
}

/** `show` gets the address that the browser is to open. A call with another state is not listened to. */
export async function signInByBrowser(
  http: HttpClient,
  { show, signal }: { readonly show: (url: string) => void; readonly signal: AbortSignal },
): Promise<TokenResponse> {
  const state = randomBytes(24).toString('base64url');
  const verifier = randomBytes(32).toString('base64url');
  const arrived = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [code, error] = [url.searchParams.get('code'), url.searchParams.get('error')];
    const ours =
      url.pathname === '/callback' &&
      sameSecret(url.searchParams.get('state') ?? '', state) &&
      (code ?? error) !== null;
    response.writeHead(ours ? 200 : 400, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.end(
      !ours
        ? 'Not a sign-in of this program.\n'
        : code === null
          ? 'Refused: this window can be closed. / 已拒绝，可以关闭此窗口。\n'
          : 'Signed in: this window can be closed. / 已登录，可以关闭此窗口。\n',
    );
    if (!ours) return;
    if (code === null) arrived.reject(refused('The sign-in was refused in the browser.'));
    else arrived.resolve(code);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(BROWSER_LIMIT_MS)]);
  const stop = (): void => arrived.reject(signal.aborted ? cancelled() : refused('Nobody signed in in the browser.'));
  limit.addEventListener('abort', stop, { once: true });
  try {
    const redirect = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
    const page = new URL(`${http.endpoint.url}/authorize`);
    page.search = new URLSearchParams({
      client_id: OAUTH_CLIENT_ID,
      redirect_uri: redirect,
      state,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      device: hostname().slice(0, 100) || 'device',
    }).toString();
    show(page.href);
    const answer = await tokensFor(http, {
      grant_type: 'authorization_code',
      code: await arrived.promise,
      redirect_uri: redirect,
      code_verifier: verifier,
    });
    if ('access_token' in answer) return answer;
    throw refused('The backend does not accept the code of the browser.');
  } finally {
    limit.removeEventListener('abort', stop);
    server.close();
  }
}
