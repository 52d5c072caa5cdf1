// Packages of organisations, driven whole: people and keys of a hosted backend, the command line as client, a workspace
// on the disk. The gate is a scripted one; everything else is what runs.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Lockfile, ORGANISATION_HEADER, type CbbManifest, type CbbPackage, type CbbReports } from '@genrtl/contracts';
import type { CbbListing, CbbPublications, Delivery } from '@genrtl/contracts';
import { DEVICE_GRANT, type DeviceCode, type MadeKey, type TokenResponse } from '@genrtl/contracts/http/accounts.ts';
import type { OperatorPackages } from '@genrtl/contracts/http/operators.ts';
import { fakeFlows, fakeRouter } from '../../backend/test/fake-models.ts';
import type { OpenApiDocument } from '../../backend/test/openapi.ts';
import { copiedPackage, scriptedGate } from '../../backend/test/scripted-gate.ts';
import { openHosted, type Hosted, type Person } from '../../backend/test/hosted.ts';
import { runCli } from '../../main/shells/cli/program.ts';

let hosted: Hosted;
let folder: string;
/** owner of acme, its member, owner of another organisation, who runs the service */
let ada: Person;
let bob: Person;
let eve: Person;
let root: Person;
const ids: Record<string, string> = {};
const keys: Record<string, string> = {};
const key = (name: string): string => keys[name] ?? '';

async function organisation(person: Person, slug: string): Promise<string> {
  const made = await person.identity<{ id: string }>('/organization/create', { name: slug, slug });
  if (made.status !== 200) throw new Error(JSON.stringify(made.body));
  return made.body.id;
}

async function makeKey(person: Person, scopes: string[], as?: string): Promise<string> {
  const body = { name: 'ci', scopes, expires_in_days: 30 };
  const made = await person.call<MadeKey>('POST', '/v1/account/keys', body, as);
  if (made.status !== 200) throw new Error(JSON.stringify(made.body));
  return made.body.key;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'genrtl-registry-'));
  hosted = await openHosted({
    router: fakeRouter(join(folder, 'upstream.txt')),
    flows: fakeFlows,
    gate: scriptedGate,
    env: { GENRTL_OPERATORS: 'root@example.com' },
  });
  [ada, bob, eve, root] = await Promise.all([
    hosted.person('Ada'),
    hosted.person('Bob'),
    hosted.person('Eve'),
    hosted.person('Root'),
  ]);
  ids['acme'] = await organisation(ada, 'acme');
  ids['bolt'] = await organisation(eve, 'bolt');
  await ada.identity('/organization/invite-member', { email: bob.email, role: 'member', organizationId: ids['acme'] });
  const [, invitation = ''] = await hosted.mail.waitFor(bob.email, /invitation\?id=(\S+)/);
  await bob.identity('/organization/accept-invitation', { invitationId: invitation });
  keys['acme'] = await makeKey(ada, ['work', 'publish'], ids['acme']);
  keys['acme member'] = await makeKey(ada, ['work'], ids['acme']);
  keys['bolt'] = await makeKey(eve, ['work', 'publish'], ids['bolt']);
  keys['eve'] = await makeKey(eve, ['work']);
}, 120_000);
afterAll(async () => {
  await hosted.close();
  rmSync(folder, { recursive: true, force: true });
});

const packageOf = (cbbId: string, version?: string, change?: Partial<CbbManifest>): string =>
  copiedPackage(folder, cbbId, version, change);

interface Line {
  readonly event: string;
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
  readonly listings?: readonly CbbListing[];
  readonly [name: string]: unknown;
}

/** The command line with a key, in a home of its own. */
async function cli(who: string | Record<string, string>, ...argv: string[]): Promise<{ code: number; line: Line }> {
  const lines: Line[] = [];
  const code = await runCli(['--json', ...argv], {
    write: (text) => {
      for (const line of text.split('\n')) if (line !== '') lines.push(JSON.parse(line) as Line);
    },
    writeError: () => undefined,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      GENRTL_HOME: join(folder, 'home'),
      GENRTL_BACKEND_URL: hosted.url,
      ...(typeof who === 'string' ? { GENRTL_TOKEN: who } : who),
    },
    cwd: folder,
    interactive: false,
    signal: new AbortController().signal,
  });
  return { code, line: lines.at(-1) ?? { event: 'none' } };
}

const publish = (who: string, cbbId: string, ...more: string[]) =>
  cli(key(who), 'cbb', 'publish', packageOf(cbbId), ...more);
