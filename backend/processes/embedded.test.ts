// The embedded backend as processes: starts, second starts, deaths, and what must not be left behind.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestClient } from '../test/client.ts';
import { makeTestHome, removeTestHome } from '../test/database.ts';
import { readBackendFile } from './backend-file.ts';
import { claimDatabaseFolder } from './database-folder.ts';
import { openHome, readInstance, rememberLedger, ROOT_DATABASES, type BackendHome } from './home.ts';
import { isAlive, readPostmasterFile, serverProcesses } from './postmaster.ts';
import { soakOnly } from '../../test/soak-only.ts';

const ENTRY = join(import.meta.dirname, '../main.ts');
let home: BackendHome;
beforeAll(async () => {
  home = await makeTestHome();
});
afterAll(async () => {
  await removeTestHome(home);
  await rm(`${home.database}.orphan`, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** exit code, once it ended */
  readonly exit: Promise<number | null>;
}

function start(args: string[] = ['--embedded'], env: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    env: { ...process.env, NODE_NO_WARNINGS: '1', GENRTL_HOME: home.root, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  return { child, output: () => text, exit: once(child, 'exit').then(([code]) => code as number | null) };
}

async function ready(started: Started): Promise<TestClient> {
  for (let waited = 0; waited < 40_000; waited += 20) {
    if (started.child.exitCode !== null) throw new Error(`ended: ${started.output()}`);
    const file = await readBackendFile(home.backendFile);
    if (file?.pid === started.child.pid && file !== null) return new TestClient(file);
    await delay(20);
  }
  throw new Error('not ready');
}

const data = (): string => join(home.database, 'data');

describe('the embedded backend', () => {
  it('starts on an empty home; a second one tells the address and exits 0; the end of the last lease ends it and its database', async () => {
    const first = start();
    const client = await ready(first);
    const second = start();
    expect(await second.exit).toBe(0);
    expect(second.output()).toContain(`runs already: ${client.url}`);
    expect((await client.call('POST', '/v1/embedded/lease', { lease_id: 'a', ttl_ms: 60_000 })).body).toEqual({
      leases: 1,
    });
    expect((await client.call('POST', '/v1/embedded/lease', { lease_id: 'b', ttl_ms: 60_000 })).body).toEqual({
      leases: 2,
    });
    expect((await client.call('DELETE', '/v1/embedded/lease', { lease_id: 'b', ttl_ms: 1000 })).body).toEqual({
      leases: 1,
    });
    await delay(700);
    expect(first.child.exitCode).toBeNull();
    expect((await client.call('DELETE', '/v1/embedded/lease', { lease_id: 'a', ttl_ms: 1000 })).body).toEqual({
      leases: 0,
    });
    expect(await first.exit).toBe(0);
    expect(await readBackendFile(home.backendFile)).toBeNull();
    expect(await serverProcesses(data())).toEqual([]);
  }, 60_000);

  soakOnly(
    'a client that dies stops renewing: the lease runs out and the backend ends',
    async () => {
      const backend = start();
      const client = await ready(backend);
      await client.call('POST', '/v1/embedded/lease', { lease_id: 'a', ttl_ms: 1000 });
      expect(await backend.exit).toBe(0);
    },
    40_000,
  );

  soakOnly(
    'SIGTERM ends it in order, and the token and port stay for the next',
    async () => {
      const backend = start();
      const client = await ready(backend);
      backend.child.kill('SIGTERM');
      expect(await backend.exit).toBe(0);
      expect(await serverProcesses(data())).toEqual([]);
      const next = start();
      expect((await ready(next)).token).toBe(client.token);
      next.child.kill('SIGTERM');
      await next.exit;
    },
    40_000,
  );

  it('kill -9 of the backend: its database ends too, and an immediate second start works on the same data and port', async () => {
    const backend = start();
    const client = await ready(backend);
    await client.call('PUT', '/v1/budgets/kept', { cap_usd: '7.00' });
    const server = await readPostmasterFile(data());
    backend.child.kill('SIGKILL');
    const next = start();
    const again = await ready(next);
    expect(again.url).toBe(client.url);
    expect((await again.call<{ cap_usd: string }>('GET', '/v1/budgets/kept')).body.cap_usd).toBe('7.00');
    expect(isAlive(server?.pid ?? 0) && (await serverProcesses(data())).includes(server?.pid ?? 0)).toBe(false);
    next.child.kill('SIGKILL');
    await next.exit;
    for (let waited = 0; waited < 5000 && (await serverProcesses(data())).length > 0; waited += 50) await delay(50);
    expect(await serverProcesses(data())).toEqual([]);
  }, 60_000);

  it('kill -9 during a migration: the next start applies it whole', async () => {
    const fresh = await makeTestHome();
    try {
      const run = (env: Record<string, string>): Started => start(['--embedded'], { GENRTL_HOME: fresh.root, ...env });
      const dying = run({ GENRTL_TEST_DIE_AT: 'migration:2' });
      await once(dying.child, 'exit');
      expect(dying.child.signalCode).toBe('SIGKILL');
      const next = run({});
      for (let waited = 0; waited < 40_000 && (await readBackendFile(fresh.backendFile)) === null; waited += 20)
        await delay(20);
      const file = await readBackendFile(fresh.backendFile);
      if (file === null) throw new Error(next.output());
      expect((await new TestClient(file).call<{ rows: unknown[] }>('GET', '/v1/usage')).body.rows).toEqual([]);
      next.child.kill('SIGTERM');
      await next.exit;
    } finally {
      await removeTestHome(fresh);
    }
  }, 60_000);

  soakOnly(
    'two starts at once on an empty home: one backend, both learn its address',
    async () => {
      const fresh = await makeTestHome();
      try {
        const both = [
          start(['--embedded'], { GENRTL_HOME: fresh.root }),
          start(['--embedded'], { GENRTL_HOME: fresh.root }),
        ];
        const loser = await Promise.race(both.map(async (started) => ({ started, code: await started.exit })));
        expect(loser.code).toBe(0);
        const file = await readBackendFile(fresh.backendFile);
        expect(loser.started.output()).toContain(`runs already: ${file?.url ?? '?'}`);
        process.kill(file?.pid ?? 0, 'SIGTERM');
        await Promise.all(both.map((started) => started.exit));
      } finally {
        await removeTestHome(fresh);
      }
    },
    60_000,
  );

  soakOnly(
    'a stale postmaster.pid whose number now belongs to a stranger does not stop the start',
    async () => {
      const stranger = spawn('sleep', ['60']);
      try {
        await mkdir(data(), { recursive: true });
        await writeFile(
          join(data(), 'postmaster.pid'),
          `${stranger.pid}\n${data()}\n1\n5432\n\n127.0.0.1\n  123  456\nready   \n`,
        );
        const backend = start();
        const client = await ready(backend);
        expect((await client.call('GET', '/v1/health')).status).toBe(200);
        backend.child.kill('SIGTERM');
        expect(await backend.exit).toBe(0);
        expect(stranger.exitCode).toBeNull();
      } finally {
        stranger.kill('SIGKILL');
      }
    },
    40_000,
  );

  it('DATABASE_URL names a server: none of ours is started', async () => {
    const host = start();
    await (await ready(host)).call('POST', '/v1/embedded/lease', { lease_id: 'host', ttl_ms: 120_000 });
    const server = await readPostmasterFile(data());
    const password = (await readFile(join(home.database, 'password'), 'utf8')).trim();
    const url = `postgresql://genrtl:${password}@127.0.0.1:${server?.port ?? 0}`;
    const admin = new pg.Client(`${url}/postgres`);
    await admin.connect();
    await admin.query('CREATE DATABASE hosted');
    await admin.end();
    const fresh = await makeTestHome();
    try {
      const env = { GENRTL_HOME: fresh.root, DATABASE_URL: `${url}/hosted` };
      const api = start(['--role', 'api', '--port', '0'], env);
      const worker = start(['--role', 'worker'], env);
      for (
        let waited = 0;
        waited < 60_000 && !(api.output().includes('ready') && worker.output().includes('ready'));
        waited += 50
      )
        await delay(50);
      const file = await readBackendFile(fresh.backendFile);
      if (file === null) throw new Error(api.output() + worker.output());
      const client = new TestClient(file);
      const request = await client.planRequest('# Just some free text\n\nA design that no table describes.\n');
      const run = await client.finished((await client.submit(request)).body.run_id, 20_000);
      // The worker ran it, with the real flows and the built-in composer, which is honest about free text.
      expect(run).toMatchObject({ status: 'failed', error: { code: 'SPEC_NEEDS_MODEL' } });
      expect(await stat(join(fresh.database, 'data')).catch(() => null)).toBeNull();
      for (const one of [api, worker]) one.child.kill('SIGTERM');
      expect(await Promise.all([api.exit, worker.exit])).toEqual([0, 0]);
    } finally {
      await removeTestHome(fresh);
    }
    host.child.kill('SIGTERM');
    await host.exit;
  }, 90_000);
});

describe('a backend that cannot start', () => {
  it('says in one line why and what to do, and exits with 4', async () => {
    const folder = await makeTestHome();
    const file = join(folder.root, 'file');
    await writeFile(file, '');
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    try {
      const cases: [args: string[], env: Record<string, string>, told: RegExp][] = [
        [
          [],
          { DATABASE_URL: 'postgresql://127.0.0.1:1/x' },
          /^BACKEND_START_FAILED: The database of DATABASE_URL cannot be used: nothing listens there\. Check/,
        ],
        [[], { DATABASE_URL: 'not a url' }, /^BACKEND_START_FAILED: DATABASE_URL is no address/],
        [['--port', port], {}, /^BACKEND_START_FAILED: Port \d+ cannot be opened \(EADDRINUSE\)\. Choose/],
        [[], { GENRTL_HOME: join(file, 'below') }, /^BACKEND_START_FAILED: .* cannot be used as home \(ENOTDIR\)/],
        [['--role', 'king'], {}, /^USAGE/],
      ];
      await Promise.all(
        cases.map(async ([args, env, told]) => {
          const failed = start(args, { GENRTL_HOME: folder.root, ...env });
          expect([told.source, await failed.exit]).toEqual([told.source, args.includes('king') ? 2 : 4]);
          expect(failed.output().trimEnd().split('\n').at(-1)).toMatch(told);
        }),
      );
      expect(await serverProcesses(join(folder.database, 'data'))).toEqual([]);
    } finally {
      taken.close();
      await removeTestHome(folder);
    }
  }, 60_000);
});

describe.skipIf(process.getuid?.() !== 0)('the home of root, whose database lies elsewhere', () => {
  const mark = async (of: BackendHome): Promise<void> => writeFile(join(of.database, 'kept'), '1');
  const kept = (of: BackendHome): Promise<string> => readFile(join(of.database, 'kept'), 'utf8');

  it('deleted and made anew begins fresh: the old database is set aside', async () => {
    const made = await makeTestHome();
    expect(await claimDatabaseFolder(made)).toBe(false);
    await mark(made);
    expect(await claimDatabaseFolder(made)).toBe(false);
    expect(await kept(made)).toBe('1');
    await rm(made.root, { recursive: true });
    const anew = await openHome(made.root);
    expect(await claimDatabaseFolder(anew)).toBe(true);
    await expect(kept(anew)).rejects.toThrow('ENOENT');
    expect(await readFile(join(`${made.database}.orphan`, 'kept'), 'utf8')).toBe('1');
    await removeTestHome(anew);
    await rm(`${made.database}.orphan`, { recursive: true, force: true });
  });

  soakOnly('moved: the database is found again, and knows where the home is now', async () => {
    const made = await makeTestHome();
    await claimDatabaseFolder(made);
    await mark(made);
    await rememberLedger(made);
    const moved = `${made.root}-moved`;
    await rename(made.root, moved);
    const there = await openHome(moved);
    expect(there.database).toBe(made.database);
    expect(await claimDatabaseFolder(there)).toBe(false);
    expect(await kept(there)).toBe('1');
    expect(await readFile(join(there.database, 'home'), 'utf8')).toBe(`${there.id}\n${there.root}\n`);
    await removeTestHome(there);
  });

  soakOnly('of an earlier version, also one that was moved since: its database gets the name of the id', async () => {
    const made = await makeTestHome();
    // as it was: the folder named by the path, the id alone in both files
    const old = join(ROOT_DATABASES, `old-${made.id.slice(0, 8)}`);
    await mkdir(old, { recursive: true });
    await writeFile(join(old, 'home'), `${made.id}\n`);
    await writeFile(join(old, 'kept'), '1');
    await writeFile(join(made.root, 'instance'), `${made.id}\n`);
    const moved = `${made.root}-moved`;
    await rename(made.root, moved);
    const there = await openHome(moved);
    await claimDatabaseFolder(there);
    expect(await kept(there)).toBe('1');
    await expect(stat(old)).rejects.toThrow('ENOENT');
    await removeTestHome(there);
  });

  it('without its database: an error that names the folder, never an empty ledger', async () => {
    const made = await makeTestHome();
    await claimDatabaseFolder(made);
    await rememberLedger(made);
    await rm(made.database, { recursive: true });
    await expect(claimDatabaseFolder(made)).rejects.toMatchObject({
      code: 'BACKEND_START_FAILED',
      message: expect.stringContaining(made.database) as string,
      hint: expect.stringContaining('instance') as string,
    });
    // the way out that the hint names
    await rm(join(made.root, 'instance'));
    const anew = await openHome(made.root);
    await claimDatabaseFolder(anew);
    await removeTestHome(anew);
  });

  soakOnly('copied: the copy does not get the original’s ledger', async () => {
    const made = await makeTestHome();
    await claimDatabaseFolder(made);
    await rememberLedger(made);
    const copy = `${made.root}-copy`;
    await cp(made.root, copy, { recursive: true });
    await expect(claimDatabaseFolder(await openHome(copy))).rejects.toMatchObject({
      code: 'BACKEND_START_FAILED',
      message: expect.stringContaining(`is a copy of ${made.root}`) as string,
    });
    expect(await claimDatabaseFolder(made)).toBe(false);
    await rm(copy, { recursive: true });
    await removeTestHome(made);
  });
});

describe('the home of a normal user', () => {
  it('without the database that it had: an error, never an empty ledger; one that begins at the same moment twice has one id', async () => {
    const folder = await makeTestHome();
    const root = join(folder.root, 'own');
    const [first, second] = await Promise.all([openHome(root, { asRoot: false }), openHome(root, { asRoot: false })]);
    expect(first.id).toBe(second.id);
    await claimDatabaseFolder(first);
    expect((await readInstance(root))?.ledger).toBe('new');
    await rememberLedger(first);
    await claimDatabaseFolder(first);
    await rm(first.database, { recursive: true });
    await expect(claimDatabaseFolder(first)).rejects.toMatchObject({ code: 'BACKEND_START_FAILED' });
    await removeTestHome(folder);
  });
});
