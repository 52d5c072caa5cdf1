// Starting a backend: takes the lock of its home, starts the database, then the services; ends in the opposite order.
// Heavy modules are loaded while the database starts.
import { setTimeout as delay } from 'node:timers/promises';
import { GenrtlError } from '@genrtl/contracts';
import { answers, bootId, readBackendFile, removeBackendFile, writeBackendFile } from './processes/backend-file.ts';
import { openHome } from './processes/home.ts';
import { takeKernelLock, type KernelLock } from '@genrtl/disk/kernel-lock.ts';
import { pidNamespace } from '@genrtl/disk/process-life.ts';
import { Lifetime } from './processes/lifetime.ts';
import { requireDatabaseUrl } from './processes/start-failure.ts';
import { startPostgres } from './processes/postgres.ts';
import type { ComposeOptions } from './compose-options.ts';
import packageJson from './package.json' with { type: 'json' };

export interface BackendOptions {
  readonly home: string;
  readonly role: 'api' | 'worker' | 'all';
  /** lives by leases, on its own database unless DATABASE_URL names one */
  readonly embedded: boolean;
  readonly host?: string;
  readonly port?: number;
  /** takes the home from a backend that nobody can reach or end */
  readonly takeOver?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly router?: ComposeOptions['router'];
  readonly breakers?: ComposeOptions['breakers'];
  readonly flows?: ComposeOptions['flows'];
  readonly ai?: ComposeOptions['ai'];
  readonly gate?: ComposeOptions['gate'];
  /** how long an embedded backend waits for its first lease */
  readonly firstLeaseMs?: number;
}

export interface RunningBackend {
  readonly url: string | null;
  readonly token: string;
  /** false: another process of this home answers under the url */
  readonly own: boolean;
  /** Ends in order; what is under way gets so long to end by itself. */
  stop(drainMs?: number): Promise<void>;
  /** of the operator's listener; null where there is none */
  readonly operatorPort: number | null;
  /** Resolves when it has stopped, for whatever reason. */
  readonly stopped: Promise<void>;
}

const LOCK_WAIT_MS = 60_000;

/** BACKEND_START_FAILED when it cannot start. A second start on a home answers with the first one's address. */
export async function startBackend(options: BackendOptions): Promise<RunningBackend> {
  const env = options.env ?? process.env;
  const databaseUrl = env['DATABASE_URL'];
  if (databaseUrl !== undefined && databaseUrl !== '') requireDatabaseUrl(databaseUrl);
  const home = await openHome(options.home);
  const lockFile =
    databaseUrl !== undefined && options.role !== 'all' ? `${home.lockFile}.${options.role}` : home.lockFile;
  const lock = await lockOrNeighbour(lockFile, home.backendFile, options.takeOver ?? false);
  if ('url' in lock)
    return { ...lock, own: false, operatorPort: null, stop: () => Promise.resolve(), stopped: Promise.resolve() };
  try {
    const earlier = await readBackendFile(home.backendFile);
    await removeBackendFile(home.backendFile);
    const [{ openLog }, compose, database] = await Promise.all([
      import('./processes/log.ts'),
      import('./compose.ts'),
      databaseUrl === undefined || databaseUrl === ''
        ? startPostgres(home, { env, onRestart: warnLater, move: moveHome })
        : null,
    ]);
    const log = openLog(home.logFile);
    onRestart = (reason) => {
      log.error(reason);
    };
    const lifetime = new Lifetime({ ...options, stop: () => void stop() });
    const backend = await compose
      .composeBackend({
        home,
        role: options.role,
        embedded: options.embedded,
        log,
        env,
        version: packageJson.version,
        leases: lifetime.leases,
        databaseUrl: database?.url ?? databaseUrl ?? '',
        listen: { host: options.host ?? '127.0.0.1', port: options.port ?? portOf(earlier?.url) },
        ...(options.router === undefined ? {} : { router: options.router }),
        ...(options.breakers === undefined ? {} : { breakers: options.breakers }),
        ...(options.flows === undefined ? {} : { flows: options.flows }),
        ...(options.ai === undefined ? {} : { ai: options.ai }),
        ...(options.gate === undefined ? {} : { gate: options.gate }),
      })
      .catch(async (error: unknown) => {
        await database?.stop();
        throw error;
      });
    if (backend.url !== null) {
      await writeBackendFile(home.backendFile, {
        url: backend.url,
        token: backend.token,
        pid: process.pid,
        boot_id: await bootId(),
        pid_namespace: pidNamespace(),
        started_at: new Date().toISOString(),
      });
    }
    log.info('ready', { url: backend.url, role: options.role, embedded: options.embedded });
    lifetime.begin(() => backend.engine.activeRuns + backend.ai.active);
    const ended = Promise.withResolvers<void>();
    let stopping: Promise<void> | null = null;
    const stop = (drainMs = 0): Promise<void> =>
      (stopping ??= (async () => {
        lifetime.end();
        await removeBackendFile(home.backendFile);
        await backend.stop(drainMs).catch((error: unknown) => {
          log.error('stopping failed', { error: String(error) });
        });
        await database?.stop();
        log.info('stopped');
        lock.release();
        ended.resolve();
      })());
    return {
      url: backend.url,
      token: backend.token,
      own: true,
      operatorPort: backend.operatorPort,
      stop,
      stopped: ended.promise,
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Loaded by the rare start that meets a cluster of an earlier PostgreSQL. */
async function moveHome(source: string, target: string): Promise<void> {
  const [{ moveDatabase }, { engineSchema }, { checkLedger }] = await Promise.all([
    import('./db/move-database.ts'),
    import('./jobs/engine.ts'),
    import('./ledger/index.ts'),
  ]);
  await moveDatabase({ source, target, libraries: [engineSchema(target)], check: checkLedger });
}

/** Restarts of the database may happen before the log is open. */
let onRestart: (reason: string) => void = (reason) => {
  process.stderr.write(`${reason}\n`);
};
function warnLater(reason: string): void {
  onRestart(reason);
}

/** The lock of a home; or, when a living backend of it answers, its address. One that starts or stops is waited for. */
async function lockOrNeighbour(
  lockFile: string,
  backendFile: string,
  takeOver: boolean,
): Promise<KernelLock | { url: string; token: string }> {
  const free = await takeKernelLock(lockFile, { takeOver });
  if (free !== null) return free;
  const enough = new AbortController();
  const waiting = takeKernelLock(lockFile, { waitMs: LOCK_WAIT_MS, signal: enough.signal });
  try {
    for (;;) {
      const lock = await Promise.race([waiting, delay(25, 'not yet' as const)]);
      if (lock === null)
        throw new GenrtlError('BACKEND_START_FAILED', 'Another backend of this home neither gets ready nor ends', {
          hint: 'End it, or start with --take-over when it is out of reach.',
        });
      if (lock !== 'not yet') return lock;
      const neighbour = await readBackendFile(backendFile);
      if (neighbour === null || !(await answers(neighbour))) continue;
      enough.abort();
      (await waiting)?.release();
      return { url: neighbour.url, token: neighbour.token };
    }
  } finally {
    enough.abort();
  }
}

function portOf(url: string | undefined): number {
  return url === undefined ? 0 : Number(new URL(url).port);
}
