// Sign-in through an organisation's own OpenID Connect provider, a real one that runs beside the backend.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IDENTITY_PATH } from '@genrtl/contracts';
import type { AccountView } from '@genrtl/contracts/http/accounts.ts';
import { cookieOf, openHosted, PASSWORD, type Hosted } from '../test/hosted.ts';
import { OidcProvider } from '../test/oidc-provider.ts';

let provider: OidcProvider;
let hosted: Hosted;
let visits = 0;

beforeAll(async () => {
  provider = await OidcProvider.open();
  hosted = await openHosted({ env: provider.env });
}, 120_000);
afterAll(async () => {
  await provider.stop();
  await hosted.close();
});

/** A browser: cookies by host, redirections one after the other, until the backend's own page. */
async function goThrough(
  spoil: (callback: string) => string = (url) => url,
  address = `10.9.9.${(visits += 1)}`,
): Promise<{ at: string; cookie: string }> {
  const jars = new Map<string, Map<string, string>>();
  const visit = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...(init.headers as Record<string, string>), cookie, 'x-forwarded-for': address },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  };
  const begun = await visit(`${hosted.url}${IDENTITY_PATH}/sign-in/social`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: hosted.url },
    body: JSON.stringify({ provider: 'oidc', callbackURL: '/account', errorCallbackURL: '/account' }),
  });
  if (begun.status !== 200) return { at: String(begun.status), cookie: '' };
  let { url } = (await begun.json()) as { url: string };
  for (let step = 0; step < 12; step++) {
    if (url.startsWith(`${hosted.url}/account`)) break;
    const answer = await visit(url.includes('/callback/oidc') ? spoil(url) : url);
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`${answer.status} at ${url}: ${await answer.text()}`);
    url = new URL(location, url).href;
  }
  const jar = jars.get(new URL(hosted.url).host) ?? new Map<string, string>();
  return { at: url, cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') };
}
const accountOf = (cookie: string) => hosted.ask<AccountView>('GET', '/v1/account', undefined, { cookie });

it('a provider that is down is refused and nothing else with it; it is found when it is there', async () => {
  expect((await hosted.ask('GET', '/v1/sign-in/providers')).body).toEqual({
    accounts: true,
    providers: [{ id: 'oidc', name: 'Example Works' }],
  });
  // of three tries in ten seconds each counts once, so that the third finds the provider
  const asGiven = (url: string): string => url;
  for (let tried = 0; tried < 2; tried++) expect((await goThrough(asGiven, '10.9.8.1')).at).toBe('404');
  await hosted.person('Ada');
  await provider.start(hosted.url);
  provider.next = { sub: 'emmy', email: 'emmy@example.com', verified: true };
  const { at, cookie } = await goThrough(asGiven, '10.9.8.1');
  expect(at).toBe(`${hosted.url}/account`);
  expect(await accountOf(cookie)).toMatchObject({
    status: 200,
    body: { email: 'emmy@example.com', name: 'Emmy', role: 'person', via: 'session' },
  });
});

it('the same person at the provider is the same account here', async () => {
  provider.next = { sub: 'emmy', email: 'emmy@example.com', verified: true };
  const ids = [await goThrough(), await goThrough()].map(
    async ({ cookie }) => (await accountOf(cookie)).body.account_id,
  );
  const [first, second] = await Promise.all(ids);
  expect(first).toMatch(/^user_/);
  expect(second).toBe(first);
});

it('an address that the provider has not confirmed opens nothing', async () => {
  provider.next = { sub: 'mallory', email: 'root@example.com', verified: false };
  const { at, cookie } = await goThrough();
  expect(at).toBe(`${hosted.url}/account?error=email_not_verified`);
  expect((await accountOf(cookie)).status).toBe(401);
});

it('an address that somebody took beforehand with a password of theirs does not become a way in for them', async () => {
  const email = 'noether@example.com';
  await hosted.ask(
    'POST',
    `${IDENTITY_PATH}/sign-up/email`,
    { name: 'not she', email, password: PASSWORD },
    { origin: hosted.url },
  );
  provider.next = { sub: 'noether', email, verified: true };
  const { at } = await goThrough();
  expect(at).toContain('error=');
  const attacker = await hosted.ask(
    'POST',
    `${IDENTITY_PATH}/sign-in/email`,
    { email, password: PASSWORD },
    { origin: hosted.url },
  );
  expect(attacker.status).not.toBe(200);
  expect((await accountOf(cookieOf(attacker.headers))).status).toBe(401);
});

it.each([
  ['another state', (url: string) => url.replace(/state=[^&]+/, 'state=other')],
  ['another code', (url: string) => url.replace(/code=[^&]+/, 'code=guessed')],
  ['another issuer', (url: string) => url.replace(/iss=[^&]+/, `iss=${encodeURIComponent('http://127.0.0.1:1')}`)],
])('a way back with %s signs nobody in', async (_name, spoil) => {
  provider.next = { sub: 'emmy', email: 'emmy@example.com', verified: true };
  const { at, cookie } = await goThrough(spoil);
  expect(at).toContain('error');
  expect((await accountOf(cookie)).status).toBe(401);
});
