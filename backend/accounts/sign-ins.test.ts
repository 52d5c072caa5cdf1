// Programs of a hosted backend sign in, over HTTP: by a code, by the browser of their machine, and with refresh tokens that
// are used once.
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEVICE_GRANT, type AccountView } from '@genrtl/contracts/http/accounts.ts';
import type { Hosted, Person } from '../test/hosted.ts';
import { openDoors, refused, type Doors } from './doors-fixture.ts';

let doors: Doors;
let hosted: Hosted;
let ada: Person;
beforeAll(async () => {
  doors = await openDoors();
  hosted = doors.hosted;
  ada = await hosted.person('Ada');
}, 120_000);
afterAll(() => doors.close());

describe('device code (RFC 8628)', () => {
  it('pending, asked too often, approved, and used once', async () => {
    const code = await doors.askDevice();
    expect(code).toMatchObject({ interval: 5, expires_in: 600, verification_uri: `${hosted.url}/device` });
    expect(await doors.poll(code)).toMatchObject(refused('authorization_pending'));
    expect(await doors.poll(code)).toMatchObject(refused('slow_down'));
    // six seconds later is early too now: the interval has really grown
    const earlier = (seconds: number) =>
      doors.sql(
        `UPDATE auth.device_grants SET polled_at = polled_at - $1 * interval '1 second' WHERE user_code = $2`,
        seconds,
        code.user_code,
      );
    await earlier(6);
    expect(await doors.poll(code)).toMatchObject(refused('slow_down'));
    await earlier(16);
    expect(await doors.poll(code)).toMatchObject(refused('authorization_pending'));
    const typed = code.user_code.toLowerCase().replace('-', ' ');
    const seen = await ada.call('GET', `/v1/oauth/device/decision?user_code=${encodeURIComponent(typed)}`);
    expect(seen).toMatchObject({ status: 200, body: { device: 'a laptop', user_code: code.user_code } });
    expect((await doors.decide(ada, typed, true)).status).toBe(200);
    const { status, body } = await doors.poll(code);
    expect([status, body.token_type, body.expires_in]).toEqual([200, 'Bearer', 900]);
    expect((await doors.withToken<AccountView>(body.access_token, 'GET', '/v1/account')).body).toMatchObject({
      email: ada.email,
      via: 'sign_in',
    });
    expect(await doors.poll(code)).toMatchObject(refused('invalid_grant'));
    // it signs in no further program by itself
    expect((await doors.withToken(body.access_token, 'POST', '/v1/oauth/authorize', {})).status).toBe(403);
  });

  it('refused by the person; expired; of nobody; of another client', async () => {
    const denied = await doors.askDevice();
    await doors.decide(ada, denied.user_code, false);
    expect(await doors.poll(denied)).toMatchObject(refused('access_denied'));
    const late = await doors.askDevice();
    await doors.sql(`UPDATE auth.device_grants SET expires_at = now() WHERE user_code = $1`, late.user_code);
    expect(await doors.poll(late)).toMatchObject(refused('expired_token'));
    expect((await doors.decide(ada, late.user_code, true)).status).toBe(404);
    expect(await doors.poll({ ...late, device_code: 'grd_x' })).toMatchObject(refused('invalid_grant'));
    expect(await doors.token({ grant_type: DEVICE_GRANT, device_code: 'x', client_id: 'other' })).toMatchObject(
      refused('invalid_client'),
    );
    expect(await doors.token({ grant_type: 'password' })).toMatchObject(refused('unsupported_grant_type'));
  });

  it('guessed codes are limited, and a decided code is nobody else’s', async () => {
    const eve = await hosted.person('Eve');
    const code = await doors.askDevice();
    await doors.decide(ada, code.user_code, true);
    expect((await doors.decide(eve, code.user_code, true)).status).toBe(404);
    for (let guess = 0; guess < 9; guess++)
      expect((await doors.decide(eve, `BBBB-BBB${guess}`, true)).status).toBe(404);
    const open = await doors.askDevice();
    expect(await doors.decide(eve, open.user_code, true)).toMatchObject({
      status: 429,
      body: { code: 'RATE_LIMITED' },
    });
  });
});

