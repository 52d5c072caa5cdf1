// Signing in from the command line, driven whole: the program, the backend, real mail, and a browser for the page.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fakeFlows, fakeRouter } from '../../backend/test/fake-models.ts';
import { openHosted, type Hosted, type Person } from '../../backend/test/hosted.ts';
import { keepOrganisation, keptSignIn, SIGN_INS_FILE } from '../../main/cloud/sign-in-store.ts';
import { runCli } from '../../main/shells/cli/program.ts';

let hosted: Hosted;
let ada: Person;
let folder: string;
beforeAll(async () => {
  // a moment where it is built already
  execFileSync(process.execPath, [join(import.meta.dirname, '../../scripts/build.ts'), 'portal']);
  folder = mkdtempSync(join(tmpdir(), 'genrtl-sign-in-'));
  hosted = await openHosted({ router: fakeRouter(join(folder, 'upstream.txt')), flows: fakeFlows });
  ada = await hosted.person();
}, 120_000);
afterAll(async () => {
  await hosted.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Line {
  readonly event: string;
  readonly url?: string;
  readonly user_code?: string;
  readonly error?: { readonly code: string };
  readonly [name: string]: unknown;
}

/** Runs a command; `on` sees each line as it comes. */
async function cli(home: string, argv: string[], on: (line: Line) => Promise<unknown> = async () => undefined) {
  const lines: Line[] = [];
  const work: Promise<unknown>[] = [];
  const code = await runCli(['--json', ...argv], {
    write: (text) => {
      for (const one of text.split('\n').filter((part) => part !== '')) {
        const line = JSON.parse(one) as Line;
        lines.push(line);
        work.push(on(line));
      }
    },
    writeError: () => undefined,
    env: { PATH: process.env['PATH'], GENRTL_HOME: home, GENRTL_BACKEND_URL: hosted.url },
    cwd: folder,
    interactive: false,
    signal: new AbortController().signal,
  });
  await Promise.all(work);
  return { code, lines, result: lines.at(-1) };
}

const approve = (line: Line, yes: boolean) =>
  line.event === 'code'
    ? ada.call('POST', '/v1/oauth/device/decision', { user_code: line.user_code, approve: yes })
    : Promise.resolve();

/** What the page does once the person has said yes. */
async function authorize(line: Line): Promise<void> {
  if (line.event !== 'open') return;
  const asked = new URL(String(line.url));
  expect(asked.origin + asked.pathname).toBe(`${hosted.url}/authorize`);
  const { body } = await ada.call<{ redirect_to: string }>(
    'POST',
    '/v1/oauth/authorize',
    Object.fromEntries(asked.searchParams),
  );
  // somebody else's answer comes first and is not listened to
  const forged = new URL(body.redirect_to);
  forged.searchParams.set('state', 'forged');
  expect((await fetch(forged)).status).toBe(400);
  expect((await fetch(body.redirect_to)).status).toBe(200);
}

it('by a code: signed in, used, signed out; nothing is left', async () => {
  const home = join(folder, 'device');
  const { code, result } = await cli(home, ['login', '--device'], (line) => approve(line, true));
  expect([code, result]).toMatchObject([0, { status: 'done', email: ada.email }]);
  const file = join(home, SIGN_INS_FILE);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await cli(home, ['whoami'])).result).toMatchObject({ account: ada.email, role: 'person' });
  const usage = await cli(home, ['usage']);
  expect(usage.result).toMatchObject({
    local: false,
    included: { used_usd: '0.00', limit_usd: '5.00' },
    billing: { plan: { plan: 'free' }, on_demand: { limit_usd: '0.00' }, page: `${hosted.url}/account/billing` },
  });
  const consent = await cli(home, ['usage', '--consent']);
  expect([consent.code, consent.result?.error?.code]).toEqual([2, 'REQUEST_INVALID']);
  const { sign_ins: kept } = JSON.parse(readFileSync(file, 'utf8')) as {
    sign_ins: Record<string, { access_token: string }>;
  };
  const token = kept[hosted.url]?.access_token ?? '';
  expect((await cli(home, ['logout'])).result).toMatchObject({ was_signed_in: true });
  await expect
    .poll(async () => (await hosted.ask('GET', '/v1/account', undefined, { authorization: `Bearer ${token}` })).status)
    .toBe(401);
  const after = await cli(home, ['whoami']);
  expect([after.code, after.result?.error?.code]).toEqual([4, 'UNAUTHORIZED']);
  expect((await cli(home, ['logout'])).result).toMatchObject({ was_signed_in: false });
});

