// A person's and an organisation's data: all of it comes out, and all of it goes. Canary words are planted wherever a
// person can leave some, and looked for in every table, object, log and mail afterwards.
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeletionView, MadeKey } from '@genrtl/contracts/http/accounts.ts';
import type { ErrorBody, RunView } from '@genrtl/contracts';
import { checkLedger } from '../ledger/index.ts';
import { FolderStore } from '../objects/index.ts';
import { fakeFlows, fakeRouter } from '../test/fake-models.ts';
import { keyOf, TestClient } from '../test/client.ts';
import { openHosted, type Hosted, type Person } from '../test/hosted.ts';
import { Deletions } from './deletion.ts';
import { TREATMENTS } from './treatments.ts';

const CANARY = `canary-${randomUUID().slice(0, 8)}`;
let hosted: Hosted;
let home: string;
beforeAll(async () => {
  hosted = await openHosted({ router: fakeRouter('/dev/null'), flows: fakeFlows });
  home = hosted.home;
}, 240_000);
afterAll(() => hosted.close());

const sql = async <T>(text: string, values: unknown[] = []): Promise<T[]> =>
  (await hosted.database.pool.query(text, values)).rows as T[];

/** The same service with the process's own wiring, without its waits. */
const deletions = (): Deletions =>
  new Deletions({
    pool: hosted.database.pool,
    objects: new FolderStore(join(home, 'objects')),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    delayMs: 0,
    graceMs: 0,
    settleMs: 0,
    cancel: () => Promise.resolve(),
    endBilling: () => Promise.resolve(),
    forget: () => Promise.resolve(),
  });

async function keyFor(person: Person, organisation?: string): Promise<string> {
  const made = await person.call<MadeKey>(
    'POST',
    '/v1/account/keys',
    { name: CANARY, scopes: ['work', 'account'], expires_in_days: null },
    organisation,
  );
  return made.body.key;
}

/** Work in every table that a person writes into; returns what identifies it. */
async function plant(person: Person, organisation?: string): Promise<{ blob: string; jobId: string }> {
  const client = new TestClient({ url: hosted.url, token: await keyFor(person, organisation) });
  const request = await client.planRequest('ok', { step_id: 'plan_1', spec_name: `${CANARY}.md` } as never);
  const run = (await client.submit(request)).body;
  await client.finished(run.run_id);
  const blob = await client.blob(`words ${CANARY} of ${person.id} ${organisation ?? ''}`);
  await client
    .call('POST', '/api/ai/ask', {
      client: { runId: `r-${CANARY}-${person.id}-${organisation ?? ''}`.slice(0, 60) },
      instruction: CANARY,
      context: { text: CANARY },
    })
    .catch(() => undefined);
  await client.call('POST', '/v1/cbb/report', {
    cbb_id: 'cbb_fifo_sync',
    version: '1.0.0',
    message: CANARY,
    evidence: null,
  });
  return { blob, jobId: request.job_id };
}

/** Every place where the words still stand: `table` for rows of it, paths for files. */
async function findAll(words: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const tables = await sql<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  for (const { name } of tables)
    for (const word of words)
      if ((await sql(`SELECT 1 FROM ${name} t WHERE strpos(t::text, $1) > 0 LIMIT 1`, [word])).length > 0)
        found.push(`${name}: ${word}`);
  for (const file of await readdir(home, { recursive: true, withFileTypes: true })) {
    if (!file.isFile() || file.parentPath.includes('/cache/') || file.parentPath.includes('/database')) continue;
    const text = await readFile(join(file.parentPath, file.name), 'latin1');
    for (const word of words) if (text.includes(word)) found.push(`${file.name}: ${word}`);
  }
  return found;
}