const found = async (who: string, words: string): Promise<(string | undefined)[]> =>
  ((await cli(key(who), 'cbb', 'search', words)).line.listings ?? []).map(({ manifest }) => manifest.cbb_id);
const ask = <T>(token: string, method: string, path: string, body?: unknown) =>
  hosted.ask<T>(method, path, body, { authorization: `Bearer ${token}`, 'idempotency-key': `k-${Math.random()}` });
const pathOf = (id: string, rest = ''): string => `/v1/cbb/${encodeURIComponent(id)}${rest}`;

describe('an organisation publishes into its own scope', () => {
  it('and another installs, verifies, reports and lists it by its scoped id, with the command line', async () => {
    const published = await publish('acme', '@acme/edge-detect');
    expect(published).toMatchObject({
      code: 0,
      line: { publication: { cbb_id: '@acme/edge-detect', status: 'published' } },
    });
    const workspace = join(folder, 'ws');
    mkdirSync(workspace);
    const asked = await cli(key('bolt'), 'cbb', 'install', '@acme/edge-detect@1.0.0', '--workspace', workspace);
    expect(asked.line.error?.code).toBe('APPROVAL_NEEDED');
    const done = await cli(key('bolt'), 'cbb', 'install', '@acme/edge-detect@1.0.0', '--workspace', workspace, '--yes');
    expect(done).toMatchObject({
      code: 0,
      line: { installed: [{ cbb_id: '@acme/edge-detect', version: '1.0.0', state: 'installed' }] },
    });
    const vendor = join(workspace, '.genRTL/vendor/cbb/@acme/edge-detect/1.0.0');
    expect(existsSync(join(vendor, 'rtl/cbb_edge_detect.sv'))).toBe(true);
    expect(readFileSync(join(workspace, '.genRTL/build/filelist_rtl.f'), 'utf8')).toContain(
      '.genRTL/vendor/cbb/@acme/edge-detect/1.0.0/rtl/cbb_edge_detect.sv',
    );
    const lock = Lockfile.parse(JSON.parse(readFileSync(join(workspace, '.genRTL/genRTL.lock.json'), 'utf8')));
    expect(lock.installed).toMatchObject([{ cbb_id: '@acme/edge-detect', version: '1.0.0' }]);
    expect((await cli(key('bolt'), 'cbb', 'verify', '--workspace', workspace)).line).toMatchObject({
      checked: 1,
      problems: [],
    });
    rmSync(join(vendor, 'rtl'), { recursive: true });
    expect((await cli(key('bolt'), 'cbb', 'verify', '--workspace', workspace)).code).toBe(3);
    expect((await cli(key('bolt'), 'cbb', 'install', '--workspace', workspace)).line).toMatchObject({
      installed: [{ cbb_id: '@acme/edge-detect', state: 'restored' }],
    });
    // the sources lint where they lie, by the tools that take them from the file list
    writeFileSync(
      join(workspace, 'top.sv'),
      'module top(input clk, rst_n, d, output rose, fell);\n  cbb_edge_detect u(.clk, .rst_n, .d, .rose, .fell);\nendmodule\n',
    );
    mkdirSync(join(workspace, 'src'));
    cpSync(join(workspace, 'top.sv'), join(workspace, 'src/top.sv'));
    for (const tool of ['icarus', 'verilator', 'yosys'])
      expect([
        tool,
        await cli(key('bolt'), 'lint', '--workspace', workspace, '--tool', tool, '--top', 'top'),
      ]).toMatchObject([tool, { code: 0 }]);
    const report = await cli(key('bolt'), 'cbb', 'report', '@acme/edge-detect@1.0.0', '--message', 'late by a cycle');
    expect(report.code).toBe(0);
    const { body } = await ada.call<CbbReports>('GET', '/v1/cbb/reports', undefined, ids['acme']);
    expect(body.reports).toMatchObject([{ cbb_id: '@acme/edge-detect', message: 'late by a cycle', closed_at: null }]);
  }, 60_000);

  it('counts what is delivered and the jobs that end well with it, each once', async () => {
    const passed = { job_id: 'j1', cbbs: [{ cbb_id: '@acme/edge-detect', version: '1.0.0' }] };
    expect((await ask(key('bolt'), 'POST', '/v1/cbb/passes', passed)).body).toEqual({ counted: 1 });
    expect((await ask(key('bolt'), 'POST', '/v1/cbb/passes', passed)).body).toEqual({ counted: 0 });
    // not bought
    expect((await ask(key('eve'), 'POST', '/v1/cbb/passes', passed)).body).toEqual({ counted: 0 });
    const counts = async () =>
      (await ask<CbbListing>(key('bolt'), 'GET', pathOf('@acme/edge-detect', '/1.0.0'))).body.counts;
    // bought once, restored once
    await expect.poll(counts).toEqual({ downloads: 2, passes: 1 });
    expect((await ask<CbbPackage>(key('eve'), 'GET', '/v1/packages/%40acme%2Fedge-detect')).body).toMatchObject({
      visibility: 'public',
      owners: [],
      versions: [{ version: '1.0.0', yanked: false, downloads: 2, passes: 1 }],
    });
  });

  it.each([
    ['another’s scope', 'bolt', '@acme/other', 'FORBIDDEN'],
    ['no scope', 'acme', 'cbb_other', 'FORBIDDEN'],
    ['a scope of nobody', 'acme', '@nobody/other', 'FORBIDDEN'],
    ['drawn alike in the own scope', 'acme', '@acme/edge_detect', 'CBB_GATE_FAILED'],
    ['with what is overlooked in the own scope', 'acme', '@acme/edge--detect', 'CBB_GATE_FAILED'],
    ['capitals', 'acme', '@acme/Edge', 'CBB_GATE_FAILED'],
    ['a Cyrillic letter', 'acme', '@аcme/edge', 'CBB_GATE_FAILED'],
  ])('%s: refused', async (_, who, id, code) => {
    expect((await publish(who, id)).line.error?.code).toBe(code);
  });

  it('a gate that finds something: refused with it, nothing is taken, and both sides see it', async () => {
    const broken = packageOf('@acme/broken', '1.0.0', { title: 'broken' });
    const refused = await cli(key('acme'), 'cbb', 'publish', broken);
    expect(refused.line.error?.message).toContain('tb_x fails under icarus');
    const { body } = await ada.call<CbbPublications>('GET', '/v1/cbb/publications', undefined, ids['acme']);
    expect(body.publications.find((one) => one.cbb_id === '@acme/broken')).toMatchObject({
      status: 'refused',
      findings: ['benches: tb_x fails under icarus'],
    });
  });
});

