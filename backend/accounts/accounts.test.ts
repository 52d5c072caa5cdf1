// Accounts of a hosted backend as people and programs use them, over HTTP, with real mail: who gets in, what each role
// may, what each event takes away.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_ROUTES, IDENTITY_PATH, ORGANISATION_HEADER, type UsageSummary } from '@genrtl/contracts';
import type { AccountView, KeyView, MadeKey, SignInView } from '@genrtl/contracts/http/accounts.ts';
import { mayDo, ROUTE_ACCESS, SCOPES, type Action, type Role } from '@genrtl/contracts/access.ts';
import type { OperatorAccounts, OperatorLedger } from '@genrtl/contracts/http/operators.ts';
import { TestClient } from '../test/client.ts';
import { PASSWORD, type Hosted, type Person, type Reply } from '../test/hosted.ts';
import { openDoors, refused, type Doors } from './doors-fixture.ts';

let doors: Doors;
let hosted: Hosted;
let ada: Person;
let bob: Person;
beforeAll(async () => {
  doors = await openDoors();
  hosted = doors.hosted;
  [ada, bob] = await Promise.all([hosted.person('Ada'), hosted.person('Bob')]);
}, 120_000);
afterAll(() => doors.close());

describe('sign-up and sign-in', () => {
  it('a verified person has an account with the included amount', async () => {
    expect(await doors.account(ada)).toMatchObject({
      status: 200,
      body: { account_id: `user_${ada.id}`, email: ada.email, role: 'person', via: 'session', organisations: [] },
    });
    const usage = await ada.call<UsageSummary>('GET', '/v1/usage');
    expect(usage.body).toMatchObject({
      local: false,
      included: { used_usd: '0.00', limit_usd: '5.00' },
      on_demand: { limit_usd: '0.00' },
    });
  });

  it('no answer tells whether an address is known: sign-up, sign-in, reset', async () => {
    const shape = ({ status, body, headers }: Reply<Record<string, unknown>>) => ({
      status,
      body: JSON.stringify(body)
        .replace(/"[^"]*@example.com"/, '"ADDRESS"')
        .replace(/"(id|createdAt|updatedAt)":"[^"]*"/g, '"$1"'),
      cookie: headers.getSetCookie().length,
    });
    const mails = hosted.mail.mails.length;
    const stranger = `nobody-${randomBytes(4).toString('hex')}@example.com`;
    const calls = {
      '/sign-up/email': { name: 'X', password: PASSWORD },
      '/sign-in/email': { password: 'a wrong password' },
      '/request-password-reset': { redirectTo: '/reset' },
      '/send-verification-email': { callbackURL: '/account' },
    };
    for (const [path, body] of Object.entries(calls)) {
      const known = await doors.identity<Record<string, unknown>>(path, { ...body, email: ada.email });
      const address = path === '/sign-up/email' ? stranger : `other-${stranger}`;
      expect(shape(await doors.identity(path, { ...body, email: address }))).toEqual(shape(known));
    }
    await hosted.mail.waitFor(ada.email, /have a genRTL account already/, mails);
    // not verified: no session, and the right password says no more than the wrong one
    const early = await doors.identity<{ code: string }>('/sign-in/email', { email: stranger, password: PASSWORD });
    expect([early.status, early.headers.getSetCookie()]).toEqual([403, []]);
  });

  it('guessing a password from one address is slowed down', async () => {
    const statuses: number[] = [];
    for (let round = 0; round < 5; round++)
      statuses.push(
        (
          await hosted.ask(
            'POST',
            `${IDENTITY_PATH}/sign-in/email`,
            { email: 'guess@example.com', password: 'guessguess' },
            { origin: hosted.url, 'x-forwarded-for': '192.0.2.7' },
          )
        ).status,
      );
    expect(statuses.at(-1)).toBe(429);
  });

  it('another site can make a browser ask, not change', async () => {
    const headers = { cookie: ada.cookie, origin: 'https://evil.example' };
    expect((await hosted.ask('POST', '/v1/account/keys', {}, headers)).status).toBe(403);
    expect((await hosted.ask('POST', '/v1/account/keys', {}, { cookie: ada.cookie })).status).toBe(403);
    expect((await hosted.ask('POST', `${IDENTITY_PATH}/sign-out`, {}, headers)).status).toBe(403);
    expect((await doors.account(ada)).status).toBe(200);
  });

  it('what the library could do beyond the list is not there', async () => {
    for (const path of ['/delete-user', '/change-email', '/update-user', '/organization/delete', '/list-accounts'])
      expect([path, (await ada.identity(path, {})).status]).toEqual([path, 404]);
  });
});

