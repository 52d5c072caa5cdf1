// The backend's process: `node backend/main.ts`. Compiled code is cached in the home before anything heavy is loaded.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeFolder } from '@genrtl/disk/make-folder.ts';
import type { BackendOptions, RunningBackend } from './start.ts';

/** See start.ts; loads the rest on demand. */
export async function startBackend(options: BackendOptions): Promise<RunningBackend> {
  const cache = join(options.home, 'cache', 'node');
  makeFolder(cache, 0o700);
  enableCompileCache(cache);
  const start = await import('./start.ts');
  return start.startBackend(options);
}

/** Within the 30 s that container platforms give by default, with time to close. */
const DRAIN_SECONDS = 25;
/** A process that gives no sign of life for a minute is taken for dead, and others take over its runs. */
const LONGEST_DRAIN_SECONDS = 50;

function drainTime(seconds: string | undefined): number {
  const value = seconds === undefined || seconds === '' ? DRAIN_SECONDS : Number(seconds);
  return (Number.isFinite(value) && value >= 0 ? Math.min(value, LONGEST_DRAIN_SECONDS) : DRAIN_SECONDS) * 1000;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      embedded: { type: 'boolean', default: false },
      role: { type: 'string', default: 'all' },
      host: { type: 'string' },
      port: { type: 'string' },
      'take-over': { type: 'boolean', default: false },
      secrets: { type: 'boolean', default: false },
      distrust: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(
      'usage: genrtl-backend [--role api|worker|all] [--embedded] [--host ADDRESS] [--port N] [--take-over]\n' +
        '       genrtl-backend check-ledger\n' +
        '       genrtl-backend rotate-registry-key [--distrust]\n' +
        '       genrtl-backend backup DIR [--secrets]\n' +
        '       genrtl-backend restore DIR\n',
    );
    return 0;
  }
  const [command, ...rest] = positionals;
  if (command === 'check-ledger' && rest.length === 0) {
    const { checkBooks } = await import('./check-books.ts');
    return checkBooks(process.env, process.stdout);
  }
  if (command === 'rotate-registry-key' && rest.length === 0) {
    const { rotateRegistryKey } = await import('./registry/rotate-key.ts');
    return rotateRegistryKey(process.env, values, process.stdout);
  }
  if (command === 'backup' || command === 'restore') {
    const [folder] = rest;
    if (folder === undefined || rest.length > 1) {
      process.stderr.write(`USAGE: ${command} takes one folder\n`);
      return 2;
    }
    const { takeBackup, restoreBackup } = await import('./backup.ts');
    const out = process.stdout;
    return command === 'backup'
      ? takeBackup(folder, { env: process.env, secrets: values.secrets, out })
      : restoreBackup(folder, { env: process.env, out });
  }
  if (command !== undefined) {
    process.stderr.write(`USAGE: ${[command, ...rest].join(' ')} is no command; see genrtl-backend --help\n`);
    return 2;
  }
  const { role } = values;
  const port = values.port === undefined ? undefined : Number(values.port);
  if (
    (role !== 'api' && role !== 'worker' && role !== 'all') ||
    (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65536))
  ) {
    process.stderr.write('USAGE: --role is api, worker or all; --port is a port number\n');
    return 2;
  }
  // a signal while it starts is kept until there is something to end in order
  const asked = Promise.withResolvers<null>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      asked.resolve(null);
    });
  const { homeFromEnvironment } = await import('./processes/home.ts');
  const backend = await startBackend({
    home: homeFromEnvironment(process.env),
    role,
    embedded: values.embedded,
    takeOver: values['take-over'],
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(port === undefined ? {} : { port }),
  });
  if (!values.embedded) {
    const [{ guardOf }, { guardGlobalFetch }] = await Promise.all([
      import('./network/guard.ts'),
      import('./network/guarded-fetch.ts'),
    ]);
    guardGlobalFetch(guardOf(process.env));
  }
  process.stdout.write(`genRTL backend ${backend.own ? 'ready' : 'runs already'}: ${backend.url ?? 'worker'}\n`);
  if (backend.own) {
    const drainMs = values.embedded ? 0 : drainTime(process.env['GENRTL_DRAIN_SECONDS']);
    void asked.promise.then(() => backend.stop(drainMs));
    await backend.stopped;
  }
  return 0;
}

/** One line that a person can act on; the client shows the last line of a backend that did not start. */
async function report(error: unknown): Promise<number> {
  const { homeFromEnvironment } = await import('./processes/home.ts');
  const { startFailure } = await import('./processes/start-failure.ts');
  const port = process.argv.indexOf('--port');
  const failure = startFailure(error, {
    home: homeFromEnvironment(process.env),
    port: port === -1 ? undefined : Number(process.argv[port + 1]),
  });
  const text =
    failure !== null
      ? `${failure.code}: ${failure.message}. ${failure.hint}`
      : error instanceof Error
        ? error.stack
        : String(error);
  process.stderr.write(`${text}\n`);
  return 4;
}

if (import.meta.main) process.exit(await main().catch(report));