it.each(['acrne', 'acmee', 'acem', 'ac-me', 'genrt1'])(
  'an organisation called %s does not publish: it looks like another',
  async (slug) => {
    const token = await makeKey(eve, ['work', 'publish'], await organisation(eve, slug));
    const { line } = await cli(token, 'cbb', 'publish', packageOf(`@${slug}/edge-detect`));
    expect(line.error).toMatchObject({ code: 'CBB_GATE_FAILED' });
    expect(line.error?.message).toContain('looks like @');
  },
);

describe('a private package', () => {
  const ID = '@acme/secret';
  let delivery: Delivery;

  it('is seen, searched, resolved, bought and delivered by the members', async () => {
    expect((await publish('acme', ID, '--private')).code).toBe(0);
    expect(await found('acme member', 'secret')).toEqual([ID]);
    const workspace = join(folder, 'private-ws');
    mkdirSync(workspace);
    const done = await cli(key('acme member'), 'cbb', 'install', ID, '--workspace', workspace, '--yes');
    expect(done).toMatchObject({ code: 0, line: { installed: [{ cbb_id: ID, state: 'installed' }] } });
    const lock = Lockfile.parse(JSON.parse(readFileSync(join(workspace, '.genRTL/genRTL.lock.json'), 'utf8')));
    const body = { receipt_ids: [lock.installed[0]?.receipt_id] };
    const delivered = await ask<{ deliveries: Delivery[] }>(key('acme member'), 'POST', '/v1/cbb/deliver', body);
    delivery = delivered.body.deliveries[0] as Delivery;
    expect(delivery).toMatchObject({ cbb_id: ID, expires_in: 600 });
    expect(delivery.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(delivery.signature).not.toBe('');
  });

  it.each(['bolt', 'eve'])('is not there for %s, whichever way it is asked for', async (who) => {
    const token = key(who);
    expect(await found(who, 'secret')).toEqual([]);
    expect((await cli(token, 'cbb', 'resolve', ID)).line.error?.code).toBe('CBB_NOT_FOUND');
    const one = { cbb_id: ID, version: '1.0.0' };
    const wanted = { ...one, job_id: null, step_id: null, workspace_id: 'w', price_usd: '0.10', cap_usd: null };
    const bodies: Record<string, unknown> = {
      'POST /v1/cbb/checkout': wanted,
      'POST /v1/cbb/deliver': { receipt_ids: [delivery.receipt_id] },
      'POST /v1/cbb/report': { ...one, message: 'm', evidence: null },
      'PUT /v1/cbb/{cbb_id}/{version}/yank': { reason: 'x' },
      'PUT /v1/packages/{cbb_id}': { visibility: 'public' },
    };
    const named: Record<string, string> = {
      ...one,
      token: new URL(delivery.download_url).pathname.split('/').at(-1) ?? '',
      sha256: delivery.sha256,
      user_id: eve.id,
    };
    const { body: document } = await hosted.ask<OpenApiDocument>('GET', '/openapi.json');
    let asked = 0;
    for (const [template, operations] of Object.entries(document.paths))
      for (const method of Object.keys(operations).map((name) => name.toUpperCase())) {
        const body = bodies[`${method} ${template}`];
        if (body === undefined && !/\{(cbb_id|token|sha256)\}/.test(template)) continue;
        if (template.includes('{sha256}') && method !== 'GET') continue;
        const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(named[name] ?? name));
        // with all that a key may, and with all that an owner may in the browser
        const inBrowser = { cookie: eve.cookie, origin: hosted.url, [ORGANISATION_HEADER]: ids['bolt'] ?? '' };
        const answers = [
          await ask(token, method, path, body),
          await hosted.ask(method, path, body, { ...inBrowser, 'idempotency-key': `browser-${asked}` }),
        ];
        for (const { status } of answers)
          expect([method, path, [403, 404].includes(status) ? 'refused' : status]).toEqual([method, path, 'refused']);
        asked += 1;
      }
    expect(asked).toBeGreaterThanOrEqual(13);
  });

  it('has links that lead nobody there without the account', async () => {
    expect((await hosted.ask('GET', new URL(delivery.download_url).pathname)).status).toBe(401);
    expect((await ask(key('acme member'), 'GET', new URL(delivery.download_url).pathname)).status).toBe(200);
  });

  it('is public when the organisation says so, and stays it once others have bought it', async () => {
    const path = '/v1/packages/%40acme%2Fsecret';
    const change = (visibility: string) => ada.call<CbbPackage>('PUT', path, { visibility }, ids['acme']);
    expect((await change('public')).body.visibility).toBe('public');
    expect(await found('bolt', 'secret')).toEqual([ID]);
    expect((await change('private')).body.visibility).toBe('private');
    expect(await found('bolt', 'secret')).toEqual([]);
    await change('public');
    const wanted = { job_id: null, step_id: null, workspace_id: 'w', price_usd: '0.10', cap_usd: null };
    const listing = await ask<CbbListing>(key('bolt'), 'GET', pathOf(ID, '/1.0.0'));
    const order = { ...wanted, cbb_id: ID, version: '1.0.0', price_usd: listing.body.manifest.price_usd };
    expect((await ask(key('bolt'), 'POST', '/v1/cbb/checkout', order)).status).toBe(200);
    expect(await change('private')).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await found('bolt', 'secret')).toEqual([ID]);
  });
});

