// Nobody reaches what is another's: every operation of the API's own description, asked with another account's ids in
// path, query, body, header, link and hash, in the ways in which ids can be written.
import { createHash, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  API_ROUTES,
  IDENTITY_PATH,
  ORGANISATION_HEADER,
  type ErrorBody,
  type JobRequest,
  type RunView,
} from '@genrtl/contracts';
import { ROUTE_ACCESS } from '@genrtl/contracts/access.ts';
import { keyOf } from '../test/client.ts';
import type { Reply } from '../test/hosted.ts';
import { AI_RUN, makeKey, openTwoAccounts, SPEC, type TwoAccounts } from './two-accounts-fixture.ts';

let two: TwoAccounts;
let { hosted, document, ada, bob, owner, thief, organisation, invitation, job, run, receipt, key, ids, canaries } =
  {} as TwoAccounts;
beforeAll(async () => {
  two = await openTwoAccounts();
  ({ hosted, document, ada, bob, owner, thief, organisation, invitation, job, run, receipt, key, ids, canaries } = two);
}, 120_000);
afterAll(() => two.close());

const asThief = <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  hosted.ask<T>(method, path, body, {
    authorization: `Bearer ${thief.token}`,
    'idempotency-key': randomUUID(),
    ...headers,
  });
const REFUSED = [403, 404];
/** Refused, and the answer holds nothing of the owner's that was not asked with. */
function expectNothing({ status, body }: Reply<unknown>, what: string, asked: unknown = ''): void {
  const text = JSON.stringify(body);
  const named = what + JSON.stringify(asked);
  expect([what, REFUSED.includes(status) ? 'refused' : status, leaked(text, named)]).toEqual([what, 'refused', []]);
}
const leaked = (text: string, named = ''): string[] =>
  canaries.filter((canary) => text.includes(canary) && !named.includes(canary));
/** Every operation of the description, `operation` as `GET /v1/…/{id}`. */
const operations = (): { method: string; template: string }[] =>
  Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), template })),
  );
/** Of the table of access; null for paths of intents. */
const accessOf = (method: string, template: string): string | undefined => {
  const found = Object.entries(API_ROUTES).find(([, path]) => path.replace(/:(\w+)/g, '{$1}') === template);
  if (found === undefined) return template.startsWith('/api/ai/') ? 'work.run' : undefined;
  return ROUTE_ACCESS[found[0] as keyof typeof API_ROUTES][method as 'GET'];
};

/** Nothing of the owner's was changed by what was tried. */
async function expectUntouched(): Promise<void> {
  expect((await owner.run(run)).status).toBe('succeeded');
  expect((await owner.aiRun(AI_RUN)).runId).toBe(AI_RUN);
  expect((await owner.call<RunView>('GET', `/v1/budgets/${job.job_id}`)).body).toMatchObject({ cap_usd: '20.00' });
  const { body } = await ada.identity<{ name: string; members: unknown[]; invitations: { status: string }[] }>(
    `/organization/get-full-organization?organizationId=${organisation}`,
  );
  expect([body.name, body.members.length, body.invitations.map(({ status }) => status)]).toEqual([
    'Chips of Ada',
    1,
    ['pending'],
  ]);
}