it('every table declares what becomes of it', async () => {
  const tables = await sql<{ name: string }>(
    `SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  const declared = new Set(TREATMENTS.map(({ table }) => table));
  expect(tables.map(({ name }) => name).filter((name) => !declared.has(name))).toEqual([]);
  expect(declared.size).toBe(TREATMENTS.length);
});

describe('a person', () => {
  it('gets all data, and nothing of it is left after the deletion; the books stay, of nobody', async () => {
    const eve = await hosted.person(`Eve ${CANARY}`.replace(/\W/g, ''));
    const bystander = await hosted.person('Bystander');
    const kept = await plant(bystander);
    const { blob } = await plant(eve);
    // the same words, sent by somebody else as well
    const shared = 'shared words';
    for (const person of [eve, bystander])
      await new TestClient({ url: hosted.url, token: await keyFor(person) }).blob(shared);

    const exported = await eve.call<string>('GET', '/v1/account/export');
    const lines = String(exported.body)
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { table?: string; row?: object; object?: string; base64?: string; end?: true },
      );
    expect(lines.at(-1)).toMatchObject({ end: true });
    const tables = new Set(lines.map(({ table }) => table));
    for (const table of [
      'public.runs',
      'public.flow_runs',
      'public.cbb_reports',
      'auth.user',
      'auth.api_keys',
      'public.journal_entries',
    ])
      expect([...tables]).toContain(table);
    expect(Buffer.from(lines.find(({ object }) => object === blob)?.base64 ?? '', 'base64').toString()).toContain(
      CANARY,
    );
    expect(JSON.stringify(lines)).not.toContain(bystander.id);
    expect(JSON.stringify(lines)).not.toMatch(/"(hash|password|token)":/);

    // asked for with the wrong words, by a key: refused; asked for rightly: planned, called off, planned again
    const ask = (confirm: string) => eve.call<DeletionView & ErrorBody>('POST', '/v1/account/deletion', { confirm });
    expect((await ask('somebody@example.com')).body.code).toBe('REQUEST_INVALID');
    const key = await keyFor(eve);
    const byKey = await hosted.ask(
      'POST',
      '/v1/account/deletion',
      { confirm: eve.email },
      { authorization: `Bearer ${key}` },
    );
    expect(byKey.status).toBe(403);
    expect((await ask(eve.email)).body.deletion?.due_at).toMatch(/^20/);
    expect((await eve.call<DeletionView>('DELETE', '/v1/account/deletion')).body.deletion).toBeNull();
    expect((await ask(eve.email)).status).toBe(200);
    await deletions().sweep();
    expect((await eve.call('GET', '/v1/account')).status).toBe(200);

    await sql('UPDATE account_deletions SET due_at = now()');
    await deletions().sweep();
    await expect.poll(async () => (await eve.call('GET', '/v1/account')).status, { timeout: 15_000 }).toBe(401);
    await deletions().sweep();
    const [row] = await sql<{ done: boolean }>('SELECT done_at IS NOT NULL AS done FROM account_deletions');
    expect(row?.done).toBe(true);
    await deletions().sweep();

    const words = [eve.email, `Eve${CANARY}`.replace(/\W/g, '')];
    expect(await findAll(words)).toEqual([]);
    const ownWords = `words ${CANARY} of ${eve.id} `;
    expect(await findAll([ownWords])).toEqual([]);
    // the books: rows of an id that names nobody
    const [books] = await sql<{ entries: number }>(
      `SELECT count(*)::int AS entries FROM journal_entries WHERE account_id = $1`,
      [`user_${eve.id}`],
    );
    expect(books?.entries).toBeGreaterThan(0);
    expect(await checkLedger(hosted.database.pool)).toEqual([]);
    // others lost nothing
    const other = new TestClient({ url: hosted.url, token: await keyFor(bystander) });
    const words2 = await fetch(`${hosted.url}/v1/blobs/${createHash('sha256').update(shared).digest('hex')}`, {
      headers: { authorization: `Bearer ${other.token}` },
    });
    expect(await words2.text()).toBe(shared);
    expect((await other.call<RunView>('GET', `/v1/usage/${kept.jobId}`)).status).toBe(200);
    expect((await other.submit(await other.planRequest('ok'))).status).toBe(200);
  }, 120_000);
});

describe('an organisation', () => {
  it('goes after a delay that any owner can call off; its last owner cannot leave by deletion; billing ends', async () => {
    const olga = await hosted.person('Olga');
    const slug = `co-${randomUUID().slice(0, 6)}`;
    const made = await olga.identity<{ id: string }>('/organization/create', { name: `Co ${CANARY}`, slug });
    const organisation = made.body.id;
    const account = `org_${organisation}`;
    await plant(olga, organisation);
    await sql(`UPDATE ledger_accounts SET floor_micro = -5000000 WHERE account_id = $1 AND code = 'on_demand'`, [
      account,
    ]);
    const alone = await olga.call<ErrorBody>('POST', '/v1/account/deletion', { confirm: olga.email });
    expect([alone.status, alone.body.code]).toEqual([403, 'FORBIDDEN']);
    const asked = await olga.call<DeletionView>('POST', '/v1/account/deletion', { confirm: slug }, organisation);
    expect(asked.body.deletion).not.toBeNull();
    const floors = await sql<{ floor_micro: number }>(
      `SELECT floor_micro FROM ledger_accounts WHERE account_id = $1 AND code = 'on_demand'`,
      [account],
    );
    expect(floors.map(({ floor_micro }) => Number(floor_micro))).toEqual([0]);
    await sql('UPDATE account_deletions SET due_at = now() WHERE account_id = $1', [account]);
    await deletions().sweep();
    await expect
      .poll(async () => (await olga.call('GET', '/v1/account', undefined, organisation)).status, { timeout: 15_000 })
      .toBe(403);
    expect((await olga.call('GET', '/v1/account')).status).toBe(200);
    const late = await sql<{ closed: boolean }>(
      'SELECT closed_at IS NOT NULL AS closed FROM account_deletions WHERE account_id = $1',
      [account],
    );
    expect(late).toEqual([{ closed: true }]);
    await deletions().sweep();
    expect(await findAll([`Co ${CANARY}`, slug, `of ${olga.id} ${organisation}`])).toEqual([]);
  }, 60_000);
});

it('a deletion waits for what runs, and asks it to end', async () => {
  const rita = await hosted.person('Rita');
  const client = new TestClient({ url: hosted.url, token: await keyFor(rita) });
  const request = await client.planRequest('hang');
  const run = await client.call<RunView>('POST', '/v1/jobs', request, { 'idempotency-key': keyOf(request) });
  await rita.call('POST', '/v1/account/deletion', { confirm: rita.email });
  await sql('UPDATE account_deletions SET due_at = now() WHERE account_id = $1', [`user_${rita.id}`]);
  const asked: string[] = [];
  const waiting = new Deletions({
    pool: hosted.database.pool,
    objects: new FolderStore(join(home, 'objects')),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    delayMs: 0,
    settleMs: 0,
    cancel: async (_account, { runs }) => {
      asked.push(...runs);
    },
    endBilling: () => Promise.resolve(),
    forget: () => Promise.resolve(),
  });
  await waiting.sweep();
  expect(asked).toEqual([run.body.run_id]);
  expect(await sql('SELECT 1 FROM runs WHERE run_id = $1', [run.body.run_id])).toHaveLength(1);
});
