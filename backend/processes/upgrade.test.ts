// A home whose cluster Debian's PostgreSQL 15 made, opened by the embedded server: everything is carried over and
// checked, the old data is kept, and an interrupted move goes on.
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UsageSummary } from '@genrtl/contracts';
import { createPool } from '../db/index.ts';
import { moveDatabase } from '../db/move-database.ts';
import { engineSchema } from '../jobs/engine.ts';
import { checkLedger } from '../ledger/index.ts';
import { startBackend, type RunningBackend } from '../start.ts';
import { TestClient } from '../test/client.ts';
import { makeTestHome, removeTestHome } from '../test/database.ts';
import { fakeFlows, fakeRouter } from '../test/fake-models.ts';
import { claimDatabaseFolder } from './database-folder.ts';
import { secretOf, type BackendHome } from './home.ts';
import { startPostgres } from './postgres.ts';
import { initdbPrefix, serverUser } from './postgres-user.ts';
import { findServer, finishUpgrade, upgradeFolders } from './upgrade.ts';

const OLD = '/usr/lib/postgresql/15';
const here = existsSync(join(OLD, 'bin/postgres'));
if (!here) process.stderr.write('skipped: PostgreSQL 15 is not installed (scripts/setup --test brings it)\n');

let home: BackendHome;
const data = (): string => join(home.database, 'data');
const majorOf = (folder: string): string => readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();

/** A cluster as an earlier genRTL made it, with the initdb of version 15. */
async function makeOldCluster(): Promise<void> {
  await claimDatabaseFolder(home);
  const password = await secretOf(home.database, 'password');
  const user = await serverUser();
  mkdirSync(data(), { mode: 0o700 });
  const file = join(home.database, 'pw');
  writeFileSync(file, password, { mode: 0o644 });
  if (user !== null) for (const path of [data(), file]) chownSync(path, user.uid, user.gid);
  const { prefix, switchesUser } = await initdbPrefix(user);
  const words = [
    ...prefix,
    join(OLD, 'bin/initdb'),
    '-D',
    data(),
    '-U',
    'genrtl',
    `--pwfile=${file}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
  ];
  const [command = '', ...args] = words;
  execFileSync(command, args, {
    stdio: 'ignore',
    cwd: '/',
    ...(switchesUser || user === null ? {} : { uid: user.uid, gid: user.gid }),
  });
  rmSync(file);
}

const start = (env: NodeJS.ProcessEnv = process.env): Promise<RunningBackend> =>
  startBackend({
    home: home.root,
    role: 'all',
    embedded: true,
    firstLeaseMs: 600_000,
    env,
    router: fakeRouter(join(home.root, 'upstream.txt')),
    flows: fakeFlows,
  });

const usage = async (client: TestClient): Promise<UsageSummary> =>
  (await client.call<UsageSummary>('GET', '/v1/usage')).body;

describe.skipIf(!here)('a cluster of PostgreSQL 15 (needs that version installed)', () => {
  let before: UsageSummary;
  let runId: string;
  let jobId: string;
  const checkout = {
    step_id: 's_1',
    workspace_id: 'ws',
    cbb_id: 'cbb_counter',
    version: '1.0.0',
    price_usd: '0.10',
    cap_usd: '1.00',
  };

  beforeAll(async () => {
    home = await makeTestHome();
    await makeOldCluster();
    const backend = await start({ ...process.env, GENRTL_POSTGRES_DIR: OLD });
    const client = new TestClient(backend);
    const request = await client.planRequest('nul');
    jobId = request.job_id;
    runId = (await client.submit(request)).body.run_id;
    await client.finished(runId);
    await client.submit(await client.planRequest('fail-first'));
    await client.checkout({ ...checkout, job_id: jobId }, 'key');
    before = await usage(client);
    await backend.stop();
    expect(majorOf(data())).toBe('15');
  }, 90_000);
  afterAll(() => removeTestHome(home));

  it('a move that fails, or is interrupted, leaves the old data in its place', async () => {
    const moved: string[] = [];
    const broken = startPostgres(home, {
      env: process.env,
      move: (source, target) =>
        moveDatabase({
          source,
          target,
          libraries: [engineSchema(target)],
          check: checkLedger,
          onTable: (table) => {
            moved.push(table);
            if (moved.length === 4) throw new Error('killed here');
          },
        }),
    });
    await expect(broken).rejects.toThrow('killed here');
    expect(majorOf(data())).toBe('15');
    expect(moved.length).toBe(4);
  });

  it('is carried over, checked, and works on; the old data is kept', async () => {
    const backend = await start();
    const client = new TestClient(backend);
    try {
      expect(majorOf(data())).toBe('18');
      expect(majorOf(upgradeFolders(data(), '15').old)).toBe('15');
      const after = await usage(client);
      expect(after.rows.slice(0, before.rows.length)).toEqual(before.rows);
      expect((await client.run(runId)).output).toMatchObject({
        plan: { title: expect.stringContaining('\uFFFD') as string },
      });
      // the same key gives the old receipt, a new job is charged after the last entry
      const again = await client.checkout({ ...checkout, job_id: jobId }, 'key');
      expect(again.body.receipt.charged_usd).toBe('0.10');
      const { body } = await client.submit(await client.planRequest('ok'));
      expect((await client.finished(body.run_id)).status).toBe('succeeded');
      expect((await usage(client)).rows.length).toBeGreaterThan(before.rows.length);
    } finally {
      await backend.stop();
    }
    const server = await startPostgres(home, { env: process.env });
    const pool = createPool(server.url);
    try {
      expect(await checkLedger(pool)).toEqual([]);
      const left = await pool.query("SELECT 1 FROM pg_tables WHERE tablename = 'genrtl_move'");
      expect(left.rowCount).toBe(0);
    } finally {
      await pool.end();
      await server.stop();
    }
  }, 90_000);
});

describe('between the two renames', () => {
  it('a death leaves either cluster whole, and the next start finishes what was checked', async () => {
    const own = await makeTestHome();
    const at = join(own.root, 'data');
    const { next, old, checked } = upgradeFolders(at, '15');
    const cluster = (folder: string, major: string): void => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'PG_VERSION'), `${major}\n`);
    };
    cluster(at, '15');
    cluster(next, '18');
    // not checked yet: nothing is touched
    await finishUpgrade(at);
    expect(majorOf(at)).toBe('15');
    // checked, and killed before, between and after the renames
    writeFileSync(checked, '15\n');
    renameSync(at, old);
    await finishUpgrade(at);
    expect([majorOf(at), majorOf(old), existsSync(next), existsSync(checked)]).toEqual(['18', '15', false, false]);
    writeFileSync(checked, '15\n');
    await finishUpgrade(at);
    expect(majorOf(at)).toBe('18');
    await removeTestHome(own);
  });

  it('without a server of the old version: said so, with what to install', async () => {
    await expect(findServer('9', {})).rejects.toMatchObject({
      code: 'BACKEND_START_FAILED',
      hint: expect.stringContaining('postgresql-9') as string,
    });
  });
});
