// The embedded backend as the client sees it: share the one that runs, else start one, and let it go afterwards.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GenrtlError, MODEL_VARIABLES, modelEnvironment, type ModelEnvironment } from '@genrtl/contracts';
import { z } from 'zod';
import { isRunning, pidNamespace } from '@genrtl/disk/process-life.ts';
import { BackendClient } from '../cloud/backend-client.ts';
import { keptSignIn } from '../cloud/sign-in-store.ts';
import { genrtlHome, homeError, makeHome } from '../installation/home.ts';
import { INSTALLATION } from '../installation/installation.ts';
import { knownSecrets } from '../secrets/known-secrets.ts';

/** First start makes a database cluster; a start after kill -9 waits for dying processes. */
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 25;
const LEASE_TTL_MS = 15_000;
const LEASE_RENEW_MS = 5_000;

/** What the backend writes to `backend.json` in GENRTL_HOME when it is ready. */
const BackendFile = z.object({
  url: z.string(),
  token: z.string(),
  pid: z.number().int(),
  pid_namespace: z.string().optional(),
});
type BackendFile = z.infer<typeof BackendFile>;

export interface BackendConnection {
  readonly client: BackendClient;
  readonly embedded: boolean;
  /** false once the embedded backend's process is gone; a remote one is taken to live */
  alive(): Promise<boolean>;
  /**
   * Ends the lease; an embedded backend without leases stops by itself. Resolves once it is gone when this was the last
   * one.
   */
  release(): Promise<void>;
}

/** Throws BACKEND_UNAVAILABLE (remote) or BACKEND_START_FAILED (embedded). */
export async function connectBackend(
  env: NodeJS.ProcessEnv,
  options: { remoteToken?: string | null; onStarting?: () => void } = {},
): Promise<BackendConnection> {
  const remote = env['GENRTL_BACKEND_URL'];
  if (remote) {
    if (!/^https?:\/\/./.test(remote) || !URL.canParse(remote))
      throw new GenrtlError('BACKEND_UNAVAILABLE', `GENRTL_BACKEND_URL is no http address: ${remote}.`);
    const url = remote.replace(/\/+$/, '');
    const token = options.remoteToken ?? env['GENRTL_TOKEN'] ?? '';
    const signIn = token === '' ? await keptSignIn(genrtlHome(env), url, proxyOf(env)) : null;
    const client = new BackendClient(
      {
        url,
        token,
        ...(signIn === null ? {} : { signIn: signIn.accessToken }),
        organisation: env['GENRTL_ORGANISATION'] || signIn?.organisation,
        proxy: proxyOf(env),
        registryKeys: { home: genrtlHome(env), named: env['GENRTL_REGISTRY_KEY'] || undefined },
      },
      [...knownSecrets(env), ...(signIn?.secrets ?? [])],
    );
    return { client, embedded: false, alive: async () => true, release: async () => undefined };
  }
  return connectEmbedded(env, options.onStarting ?? (() => undefined));
}

export function proxyOf(env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

async function connectEmbedded(env: NodeJS.ProcessEnv, onStarting: () => void): Promise<BackendConnection> {
  const home = genrtlHome(env);
  const deadline = Date.now() + START_TIMEOUT_MS;
  let child: StartedBackend | null = null;
  while (Date.now() < deadline) {
    const file = await readBackendFile(home);
    if (file) {
      const connection = await lease(file, modelEnvironment(env), knownSecrets(env));
      if (connection) return connection;
    }
    if (child === null || child.exited()) {
      if (child?.failed())
        throw new GenrtlError('BACKEND_START_FAILED', `The backend ended while starting: ${await lastLogLine(home)}`);
      onStarting();
      child = startBackend(home, env);
    }
    await sleep(POLL_MS);
  }
  throw new GenrtlError('BACKEND_START_FAILED', `The backend was not ready within ${START_TIMEOUT_MS / 1000} s.`);
}

/** The backend in the foreground, until it ends or `signal` stops it; returns its exit code. */
export function runBackend(env: NodeJS.ProcessEnv, args: readonly string[], signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(INSTALLATION.node, [INSTALLATION.backendEntry, ...args], { env, stdio: 'inherit' });
    const stop = (): void => {
      child.kill('SIGTERM');
    };
    signal.addEventListener('abort', stop, { once: true });
    child.on('error', () => resolve(4));
    child.on('exit', (code) => resolve(code ?? 130));
  });
}