it('by a code that the person refuses', async () => {
  const { code, result } = await cli(join(folder, 'denied'), ['login', '--device'], (line) => approve(line, false));
  expect([code, result?.error?.code]).toEqual([4, 'UNAUTHORIZED']);
});

it('by the browser of this machine, where the person refuses: the program is told', async () => {
  const { code, result } = await cli(join(folder, 'refused'), ['login'], async (line) => {
    if (line.event !== 'open') return;
    const asked = Object.fromEntries(new URL(String(line.url)).searchParams);
    const { body } = await ada.call<{ redirect_to: string }>('POST', '/v1/oauth/authorize', {
      ...asked,
      approve: false,
    });
    expect(Object.fromEntries(new URL(body.redirect_to).searchParams)).toEqual({
      state: asked['state'],
      error: 'access_denied',
    });
    expect(await (await fetch(body.redirect_to)).text()).toContain('Refused');
  });
  expect([code, result?.error?.code]).toEqual([4, 'UNAUTHORIZED']);
});

it('an organisation that was chosen on this machine is acted for, over refreshes, until another sign-in', async () => {
  const home = join(folder, 'organisation');
  const { body } = await ada.identity<{ id: string }>('/organization/create', { name: 'Acme', slug: 'acme' });
  await cli(home, ['login'], authorize);
  expect((await cli(home, ['whoami'])).result).toMatchObject({ role: 'person' });
  await keepOrganisation(home, hosted.url, body.id);
  expect((await cli(home, ['whoami'])).result).toMatchObject({ role: 'owner', account_id: `org_${body.id}` });
  const file = join(home, SIGN_INS_FILE);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"ends_at":\d+/, '"ends_at":0'), { mode: 0o600 });
  expect((await cli(home, ['whoami'])).result).toMatchObject({ account_id: `org_${body.id}` });
  expect(readFileSync(file, 'utf8')).not.toContain('"ends_at":0,');
  await keepOrganisation(home, hosted.url, 'none-of-mine');
  const refused = await cli(home, ['whoami']);
  expect([refused.code, refused.result?.error?.code]).toEqual([4, 'FORBIDDEN']);
  await cli(home, ['login'], authorize);
  expect((await cli(home, ['whoami'])).result).toMatchObject({ role: 'person' });
});

it('by the browser of this machine; two programs refresh the same sign-in at once', async () => {
  const home = join(folder, 'browser');
  const { code, result } = await cli(home, ['login'], authorize);
  expect([code, result]).toMatchObject([0, { email: ada.email }]);
  const file = join(home, SIGN_INS_FILE);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/"ends_at":\d+/, '"ends_at":1'));
  const windows = await Promise.all([keptSignIn(home, hosted.url, {}), keptSignIn(home, hosted.url, {})]);
  const tokens = await Promise.all(windows.map(async (one) => one?.accessToken()));
  for (const token of tokens) {
    const answer = await hosted.ask('GET', '/v1/account', undefined, { authorization: `Bearer ${token ?? ''}` });
    expect(answer.status).toBe(200);
  }
  expect((await cli(home, ['whoami'])).code).toBe(0);
});

it('the embedded backend needs no sign-in and says so', async () => {
  let said = '';
  const code = await runCli(['login'], {
    write: () => undefined,
    writeError: (text) => {
      said += text;
    },
    env: { PATH: process.env['PATH'], GENRTL_HOME: join(folder, 'none') },
    cwd: folder,
    interactive: false,
    signal: new AbortController().signal,
  });
  expect([code, said]).toEqual([2, expect.stringContaining('needs no sign-in') as string]);
});

it('the pages and their parts are served, closed to other sites', async () => {
  const parts = new Set<string>();
  for (const path of ['/', '/device', '/authorize', '/reset', '/invitation', '/account', '/account/billing']) {
    const answer = await hosted.ask<string>('GET', path);
    expect([path, answer.status]).toEqual([path, 200]);
    const policy = answer.headers.get('content-security-policy') ?? '';
    for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"])
      expect(policy.split('; ')).toContain(rule);
    for (const [, part] of answer.body.matchAll(/(?:src|href)="([^"]+)"/g)) parts.add(part ?? '');
  }
  expect(parts.size).toBeGreaterThan(2);
  for (const part of parts) {
    const answer = await hosted.ask<string>('GET', part);
    expect([part, answer.status]).toEqual([part, 200]);
    expect(answer.headers.get('cache-control')).toContain(part.includes('/assets/') ? 'immutable' : 'no-cache');
  }
  for (const path of ['/portal/nothing.js', '/portal/assets/../index.html.br', '/portal/%2e%2e%2fpackage.json'])
    expect([path, (await hosted.ask('GET', path)).status]).toEqual([path, 404]);
});