it('ids in path and body: no route gives or changes anything of another account', async () => {
  const bodies: Record<string, unknown> = {
    'POST /v1/jobs': job,
    'POST /v1/cbb/deliver': { receipt_ids: [receipt] },
    'POST /v1/cbb/publish': { archive: ids['sha256'] },
    'POST /v1/cbb/report': { cbb_id: 'cbb_counter', version: '1.0.0', message: 'x', evidence: ids['sha256'] },
    'PUT /v1/cbb/reports/{report_id}': { state: 'closed' },
    'PUT /v1/cbb/{cbb_id}/{version}/yank': { reason: 'stolen' },
    'PUT /v1/packages/{cbb_id}': { visibility: 'private' },
    'POST /api/ai/runs/{run_id}/resume': {},
  };
  /** Names of jobs are each account's own: the thief may have one of the same name, and has spent nothing on it. */
  const OWN_NAMES = ['PUT /v1/budgets/{job_id}', 'GET /v1/usage/{job_id}'];
  let asked = 0;
  for (const { method, template } of operations()) {
    // the thief's own: everything of theirs is signed out
    if (template === API_ROUTES.signIns && method === 'DELETE') continue;
    const name = `${method} ${template}`;
    const own = template.startsWith('/api/ai/') ? { ...ids, run_id: AI_RUN } : ids;
    const path = template.replace(/\{(\w+)\}/g, (_, parameter: string) => own[parameter] ?? `unknown-${parameter}`);
    if (OWN_NAMES.includes(name)) {
      const answer = await asThief(method, path, method === 'GET' ? undefined : { cap_usd: '50.00' });
      const text = JSON.stringify(answer.body);
      expect([name, answer.status, leaked(text)]).toEqual([name, 200, []]);
      expect(text).toMatch(/"(spent|cost)_usd":"0.00"/);
      continue;
    }
    const body = bodies[name] ?? (method === 'GET' ? undefined : {});
    const answer = await asThief(method, path, body);
    expect([name, answer.status < 300 ? leaked(JSON.stringify(answer.body)) : []]).toEqual([name, []]);
    if (bodies[name] === undefined && !/\{(run_id|sha256|key_id|sign_in_id|report_id|user_id|token)\}/.test(template))
      continue;
    asked += 1;
    // what does not have the hash is no such blob, whoever has one
    if (name === 'PUT /v1/blobs/{sha256}') expect([400, 422]).toContain(answer.status);
    else expectNothing(answer, `${method} ${path}`, body);
  }
  expect(asked).toBeGreaterThan(18);
  await expectUntouched();
});