describe('owners', () => {
  const path = (id: string): string => `/v1/packages/%40acme%2Fedge-detect/owners/${id}`;
  /** Members make no keys of an organisation: bob is signed in, as himself, and acts for it. */
  const byBob = (version: string) => {
    const folderOf = packageOf('@acme/edge-detect', version);
    return cli({ GENRTL_TOKEN: bobs, GENRTL_ORGANISATION: 'acme' }, 'cbb', 'publish', folderOf);
  };
  let bobs: string;
  beforeAll(async () => {
    const asked = await hosted.ask<DeviceCode>(
      'POST',
      '/v1/oauth/device',
      new URLSearchParams({ client_id: 'genrtl', device: 'a laptop' }),
    );
    await bob.call('POST', '/v1/oauth/device/decision', { user_code: asked.body.user_code, approve: true });
    const fields = { client_id: 'genrtl', grant_type: DEVICE_GRANT, device_code: asked.body.device_code };
    bobs = (await hosted.ask<TokenResponse>('POST', '/v1/oauth/token', new URLSearchParams(fields))).body.access_token;
  });

  it('a member publishes versions of packages that they own, and of no other', async () => {
    expect((await byBob('1.1.0')).line.error).toMatchObject({ code: 'FORBIDDEN' });
    // only people of the organisation
    expect((await ada.call('PUT', path(eve.id), undefined, ids['acme'])).status).toBe(404);
    expect((await bob.call('PUT', path(bob.id), undefined, ids['acme'])).status).toBe(403);
    const named = await ada.call<CbbPackage>('PUT', path(bob.id), undefined, ids['acme']);
    expect(named.body.owners).toMatchObject([{ user_id: bob.id, email: bob.email }]);
    expect((await byBob('1.1.0')).line).toMatchObject({ publication: { status: 'published', version: '1.1.0' } });
    await ada.call('DELETE', path(bob.id), undefined, ids['acme']);
    expect((await byBob('1.2.0')).line.error).toMatchObject({ code: 'FORBIDDEN' });
    expect(
      (await bob.call('PUT', pathOf('@acme/edge-detect', '/1.1.0/yank'), { reason: 'x' }, ids['acme'])).status,
    ).toBe(403);
  }, 60_000);
});

