// The developer's loop: the page with hot reload; host and backend start anew when their sources change.
// `npm run dev`, `npm run dev -- --inspect` to attach a debugger to the host, `-- --home DIR` for another home.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import watcher from '@parcel/watcher';
import { createServer } from 'vite';

const root = path.resolve(import.meta.dirname, '..');
/** What host and backend are made of; the page's own folders are Vite's. */
const HOST_FOLDERS = ['contracts', 'core', 'disk', 'eda', 'main', 'backend', 'resources'];
/** An editor that saves several files at once causes one restart. */
const SETTLE_MS = 120;

const { values } = parseArgs({
  options: { inspect: { type: 'boolean' }, home: { type: 'string' }, port: { type: 'string', default: '5173' } },
});
const home = path.resolve(values.home ?? path.join(root, '.cache/dev-home'));
mkdirSync(home, { recursive: true });

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const hostPort = await freePort();
let host: ChildProcess | null = null;

/** Resolves with the path that signs a browser in. */
function startHost(): Promise<string> {
  const child = spawn(
    process.execPath,
    [
      ...(values.inspect === true ? ['--inspect'] : []),
      'main/shells/cli/main.ts',
      'serve',
      '--json',
      '--no-page',
      '--port',
      String(hostPort),
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, GENRTL_HOME: home } },
  );
  host = child;
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = JSON.parse(line) as { event: string; url?: string };
      if (message.event === 'ready' && message.url !== undefined) {
        const { pathname, search } = new URL(message.url);
        resolve(pathname + search);
      }
    });
    child.once('exit', (code) => {
      if (host === child) console.error(`dev: the host ended with code ${code}; it starts again when a source changes`);
      reject(new Error(`the host ended with code ${code}`));
    });
  });
}

async function stopHost(): Promise<void> {
  const child = host;
  host = null;
  if (child === null || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

const boot = await startHost();
const target = `http://127.0.0.1:${hostPort}`;
const page = await createServer({
  configFile: path.join(root, 'vite.config.ts'),
  root: path.join(root, 'renderer'),
  server: {
    port: Number(values.port),
    host: '127.0.0.1',
    proxy: {
      '/boot': { target, changeOrigin: true },
      // the host answers its own page only
      '/ipc': { target, ws: true, changeOrigin: true, headers: { origin: target } },
    },
  },
});
await page.listen();
console.log(`dev: open ${page.resolvedUrls?.local[0]?.replace(/\/$/, '') ?? ''}${boot}`);

let due: ReturnType<typeof setTimeout> | undefined;
let restarting = Promise.resolve();
function restartSoon(): void {
  clearTimeout(due);
  due = setTimeout(() => {
    restarting = restarting.then(async () => {
      const began = performance.now();
      await stopHost();
      await startHost().then(
        () => console.log(`dev: host and backend again in ${((performance.now() - began) / 1000).toFixed(1)} s`),
        () => undefined,
      );
    });
  }, SETTLE_MS);
}
const watches = await Promise.all(
  HOST_FOLDERS.map((folder) =>
    watcher.subscribe(path.join(root, folder), (_error, events) => {
      if (events.some((event) => !/\.test\.tsx?$|[\\/]fixtures[\\/]/.test(event.path))) restartSoon();
    }),
  ),
);

async function end(): Promise<void> {
  clearTimeout(due);
  await Promise.all(watches.map((watch) => watch.unsubscribe()));
  await page.close();
  await stopHost();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