it('a hash that another account sent tells nothing: neither that it is there nor what it holds', async () => {
  const unknown = createHash('sha256').update('nobody has sent this').digest('hex');
  const known = ids['sha256'] ?? '';
  const shape = ({ status, body }: Reply<unknown>) => JSON.stringify([status, body]).replaceAll(known, unknown);
  for (const content of ['', 'another content', 'o', 'ok\n']) {
    const put = (sha256: string) =>
      hosted.ask('PUT', `/v1/blobs/${sha256}`, undefined, { authorization: `Bearer ${thief.token}` });
    const withBody = async (sha256: string): Promise<Reply<unknown>> => {
      const response = await fetch(`${hosted.url}/v1/blobs/${sha256}`, {
        method: 'PUT',
        body: content,
        headers: { authorization: `Bearer ${thief.token}`, 'content-type': 'application/octet-stream' },
      });
      return { status: response.status, body: await response.json(), headers: response.headers };
    };
    const ask = content === '' ? put : withBody;
    expect(shape(await ask(known))).toBe(shape(await ask(unknown)));
  }
  expect(shape(await asThief('GET', `/v1/blobs/${known}`))).toBe(shape(await asThief('GET', `/v1/blobs/${unknown}`)));
  const head = await fetch(`${hosted.url}/v1/blobs/${known}`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${thief.token}`, range: 'bytes=0-0', 'if-none-match': `"${known}"` },
  });
  expect(head.status).toBe(404);
  // every field of every kind of job that names a blob
  const own = await thief.blob('of the thief');
  const common = { ...job, kind: 'implement', spec: own, plan: own, files: [], cbbs: [], notes: [] };
  const repair = { ...common, kind: 'repair', evidence: own };
  const tree = { tool: 'icarus', action: 'lint', sources: [], include_dirs: [], defines: {}, libraries: {}, top: null };
  const cloud = { ...tree, test: null, waves: false, run_folder: 'run', timeout_ms: 1000, files: [] };
  const file = [{ path: 'src/a.sv', sha256: known }];
  const references: Record<string, object> = {
    'plan.spec': { ...job, spec: known },
    'design.spec': { ...job, kind: 'design', spec: known },
    'implement.spec': { ...common, spec: known },
    'implement.plan': { ...common, plan: known },
    'implement.files': { ...common, files: file },
    'repair.evidence': { ...repair, evidence: known },
    'repair.files': { ...repair, files: file },
    'cloud-verify.files': { ...job, kind: 'cloud-verify', ...cloud, files: file },
  };
  for (const [field, fields] of Object.entries(references)) {
    const request = { ...fields, job_id: `job-${field.replace('.', '-')}` } as unknown as JobRequest;
    const { status, body } = await thief.submit(request);
    expect([field, status, (body as unknown as ErrorBody).details]).toEqual([field, 404, { missing: [known] }]);
  }
});

it('an organisation named by the header: 403 on every route, for who does not belong to it, as for one that is none', async () => {
  const routes = operations();
  for (const named of [organisation, 'chips', 'CHIPS', `org_${organisation}`, ' chips ', 'no-such-organisation']) {
    // every route for the two names that lead somewhere, the account alone for the rest
    for (const { method, template } of routes.filter(
      (one) => named === organisation || named === 'chips' || one.template === API_ROUTES.account,
    )) {
      const access = accessOf(method, template);
      if (access === 'open' || access === 'link') continue;
      const path = template.replace(/\{(\w+)\}/g, (_, parameter: string) => ids[parameter] ?? 'x');
      const body = method === 'GET' ? undefined : {};
      const answers = [
        await asThief(method, path, body, { [ORGANISATION_HEADER]: named }),
        ...(named === 'chips' ? [await bob.call(method, path, body, named)] : []),
      ];
      for (const answer of answers)
        expect([method, template, named, answer.status]).toEqual([method, template, named, 403]);
    }
  }
  // one key, one account: the organisation's does not act for its maker, nor the maker's for it
  const { key: ofOrganisation } = await makeKey(ada, organisation);
  const account = (token: string, named: string) =>
    hosted.ask('GET', '/v1/account', undefined, { authorization: `Bearer ${token}`, [ORGANISATION_HEADER]: named });
  expect((await account(ofOrganisation, 'chips')).status).toBe(200);
  for (const named of [ada.id, `user_${ada.id}`, 'other'])
    expect((await account(ofOrganisation, named)).status).toBe(403);
  expect((await account(key.key, organisation)).status).toBe(403);
  // twice, or in the query: what a proxy might merge is no way in either
  expect((await account(thief.token, `, ${organisation}`)).status).toBe(403);
  const inQuery = await asThief<{ account_id: string }>(
    'GET',
    `/v1/account?organisation=${organisation}&${ORGANISATION_HEADER}=${organisation}&account_id=user_${ada.id}`,
  );
  expect(inQuery.body.account_id).toBe(`user_${bob.id}`);
});

it('ids in the query narrow what is one’s own, and never widen it', async () => {
  for (const path of [
    `/v1/usage?job_id=${job.job_id}`,
    `/v1/usage?cursor=0&account_id=user_${ada.id}`,
    `/v1/account/export?account_id=user_${ada.id}`,
    `/v1/account/keys?user_id=${ada.id}`,
    `/v1/billing?account_id=user_${ada.id}`,
    `/v1/billing/invoices?account_id=org_${organisation}`,
  ]) {
    const answer = await asThief(`GET`, path);
    expect([path, answer.status, leaked(JSON.stringify(answer.body))]).toEqual([path, 200, []]);
  }
});

it('event streams give nothing of another’s run, whatever the reader says to have seen', async () => {
  for (const lastSeen of [undefined, '0', '1', '999999999'])
    for (const path of [`/v1/jobs/${run}/events`, `/api/ai/runs/${AI_RUN}/events`]) {
      const headers: Record<string, string> = lastSeen === undefined ? {} : { 'last-event-id': lastSeen };
      expectNothing(await asThief('GET', path, undefined, headers), `${path} ${lastSeen ?? ''}`);
    }
  // the same name of one's own is another run
  const mine = await thief.ask('/api/ai/ask', {
    client: { runId: AI_RUN },
    instruction: 'q',
    context: { text: 'another counter' },
  });
  expect(mine.status).toBe(200);
  expect((await thief.aiRun(AI_RUN)).runId).toBe(AI_RUN);
});

/** A path as it is, past what a client would tidy up. */
const raw = (path: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(hosted.url);
    httpRequest({ hostname, port, path, headers: { authorization: `Bearer ${thief.token}` } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    })
      .on('error', reject)
      .end();
  });

it.each([
  ['another case', (id: string) => id.toUpperCase()],
  ['every letter encoded', (id: string) => [...id].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')],
  ['encoded twice', (id: string) => `%25${id.charCodeAt(0).toString(16)}${id.slice(1)}`],
  ['a NUL behind it', (id: string) => `${id}%00`],
  ['a blank behind it', (id: string) => `${id}%20`],
  ['a slash behind it', (id: string) => `${id}/`],
  ['two slashes before it', (id: string) => `/${id}`],
  ['dots before it', (id: string) => `x/../${id}`],
  ['encoded dots before it', (id: string) => `x%2f..%2f${id}`],
  ['a wildcard', () => '%25'],
  ['a quote', (id: string) => `${id}'%20OR%20'1'='1`],
])('an id with %s leads nowhere', async (_name, write) => {
  for (const path of [
    `/v1/jobs/${write(run)}`,
    `/v1/jobs/${write(run)}/events`,
    `/api/ai/runs/${write(AI_RUN)}`,
    `/v1/blobs/${write(ids['sha256'] ?? '')}`,
    `/v1/downloads/${write('forged.token')}`,
  ]) {
    const { status, body } = await raw(path);
    // the thief has a run of this name
    if (path.startsWith('/api/ai/') && status === 200) expect(body).not.toContain(ada.id);
    else expect([path, status >= 400 && status < 500, leaked(body, `${run} ${AI_RUN}`)]).toEqual([path, true, []]);
  }
});

it('what a link claims is believed only with its signature', async () => {
  const claims = { sha256: ids['sha256'], expires: Date.now() + 60_000, cbb_id: 'x', version: '1.0.0', account: null };
  const forged = Buffer.from(JSON.stringify(claims)).toString('base64url');
  for (const token of [forged, `${forged}.`, `${forged}.${'A'.repeat(43)}`, `.${forged}`, `${forged}.%00`, '..'])
    expectNothing(await asThief('GET', `/v1/downloads/${encodeURIComponent(token)}`), token);
});

it('an organisation’s members, invitations and name are its own', async () => {
  const { rows } = await hosted.database.pool.query<{ id: string }>(
    'SELECT "id" FROM auth.member WHERE "userId" = $1',
    [ada.id],
  );
  const member = rows[0]?.id ?? '';
  const at = { organizationId: organisation };
  const calls: (readonly [path: string, body?: unknown])[] = [
    [`/organization/get-full-organization?organizationId=${organisation}`],
    ['/organization/get-full-organization?organizationSlug=chips'],
    [`/organization/list-invitations?organizationId=${organisation}`],
    [`/organization/get-invitation?id=${invitation}`],
    ['/organization/accept-invitation', { invitationId: invitation }],
    ['/organization/reject-invitation', { invitationId: invitation }],
    ['/organization/cancel-invitation', { invitationId: invitation }],
    ['/organization/update', { ...at, data: { name: 'stolen' } }],
    ['/organization/invite-member', { ...at, email: 'thief@example.com', role: 'owner' }],
    ['/organization/update-member-role', { ...at, memberId: member, role: 'member' }],
    ['/organization/remove-member', { ...at, memberIdOrEmail: ada.email }],
    ['/organization/leave', at],
  ];
  for (const [path, body] of calls) {
    const answer = await bob.identity<unknown>(path, body);
    expect([path, answer.status >= 400 && answer.status < 500, leaked(JSON.stringify(answer.body))]).toEqual([
      path,
      true,
      [],
    ]);
  }
  // the thief's own organisation is no bridge: what stands in it and what is named beside it
  const own = await bob.identity<{ id: string }>('/organization/create', { name: 'Den', slug: 'den' });
  for (const [path, body] of [
    ['/organization/update-member-role', { organizationId: own.body.id, memberId: member, role: 'member' }],
    ['/organization/remove-member', { organizationId: own.body.id, memberIdOrEmail: member }],
    ['/organization/cancel-invitation', { invitationId: invitation, organizationId: own.body.id }],
  ] as const)
    expect([path, (await bob.identity(path, body)).status >= 400]).toEqual([path, true]);
  expect((await bob.call('GET', `${IDENTITY_PATH}/organization/list`)).body).toHaveLength(1);
  await expectUntouched();
});

it('keys of requests are each account’s own', async () => {
  const again = await thief.submit({ ...job, spec: await thief.blob(SPEC) } as JobRequest, keyOf(job));
  expect([again.status, again.body.run_id === run]).toEqual([200, false]);
  await thief.finished(again.body.run_id);
  const bought = await thief.checkout(
    {
      job_id: job.job_id,
      step_id: 's',
      workspace_id: 'ws',
      cbb_id: 'cbb_counter',
      version: '1.0.0',
      price_usd: '0.10',
      cap_usd: null,
    },
    'isolated',
  );
  expect([bought.status, bought.body.receipt.receipt_id === receipt]).toEqual([200, false]);
  // a receipt among one's own gives none of both
  const both = { receipt_ids: [bought.body.receipt.receipt_id, receipt] };
  expectNothing(await asThief('POST', '/v1/cbb/deliver', both), 'deliver', both);
});
