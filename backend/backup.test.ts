// The restore drill: a backup taken while jobs run, restored into an empty home and an empty database, first of all of a
// server of its own; and what a restore refuses.
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '@genrtl/contracts';
import { restoreBackup, takeBackup } from './backup.ts';
import { OBJECT_REFERENCES } from './db/object-references.ts';
import type { BackendHome } from './processes/home.ts';
import { startBackend, type RunningBackend } from './start.ts';
import { TestClient } from './test/client.ts';
import { makeTestHome, openTestDatabase, removeTestHome, type TestDatabase } from './test/database.ts';
import { fakeFlows, fakeRouter } from './test/fake-models.ts';
import { soakOnly } from '../test/soak-only.ts';

let database: TestDatabase;
let home: BackendHome;
let folder: string;
let running: RunView;
let finished: RunView;
let blob: string;
const homes: BackendHome[] = [];
const printed: string[] = [];
const out = { write: (text: string) => printed.push(text) };

const start = (at: BackendHome, url: string): Promise<RunningBackend> =>
  startBackend({
    home: at.root,
    role: 'all',
    embedded: false,
    port: 0,
    router: fakeRouter(join(at.root, 'upstream.txt')),
    flows: fakeFlows,
    env: { ...process.env, DATABASE_URL: url, GENRTL_EXECUTOR_ID: 'drill' },
  });

/** An empty database, on the same server unless another is given, and an empty home. */
async function empty(
  name: string,
  server: TestDatabase = database,
): Promise<{ url: string; home: BackendHome; env: NodeJS.ProcessEnv }> {
  await server.pool.query(`CREATE DATABASE ${name}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const fresh = await makeTestHome();
  homes.push(fresh);
  return { url: url.href, home: fresh, env: { ...process.env, DATABASE_URL: url.href, GENRTL_HOME: fresh.root } };
}

beforeAll(async () => {
  [database, home, folder] = await Promise.all([
    openTestDatabase({ migrated: false }),
    makeTestHome(),
    mkdtemp(join(tmpdir(), 'genrtl-backup-')),
  ]);
  homes.push(home);
  const backend = await start(home, database.url);
  const client = new TestClient(backend);
  blob = await client.blob('kept words');
  finished = await client.finished((await client.submit(await client.planRequest('ok'))).body.run_id);
  running = (await client.submit(await client.planRequest('hang'))).body;
  // its first words came: it is at work
  await client.events(running.run_id, { until: (event) => event.type === 'token' });
  // others are accepted, charged and ended all the while
  let busy = true;
  const lane = async (): Promise<void> => {
    while (busy) await client.finished((await client.submit(await client.planRequest('ok'))).body.run_id);
  };
  const load = Promise.all(Array.from({ length: 6 }, lane));
  const env = { ...process.env, DATABASE_URL: database.url, GENRTL_HOME: home.root };
  expect(await takeBackup(join(folder, 'taken'), { env, secrets: true, out })).toBe(0);
  busy = false;
  await load;
  await backend.stop();
}, 240_000);
afterAll(async () => {
  await database.close();
  for (const one of homes) await removeTestHome(one);
  await rm(folder, { recursive: true, force: true });
});

const copyOf = async (name: string): Promise<string> => {
  await cp(join(folder, 'taken'), join(folder, name), { recursive: true });
  return join(folder, name);
};

describe('a backup taken while jobs run', () => {
  it('restored on a fresh server: books right, objects complete, jobs go on', async () => {
    const fresh = await openTestDatabase({ migrated: false });
    const target = await empty('restored', fresh);
    expect(await restoreBackup(join(folder, 'taken'), { env: target.env, out })).toBe(0);
    expect(printed.at(-1)).toMatch(/the books are right, every object is there/);
    const backend = await start(target.home, target.url);
    try {
      const client = new TestClient(backend);
      // secrets came along: credentials and links of before hold
      expect((await client.run(finished.run_id)).output).toEqual(finished.output);
      const words = await fetch(`${client.url}/v1/blobs/${blob}`, {
        headers: { authorization: `Bearer ${client.token}` },
      });
      expect(await words.text()).toBe('kept words');
      // what the dead process was doing goes on here, and new work too
      expect((await client.finished(running.run_id, 60_000)).status).toBe('succeeded');
      const next = await client.submit(await client.planRequest('ok'));
      expect((await client.finished(next.body.run_id)).status).toBe('succeeded');
    } finally {
      await backend.stop();
      await fresh.close();
    }
  }, 120_000);

  it('refuses a database that holds something, a damaged file, and a folder whose backup was interrupted', async () => {
    const target = await empty('refusing');
    const used = { ...target.env, DATABASE_URL: database.url };
    await expect(restoreBackup(join(folder, 'taken'), { env: used, out })).rejects.toMatchObject({
      message: expect.stringContaining('holds tables already') as string,
    });
    const damaged = await copyOf('damaged');
    const manifest = JSON.parse(await readFile(join(damaged, 'backup.json'), 'utf8')) as {
      database: { tables: { name: string; file: string; sha256: string }[] };
    };
    const table = manifest.database.tables.find(({ name }) => name.endsWith('journal_entries'));
    if (table === undefined) throw new Error('no journal');
    table.sha256 = createHash('sha256').update('other').digest('hex');
    await writeFile(join(damaged, 'backup.json'), JSON.stringify(manifest));
    await expect(restoreBackup(damaged, { env: target.env, out })).rejects.toMatchObject({
      message: expect.stringContaining('is not as it was written') as string,
    });
    const interrupted = await copyOf('interrupted');
    await rm(join(interrupted, 'backup.json'));
    await expect(restoreBackup(interrupted, { env: target.env, out })).rejects.toMatchObject({ code: 'USAGE' });
    const env = { ...process.env, DATABASE_URL: database.url, GENRTL_HOME: home.root };
    await expect(takeBackup(join(folder, 'taken'), { env, secrets: false, out })).rejects.toMatchObject({
      code: 'USAGE',
    });
  });

  soakOnly('an object that the backup lacks is named, and the restore does not count as whole', async () => {
    const target = await empty('lacking');
    const lacking = await copyOf('lacking');
    await rm(join(lacking, 'objects', blob.slice(0, 2), blob.slice(2)));
    expect(await restoreBackup(lacking, { env: target.env, out })).toBe(1);
    expect(printed.join('')).toContain(`missing: object ${blob}`);
  });
});

/** Hashes of something else than an object. */
const NO_OBJECTS = new Set([
  'public.model_attempts.prompt_sha256',
  'public.flow_attempts.prompt_sha256',
  // what a flow noted of a step, no object
  'public.flow_steps.payload_ref',
  'public.cbb_versions.evidence',
  // of a source before its archive is made
  'public.cbb_publications.source_sha256',
  // on their way out: named by nobody
  'public.object_removals.sha256',
]);

it('every column that looks like the name of an object is known as one, or as none', async () => {
  const { rows } = await database.pool.query<{ name: string }>(
    `SELECT table_schema || '.' || table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema IN ('public', 'auth') AND column_name ~ 'sha256|evidence|_ref$|archive'`,
  );
  const known = new Set([...OBJECT_REFERENCES.map(([table, column]) => `${table}.${column}`), ...NO_OBJECTS]);
  expect(rows.map((row) => row.name).filter((name) => !known.has(name))).toEqual([]);
  expect([...known].filter((name) => !rows.some((row) => row.name === name))).toEqual([]);
});