describe('keys', () => {
  it('are shown once, kept as a hash, limited to their scopes, and note their use', async () => {
    const made = await doors.makeKey(ada, ['usage']);
    const { rows } = await doors.sql('SELECT * FROM auth.api_keys WHERE key_id = $1', made.key_id);
    expect(JSON.stringify(rows)).not.toContain(made.key);
    expect(made.key.startsWith(made.prefix)).toBe(true);
    expect((await doors.withToken(made.key, 'GET', '/v1/usage')).status).toBe(200);
    expect(await doors.withToken(made.key, 'GET', '/v1/models')).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
    const list = await ada.call<{ keys: KeyView[] }>('GET', '/v1/account/keys');
    expect(JSON.stringify(list.body)).not.toContain(made.key);
    await expect
      .poll(async () => (await ada.call<{ keys: KeyView[] }>('GET', '/v1/account/keys')).body.keys[0]?.last_used_at)
      .not.toBeNull();
    expect((await ada.call('DELETE', `/v1/account/keys/${made.key_id}`)).status).toBe(200);
    await expect.poll(() => doors.works(made.key)).toBe(false);
  });

  it('end with their time', async () => {
    const { key, key_id: id } = await doors.makeKey(ada);
    await doors.sql(`UPDATE auth.api_keys SET expires_at = now() - interval '1 second' WHERE key_id = $1`, id);
    expect(await doors.works(key)).toBe(false);
  });

  it('reach no further than the key that made them', async () => {
    const { key } = await doors.makeKey(ada, ['account']);
    const body = { name: 'wider', scopes: ['work'], expires_in_days: null };
    expect((await doors.withToken(key, 'POST', '/v1/account/keys', body)).status).toBe(403);
    expect((await doors.withToken(key, 'POST', '/v1/oauth/authorize', {})).status).toBe(403);
  });
});

