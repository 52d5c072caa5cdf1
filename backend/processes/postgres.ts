// The embedded PostgreSQL server of one home: making the cluster, starting, restarting after a crash, stopping.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, lstat, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GenrtlError } from '@genrtl/contracts';
import { syncFolder } from '@genrtl/disk/atomic-file.ts';
import { claimDatabaseFolder } from './database-folder.ts';
import { rememberLedger, removeLeftovers, secretOf, type BackendHome } from './home.ts';
import { reachableBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { acceptUpgrade, clusterMajor, findServer, finishUpgrade, serverMajor, upgradeFolders } from './upgrade.ts';
import { initdbPrefix, serverUser, type SystemUser } from './postgres-user.ts';
import { endEarlierServer, isAlive, readPostmasterFile, trySignal } from './postmaster.ts';

export interface DatabaseServer {
  readonly url: string;
  /** Fast shutdown: open transactions are rolled back, committed ones are on disk. */
  stop(): Promise<void>;
}

interface Cluster {
  readonly data: string;
  readonly log: string;
  readonly binaries: PostgresBinaries;
  readonly user: SystemUser | null;
  readonly password: string;
  /** beside those of every server */
  readonly settings?: Readonly<Record<string, string>>;
}

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '32MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
  huge_pages: 'off',
  logging_collector: 'off',
  log_min_messages: 'warning',
};
const LOG_LIMIT_BYTES = 4 << 20;
const START_LIMIT_MS = 60_000;

/**
 * Starts the server of a home. The caller holds the home's instance lock, so any server still there is a leftover: it
 * is ended first. Started under `setpriv --pdeathsig`, where that exists, so that it never outlives a killed backend.
 */
export async function startPostgres(
  home: BackendHome,
  options: {
    env: NodeJS.ProcessEnv;
    onRestart?: (reason: string) => void;
    /** carries everything from the server of an earlier major version to the new one, and checks it */
    move?: (source: string, target: string) => Promise<void>;
  },
): Promise<DatabaseServer> {
  const user = await serverUser();
  const data = join(home.database, 'data');
  await endEarlierServer(data);
  await claimDatabaseFolder(home);
  const cluster: Cluster = {
    data,
    user,
    log: join(home.database, 'postgres.log'),
    binaries: await reachableBinaries(options.env, user),
    password: await secretOf(home.database, 'password'),
  };
  await removeLeftovers(home.database, 'data.new');
  await finishUpgrade(data);
  const made = await clusterMajor(data);
  if (made === null) await initialise(cluster);
  else if (made !== (cluster.binaries.major ?? (await serverMajor(cluster.binaries.postgres))))
    await upgrade(cluster, made, options);
  const server = await new RunningServer(cluster, options.onRestart).start();
  await rememberLedger(home);
  return server;
}

const urlOf = (password: string, port: number): string =>
  `postgresql://genrtl:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;

/** The address of the server that another process runs on this home; BACKEND_START_FAILED when none is ready. */
export async function runningServerUrl(home: BackendHome): Promise<string> {
  const file = await readPostmasterFile(join(home.database, 'data'));
  if (file?.port == null || file.status !== 'ready')
    throw new GenrtlError('BACKEND_START_FAILED', `The database of ${home.root} starts or stops`, {
      hint: 'Repeat the command in a moment.',
    });
  return urlOf(await secretOf(home.database, 'password'), file.port);
}

/**
 * The old server reads, the new one writes into a cluster beside; the old data is put aside when the new one is
 * checked. Interrupted, it goes on with the tables that are missing.
 */
async function upgrade(
  cluster: Cluster,
  made: string,
  { env, move }: { readonly env: NodeJS.ProcessEnv; readonly move?: (source: string, target: string) => Promise<void> },
): Promise<void> {
  const postgres = await findServer(made, env);
  if (move === undefined) throw new GenrtlError('BACKEND_START_FAILED', `The ledger was made by PostgreSQL ${made}`);
  const { next } = upgradeFolders(cluster.data, made);
  const fresh: Cluster = { ...cluster, data: next };
  await endEarlierServer(next);
  if ((await clusterMajor(next)) === null) await initialise(fresh);
  const source = new RunningServer({
    ...cluster,
    binaries: { ...cluster.binaries, postgres },
    settings: { default_transaction_read_only: 'on' },
  });
  const target = new RunningServer(fresh);
  try {
    await source.start();
    await target.start();
    await move(source.url, target.url);
  } finally {
    await Promise.allSettled([source.stop(), target.stop()]);
  }
  await acceptUpgrade(cluster.data, made);
}

/** initdb into a folder beside, then one rename: a crash in between leaves no half cluster. */
async function initialise(cluster: Cluster): Promise<void> {
  const fresh = `${cluster.data}.new`;
  await mkdir(fresh, { mode: 0o700 });
  if (cluster.user) await chown(fresh, cluster.user.uid, cluster.user.gid);
  const passwordFile = join(dirname(cluster.data), 'initdb-password');
  await writeFile(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  if (cluster.user) await chown(passwordFile, cluster.user.uid, cluster.user.gid);
  try {
    const { prefix, switchesUser } = await initdbPrefix(cluster.user);
    const [command = '', ...args] = [
      ...prefix,
      cluster.binaries.initdb,
      `--pgdata=${fresh}`,
      '--username=genrtl',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
      // One system call instead of a thousand: halves the time of a first start on a busy disk, and is as durable.
      ...(process.platform === 'linux' ? ['--sync-method=syncfs'] : []),
    ];
    const child = spawn(command, args, {
      ...runAs(switchesUser ? null : cluster.user),
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/',
    });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-4000);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new GenrtlError('BACKEND_START_FAILED', `initdb failed: ${complaint.trim()}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(fresh, cluster.data);
  await syncFolder(dirname(cluster.data));
}