describe('loopback redirection with PKCE (RFC 8252, RFC 7636)', () => {
  const verifier = randomBytes(32).toString('base64url');
  const redirect = 'http://127.0.0.1:49152/callback';
  const request = (change: Record<string, string> = {}) => ({
    client_id: 'genrtl',
    redirect_uri: redirect,
    state: 'st/ate',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    device: 'a desk',
    ...change,
  });
  async function codeFor(person: Person): Promise<string> {
    const { body } = await person.call<{ redirect_to: string }>('POST', '/v1/oauth/authorize', request());
    const target = new URL(body.redirect_to);
    expect([target.origin + target.pathname, target.searchParams.get('state')]).toEqual([redirect, 'st/ate']);
    return target.searchParams.get('code') ?? '';
  }
  const redeem = (code: string, change: Record<string, string> = {}) =>
    doors.token({ grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier, ...change });

  it('a code is redeemed once; a second use ends what the first one gave', async () => {
    const code = await codeFor(ada);
    const { status, body } = await redeem(code);
    expect([status, await doors.works(body.access_token)]).toEqual([200, true]);
    expect(await redeem(code)).toMatchObject(refused('invalid_grant'));
    await expect.poll(() => doors.works(body.access_token)).toBe(false);
    expect(await doors.refresh(body.refresh_token)).toMatchObject(refused('invalid_grant'));
  });

  it('wrong verifier, none, another redirection, too late: refused', async () => {
    const code = await codeFor(ada);
    expect(await redeem(code, { code_verifier: `${verifier.slice(0, -1)}_` })).toMatchObject(refused('invalid_grant'));
    expect(await redeem(code, { code_verifier: '' })).toMatchObject(refused('invalid_request'));
    expect(await redeem(code, { redirect_uri: 'http://127.0.0.1:1/callback' })).toMatchObject(refused('invalid_grant'));
    await doors.sql('UPDATE auth.code_grants SET expires_at = now()');
    expect(await redeem(code)).toMatchObject(refused('invalid_grant'));
  });

  it.each([
    'http://localhost:1/callback',
    'https://127.0.0.1:1/callback',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:70000/callback',
    'http://127.0.0.1:1/callback/../x',
    'http://127.0.0.1:1@evil.example/callback',
    'http://evil.example:1/callback',
  ])('%s is no place to send a code to', async (redirect_uri) => {
    expect((await ada.call('POST', '/v1/oauth/authorize', request({ redirect_uri }))).status).toBe(400);
  });
});

describe('refresh tokens', () => {
  it('two windows at the same moment both go on; a token that comes again later ends the sign-in', async () => {
    const first = await doors.signInDevice(ada);
    const [one, two] = await Promise.all([doors.refresh(first.refresh_token), doors.refresh(first.refresh_token)]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect((await doors.refresh(one.body.refresh_token)).status).toBe(200);
    const hash = createHash('sha256').update(first.refresh_token).digest('hex');
    await doors.sql(`UPDATE auth.refresh_tokens SET used_at = used_at - interval '1 minute' WHERE hash = $1`, hash);
    expect(await doors.refresh(first.refresh_token)).toMatchObject(refused('invalid_grant'));
    expect(await doors.refresh(two.body.refresh_token)).toMatchObject(refused('invalid_grant'));
    await expect.poll(() => doors.works(two.body.access_token)).toBe(false);
  });

  it('whoever has one may end the sign-in (RFC 7009)', async () => {
    const tokens = await doors.signInDevice(ada);
    const revoke = (text: string) =>
      hosted.ask('POST', '/v1/oauth/revoke', new URLSearchParams({ client_id: 'genrtl', token: text }));
    expect((await revoke('grr_unknown')).status).toBe(200);
    expect((await revoke(tokens.refresh_token)).status).toBe(200);
    await expect.poll(() => doors.works(tokens.access_token)).toBe(false);
  });
});