describe('what each event takes away', () => {
  /** Whether each kind of credential still works afterwards; docs/accounts.md shows the same table. */
  const TABLE: Record<string, readonly [session: boolean, signIn: boolean, key: boolean]> = {
    'password reset': [false, false, true],
    'signed out everywhere': [false, false, true],
    'account seized': [false, false, false],
    'browser signed out': [false, true, true],
    'device signed out': [true, false, true],
    'key revoked': [true, true, false],
  };
  const EVENTS: Record<string, (person: Person, key: MadeKey) => Promise<unknown>> = {
    'password reset': async (person) => {
      await doors.identity('/request-password-reset', { email: person.email, redirectTo: '/reset' });
      const [, resetToken] = await hosted.mail.waitFor(person.email, /reset-password\/([\w-]+)/);
      const set = await doors.identity('/reset-password', { token: resetToken, newPassword: 'another long password' });
      expect(set.status).toBe(200);
      expect(
        (await doors.identity('/reset-password', { token: resetToken, newPassword: 'a third password' })).status,
      ).toBe(400);
      expect([await person.signIn(PASSWORD)]).not.toContain(200);
    },
    'signed out everywhere': (person) => person.call('DELETE', '/v1/account/sign-ins'),
    'account seized': (person) => doors.sql('UPDATE auth."user" SET "seizedAt" = now() WHERE "id" = $1', person.id),
    'browser signed out': (person) => person.identity('/sign-out', {}),
    'device signed out': async (person) => {
      const { body } = await person.call<{ sign_ins: SignInView[] }>('GET', '/v1/account/sign-ins');
      const device = body.sign_ins.find(({ kind }) => kind === 'device');
      expect(body.sign_ins.filter(({ current }) => current)).toMatchObject([{ kind: 'browser' }]);
      await person.call('DELETE', `/v1/account/sign-ins/${device?.sign_in_id ?? ''}`);
    },
    'key revoked': (person, key) => person.call('DELETE', `/v1/account/keys/${key.key_id}`),
  };
  it.each(Object.entries(TABLE))('%s', async (event, expected) => {
    const person = await hosted.person('Carl');
    const [tokens, key] = [await doors.signInDevice(person), await doors.makeKey(person)];
    const state = async () => [
      (await doors.account(person)).status === 200,
      await doors.works(tokens.access_token),
      await doors.works(key.key),
    ];
    const { cookie } = person;
    expect(await state()).toEqual([true, true, true]);
    await EVENTS[event]?.(person, key);
    person.cookie = cookie;
    await expect.poll(state, { timeout: 10_000 }).toEqual(expected);
    if (!expected[1]) expect(await doors.refresh(tokens.refresh_token)).toMatchObject(refused('invalid_grant'));
  });

  it('an open stream of a revoked key ends within ten seconds', async () => {
    const { key, key_id: id } = await doors.makeKey(ada);
    const client = new TestClient({ url: hosted.url, token: key });
    const run = await client.submit(await client.planRequest('silent'));
    expect(run.status).toBe(200);
    const response = await fetch(`${hosted.url}/v1/jobs/${run.body.run_id}/events`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const ended = response.text().then(
      () => 'ended',
      () => 'broken off',
    );
    await ada.call('DELETE', `/v1/account/keys/${id}`);
    const revokedAt = performance.now();
    expect(await ended).toBe('broken off');
    expect(performance.now() - revokedAt).toBeLessThan(10_000);
    await ada.call('POST', `/v1/jobs/${run.body.run_id}/cancel`);
  });
});

describe('organisations', () => {
  let organisation: string;
  let billing: Person;
  const actingFor = (person: Person) => person.call<AccountView>('GET', '/v1/account', undefined, organisation);
  async function invite(person: Person, role: string): Promise<void> {
    const sent = hosted.mail.mails.length;
    const invited = await ada.identity('/organization/invite-member', {
      organizationId: organisation,
      email: person.email,
      role,
    });
    expect(invited.status).toBe(200);
    const [, invitationId] = await hosted.mail.waitFor(person.email, /invitation\?id=([\w-]+)/, sent);
    expect((await person.identity('/organization/accept-invitation', { invitationId })).status).toBe(200);
  }
  const memberId = async (person: Person): Promise<string> =>
    ((await doors.sql('SELECT "id" FROM auth.member WHERE "userId" = $1', person.id)).rows[0] as { id: string }).id;
  const setRole = async (person: Person, role: string) =>
    ada.identity('/organization/update-member-role', {
      organizationId: organisation,
      memberId: await memberId(person),
      role,
    });

  beforeAll(async () => {
    const made = await ada.identity<{ id: string }>('/organization/create', { name: 'Chips & Co', slug: 'chips' });
    expect(made.status).toBe(200);
    organisation = made.body.id;
    billing = await hosted.person('Dora');
    await invite(bob, 'admin');
    await invite(billing, 'billing');
  });

  it('act with their own account; a stranger does not act for them', async () => {
    expect((await actingFor(bob)).body).toMatchObject({ account_id: `org_${organisation}`, role: 'admin' });
    const eve = await hosted.person('Eve');
    expect(await actingFor(eve)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    const own = await doors.makeKey(ada);
    expect(
      (await doors.withToken(own.key, 'GET', '/v1/account', undefined, { [ORGANISATION_HEADER]: organisation })).status,
    ).toBe(403);
  });

  it('every role may on every route what the table says', async () => {
    const root = await hosted.person('Root');
    await doors.sql(`UPDATE auth."user" SET "email" = 'root@example.com' WHERE "id" = $1`, root.id);
    const fred = await hosted.person('Fred');
    await invite(fred, 'member');
    const who: Partial<Record<Role, readonly [Person, string | undefined]>> = {
      person: [fred, undefined],
      operator: [root, undefined],
      owner: [ada, organisation],
      admin: [bob, organisation],
      billing: [billing, organisation],
      member: [fred, organisation],
    };
    for (const [role, [person, acting]] of Object.entries(who)) {
      for (const [name, methods] of Object.entries(ROUTE_ACCESS)) {
        for (const [method, action] of Object.entries(methods)) {
          // signs everybody out; its action is that of its neighbours
          if (action === 'open' || action === 'link' || (name === 'signIns' && method === 'DELETE')) continue;
          const path = API_ROUTES[name as keyof typeof API_ROUTES].replace(/:\w+/g, 'x');
          const answer = await person.call<{ code?: string }>(method, path, method === 'GET' ? undefined : {}, acting);
          const may = mayDo({ role: role as Role, scopes: null }, action as Action);
          expect([role, method, path, answer.status === 403, answer.status < 500]).toEqual([
            role,
            method,
            path,
            !may,
            true,
          ]);
        }
      }
    }
    // what operators see of the whole service, and that no key of theirs does
    const accounts = await root.call<OperatorAccounts>('GET', '/v1/operator/accounts?q=ROOT@example');
    expect(accounts.body).toMatchObject({
      total: 1,
      accounts: [{ account_id: `user_${root.id}`, kind: 'user', handle: 'root@example.com', members: null }],
    });
    const ofOrganisation = await root.call<OperatorAccounts>('GET', `/v1/operator/accounts?q=org_${organisation}`);
    expect(ofOrganisation.body).toMatchObject({ total: 1, accounts: [{ kind: 'organisation', members: 4 }] });
    expect((await root.call<OperatorLedger>('GET', '/v1/operator/ledger')).body.problems).toEqual([]);
    const key = await doors.makeKey(root, [...SCOPES]);
    for (const path of ['accounts', 'runs', 'ledger', 'costs', 'health'])
      expect([path, (await doors.withToken(key.key, 'GET', `/v1/operator/${path}`)).status]).toEqual([path, 403]);
  });

  it('the library asks the same table: who may not manage members invites nobody', async () => {
    for (const [person, status] of [
      [billing, 403],
      [bob, 200],
    ] as const)
      expect(
        (
          await person.identity('/organization/invite-member', {
            organizationId: organisation,
            email: `guest-${status}@example.com`,
            role: 'member',
          })
        ).status,
      ).toBe(status);
  });

  it('the last owner neither leaves nor becomes less', async () => {
    expect((await ada.identity('/organization/leave', { organizationId: organisation })).status).toBeGreaterThanOrEqual(
      400,
    );
    expect((await setRole(ada, 'member')).status).toBeGreaterThanOrEqual(400);
    await expect(doors.sql('DELETE FROM auth.member WHERE "userId" = $1', ada.id)).rejects.toThrow('last owner');
    expect((await actingFor(ada)).body.role).toBe('owner');
  });

  it('a demotion and a removal hold at once, and take the keys that were made', async () => {
    const key = await doors.makeKey(bob, [...SCOPES], organisation);
    expect((await doors.withToken<AccountView>(key.key, 'GET', '/v1/account')).body.account_id).toBe(
      `org_${organisation}`,
    );
    expect((await setRole(bob, 'member')).status).toBe(200);
    await expect.poll(async () => (await actingFor(bob)).body.role).toBe('member');
    await expect.poll(() => doors.works(key.key)).toBe(false);
    await ada.identity('/organization/remove-member', { organizationId: organisation, memberIdOrEmail: bob.email });
    await expect.poll(async () => (await actingFor(bob)).status).toBe(403);
  });
});