class RunningServer implements DatabaseServer {
  readonly #cluster: Cluster;
  readonly #onRestart: ((reason: string) => void) | undefined;
  #child: ChildProcess | null = null;
  #port = 0;
  #stopping = false;

  constructor(cluster: Cluster, onRestart?: (reason: string) => void) {
    this.#cluster = cluster;
    this.#onRestart = onRestart;
  }

  get url(): string {
    return urlOf(this.#cluster.password, this.#port);
  }

  async start(): Promise<this> {
    const deadline = Date.now() + START_LIMIT_MS;
    for (;;) {
      if (this.#port === 0) this.#port = await freePort();
      const outcome = await this.#launch(deadline);
      if (outcome === 'ready') return this;
      const tail = await logTail(this.#cluster.log);
      if (Date.now() > deadline) throw new GenrtlError('BACKEND_START_FAILED', `PostgreSQL does not start: ${tail}`);
      if (/could not bind|Address already in use/i.test(tail)) this.#port = 0;
      else if (!/shared memory|lock file|is in use|starting up|shutting down/i.test(tail)) {
        throw new GenrtlError('BACKEND_START_FAILED', `PostgreSQL does not start: ${tail}`);
      }
      // Processes of a killed server may still be ending.
      await endEarlierServer(this.#cluster.data);
      await delay(50);
    }
  }

  /** Spawns the server and waits until its pid file says `ready`, or until it has ended. */
  async #launch(deadline: number): Promise<'ready' | 'ended'> {
    const { binaries, data, user, log } = this.#cluster;
    const args = [
      '-D',
      data,
      '-p',
      String(this.#port),
      ...Object.entries({ ...SETTINGS, ...this.#cluster.settings }).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]),
    ];
    const wrapper = (await exists('/usr/bin/setpriv')) ? ['/usr/bin/setpriv', '--pdeathsig', 'INT'] : [];
    const [command = '', ...rest] = [...wrapper, binaries.postgres, ...args];
    const output = await openLog(log);
    let ended = false;
    try {
      // A session of its own: the terminal's Ctrl-C is for the backend, which stops the server in order.
      this.#child = spawn(command, rest, {
        ...runAs(user),
        stdio: ['ignore', output.fd, output.fd],
        cwd: '/',
        detached: true,
      });
    } finally {
      await output.close();
    }
    const child = this.#child;
    child.on('error', () => {
      ended = true;
    });
    child.on('exit', () => {
      ended = true;
    });
    while (!ended && Date.now() < deadline) {
      const file = await readPostmasterFile(data);
      if (file !== null && file.pid === child.pid && file.status === 'ready') {
        child.once('exit', (code, signal) => {
          this.#onUnexpectedExit(code, signal);
        });
        return 'ready';
      }
      await delay(5);
    }
    if (!ended && child.pid !== undefined) trySignal(child.pid, 'SIGQUIT');
    return 'ended';
  }

  #onUnexpectedExit(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#stopping) return;
    this.#onRestart?.(`the database server ended (${signal ?? code ?? '?'}), starting it again`);
    // The same port, so that every pool finds it again.
    void endEarlierServer(this.#cluster.data)
      .then(() => (this.#stopping ? undefined : this.start()))
      .catch((error: unknown) => {
        this.#onRestart?.(`the database server does not start again: ${String(error)}`);
      });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    for (const [signal, waitMs] of [
      ['SIGINT', 8000],
      ['SIGQUIT', 3000],
      ['SIGKILL', 2000],
    ] as const) {
      if (!isAlive(pid) || this.#child?.exitCode !== null || this.#child.signalCode !== null) return;
      trySignal(pid, signal);
      const until = Date.now() + waitMs;
      while (Date.now() < until && this.#child.exitCode === null && this.#child.signalCode === null) await delay(5);
    }
  }
}

function runAs(user: SystemUser | null): { uid?: number; gid?: number; env: NodeJS.ProcessEnv } {
  // No inherited environment: PGDATA, PGPORT and the like of the person must not reach our server.
  const env: NodeJS.ProcessEnv = {
    PATH: '/usr/bin:/bin',
    LC_ALL: 'C',
    ...(process.platform === 'win32' ? process.env : {}),
  };
  return user ? { uid: user.uid, gid: user.gid, env } : { env };
}

async function openLog(file: string): ReturnType<typeof open> {
  const size = await stat(file).then(
    (info) => info.size,
    () => 0,
  );
  return open(file, size > LOG_LIMIT_BYTES ? 'w' : 'a', 0o600);
}

async function logTail(file: string): Promise<string> {
  return (await readFile(file, 'utf8').catch(() => '')).slice(-1500).trim();
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