describe('a withdrawn version', () => {
  it('is not chosen any more, while installed copies stay whole and are restored', async () => {
    const token = key('bolt');
    const workspace = join(folder, 'ws');
    const upgraded = await cli(token, 'cbb', 'upgrade', '@acme/edge-detect', '--workspace', workspace, '--yes');
    expect(upgraded.line).toMatchObject({ installed: [{ version: '1.1.0' }] });
    expect((await cli(token, 'cbb', 'yank', '@acme/edge-detect@1.1.0', '--reason', 'mine?')).line.error?.code).toBe(
      'FORBIDDEN',
    );
    const withdrawn = await cli(key('acme'), 'cbb', 'yank', '@acme/edge-detect@1.1.0', '--reason', 'misses an edge');
    expect(withdrawn.code).toBe(0);
    const resolved = await cli(token, 'cbb', 'resolve', '@acme/edge-detect');
    expect(resolved.line).toMatchObject({ resolution: { quote: { version: '1.0.0' } } });
    rmSync(join(workspace, '.genRTL/vendor/cbb/@acme/edge-detect/1.1.0'), { recursive: true });
    expect((await cli(token, 'cbb', 'install', '--workspace', workspace)).line).toMatchObject({
      installed: [{ version: '1.1.0', state: 'restored' }],
    });
    expect((await cli(key('acme'), 'cbb', 'yank', '@acme/edge-detect@1.1.0', '--undo')).code).toBe(0);
    expect((await cli(token, 'cbb', 'resolve', '@acme/edge-detect')).line).toMatchObject({
      resolution: { quote: { version: '1.1.0' } },
    });
  }, 30_000);

  it('by the operators stays withdrawn', async () => {
    await hosted.database.pool.query(`UPDATE auth."user" SET "email" = 'root@example.com' WHERE "id" = $1`, [root.id]);
    await expect
      .poll(async () => (await root.call<{ role: string }>('GET', '/v1/account')).body.role, { timeout: 10_000 })
      .toBe('operator');
    const review = await root.call<OperatorPackages>('GET', '/v1/operator/packages');
    expect(review.body.publications).toContainEqual(
      expect.objectContaining({ cbb_id: '@acme/broken', account: 'acme', status: 'refused' }),
    );
    expect(review.body.reported).toMatchObject([
      { cbb_id: '@acme/edge-detect', account: 'acme', open_reports: 1, yanked: false },
    ]);
    const path = pathOf('@acme/edge-detect', '/1.0.0/yank');
    expect((await root.call('PUT', path, { reason: 'malware' })).status).toBe(200);
    expect((await ada.call('DELETE', path, undefined, ids['acme'])).status).toBe(403);
    const [report] = (await ada.call<CbbReports>('GET', '/v1/cbb/reports', undefined, ids['acme'])).body.reports;
    const inbox = `/v1/cbb/reports/${report?.report_id}`;
    expect((await eve.call('PUT', inbox, { state: 'closed' }, ids['bolt'])).status).toBe(404);
    expect((await ada.call('PUT', inbox, { state: 'closed' }, ids['acme'])).status).toBe(200);
    expect((await root.call<OperatorPackages>('GET', '/v1/operator/packages')).body.reported).toEqual([]);
    expect((await ada.call('GET', '/v1/operator/packages')).status).toBe(403);
  });
});
