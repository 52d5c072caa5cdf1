// A hosted backend for the tests of accounts, and what people and programs do there to get in.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { IDENTITY_PATH } from '@genrtl/contracts';
import {
  DEVICE_GRANT,
  type AccountView,
  type DeviceCode,
  type MadeKey,
  type TokenResponse,
} from '@genrtl/contracts/http/accounts.ts';
import { fakeFlows, fakeRouter } from '../test/fake-models.ts';
import { openHosted, type Hosted, type Person, type Reply } from '../test/hosted.ts';

export const refused = (error: string) => ({ status: 400, body: { error } });

export async function openDoors() {
  const folder = mkdtempSync(join(tmpdir(), 'genrtl-accounts-'));
  const hosted = await openHosted({
    router: fakeRouter(join(folder, 'upstream.txt')),
    flows: fakeFlows,
    env: { GENRTL_OPERATORS: 'root@example.com' },
  });
  return {
    ...doorsOf(hosted),
    hosted,
    close: async () => {
      await hosted.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type Doors = Awaited<ReturnType<typeof openDoors>>;

function doorsOf(hosted: Hosted) {
  const sql = (text: string, ...values: unknown[]) => hosted.database.pool.query(text, values);
  const withToken = <T>(
    token: string,
    method: string,
    path: string,
    body?: unknown,
    more: Record<string, string> = {},
  ) => hosted.ask<T>(method, path, body, { authorization: `Bearer ${token}`, ...more });
  const identity = <T>(path: string, body: unknown, origin = hosted.url): Promise<Reply<T>> =>
    hosted.ask<T>('POST', `${IDENTITY_PATH}${path}`, body, { origin });
  const token = <T = TokenResponse>(fields: Record<string, string>): Promise<Reply<T>> =>
    hosted.ask<T>('POST', '/v1/oauth/token', new URLSearchParams({ client_id: 'genrtl', ...fields }));
  const makeKey = async (person: Person, scopes: string[] = ['work'], organisation?: string): Promise<MadeKey> => {
    const made = await person.call<MadeKey>(
      'POST',
      '/v1/account/keys',
      { name: 'ci', scopes, expires_in_days: 30 },
      organisation,
    );
    expect(made.status).toBe(200);
    return made.body;
  };
  const askDevice = async (): Promise<DeviceCode> => {
    const fields = new URLSearchParams({ client_id: 'genrtl', device: 'a laptop' });
    return (await hosted.ask<DeviceCode>('POST', '/v1/oauth/device', fields)).body;
  };
  const poll = (code: DeviceCode) => token({ grant_type: DEVICE_GRANT, device_code: code.device_code });
  const refresh = (refreshToken: string) => token({ grant_type: 'refresh_token', refresh_token: refreshToken });
  const decide = (person: Person, userCode: string, approve: boolean) =>
    person.call('POST', '/v1/oauth/device/decision', { user_code: userCode, approve });
  async function signInDevice(person: Person): Promise<TokenResponse> {
    const code = await askDevice();
    expect((await decide(person, code.user_code, true)).status).toBe(200);
    return (await poll(code)).body;
  }
  const works = async (token: string): Promise<boolean> =>
    (await withToken(token, 'GET', '/v1/account')).status === 200;
  const account = async (person: Person): Promise<Reply<AccountView>> => person.call('GET', '/v1/account');
  return { sql, withToken, identity, token, makeKey, askDevice, poll, refresh, decide, signInDevice, works, account };
}