/** Models and keys go with each client's lease: the backend itself has none, whoever starts it. */
function withoutModels(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const models: readonly string[] = MODEL_VARIABLES;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !models.includes(name)));
}

interface StartedBackend {
  exited(): boolean;
  failed(): boolean;
}

function startBackend(home: string, env: NodeJS.ProcessEnv): StartedBackend {
  makeHome(home);
  const log = openLog(home);
  const child = spawn(INSTALLATION.node, [INSTALLATION.backendEntry, '--embedded'], {
    env: { ...withoutModels(env), GENRTL_HOME: home },
    detached: true,
    stdio: ['ignore', log, log],
    cwd: home,
  });
  closeSync(log);
  child.on('error', () => undefined);
  child.unref();
  return {
    exited: () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined,
    failed: () =>
      child.pid === undefined || (child.exitCode !== null && child.exitCode !== 0) || child.signalCode !== null,
  };
}

function openLog(home: string): number {
  try {
    return openSync(path.join(home, 'backend.log'), 'a', 0o600);
  } catch (error) {
    throw homeError(error, home);
  }
}

async function readBackendFile(home: string): Promise<BackendFile | null> {
  try {
    const file = BackendFile.parse(JSON.parse(await readFile(path.join(home, 'backend.json'), 'utf8')));
    return gone(file) ? null : file;
  } catch {
    return null;
  }
}

/** Null when the process behind the file does not answer as a backend: it is dying, or the file is a dead one's. */
async function lease(
  file: BackendFile,
  models: ModelEnvironment,
  secrets: readonly string[],
): Promise<BackendConnection | null> {
  const leaseId = randomUUID();
  const client = new BackendClient({ url: file.url, token: file.token, lease: leaseId }, secrets);
  try {
    await client.lease(leaseId, LEASE_TTL_MS, models);
  } catch (error) {
    // A backend that somebody runs in the foreground does not live by leases.
    if (error instanceof GenrtlError && error.code === 'NOT_FOUND') {
      const own = new BackendClient({ url: file.url, token: file.token }, secrets);
      return { client: own, embedded: false, alive: async () => !gone(file), release: async () => undefined };
    }
    return null;
  }
  // What a renewal that fails tells is all that is known of a backend whose process cannot be seen from here.
  let lost = false;
  const renewal = setInterval(() => {
    client.lease(leaseId, LEASE_TTL_MS, models).then(
      () => {
        lost = false;
      },
      () => {
        lost = true;
      },
    );
  }, LEASE_RENEW_MS);
  renewal.unref();
  return {
    client,
    embedded: true,
    alive: async () => !lost && !gone(file),
    release: async () => {
      clearInterval(renewal);
      const left = await client.endLease(leaseId).catch(() => ({ leases: 0 }));
      if (left.leases === 0) await waitForExit(file);
    },
  };
}

async function waitForExit(file: BackendFile): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += POLL_MS) {
    if (gone(file) || !visible(file)) return;
    await sleep(POLL_MS);
  }
}

const visible = (file: BackendFile): boolean =>
  file.pid_namespace === undefined || file.pid_namespace === pidNamespace();

/** Certainly dead; a process that cannot be seen from here is asked instead. */
const gone = (file: BackendFile): boolean => visible(file) && !isRunning(file.pid);

async function lastLogLine(home: string): Promise<string> {
  const text = await readFile(path.join(home, 'backend.log'), 'utf8').catch(() => '');
  return text.trimEnd().split('\n').at(-1)?.slice(0, 300) ?? 'no log';
}
