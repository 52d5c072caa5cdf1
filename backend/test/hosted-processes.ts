// Several processes of a hosted backend on one PostgreSQL and one S3-compatible store, any of which may be killed and
// comes back under its name. The database can be stopped and comes back at the address that they know.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openTestDatabase, type TestDatabase } from './database.ts';
import { TestClient } from './client.ts';
import { createPool, type Pool } from '../db/index.ts';
import { openS3Server, type S3Server } from './s3-server.ts';

export type ProcessRole = 'api' | 'worker' | 'all';

interface Running {
  readonly name: string;
  readonly role: ProcessRole;
  child: ChildProcess;
  client: TestClient | null;
}

export class HostedProcesses {
  readonly database: TestDatabase;
  /** of the test itself */
  readonly pool: Pool;
  readonly objects: S3Server;
  readonly upstreamFile: string;
  readonly folder: string;
  readonly #door: Door;
  readonly #env: Record<string, string>;
  readonly #running: Running[] = [];
  #closing = false;

  private constructor(
    database: TestDatabase,
    folder: string,
    door: Door,
    objects: S3Server,
    env: Record<string, string>,
  ) {
    this.database = database;
    this.folder = folder;
    this.#door = door;
    this.objects = objects;
    this.#env = env;
    this.pool = createPool(this.#databaseUrl(), { max: 8 });
    this.upstreamFile = join(folder, 'upstream.txt');
  }

  static async open(roles: readonly ProcessRole[], env: Record<string, string> = {}): Promise<HostedProcesses> {
    const database = await openTestDatabase();
    const folder = await mkdtemp(join(tmpdir(), 'genrtl-hosted-'));
    const door = await Door.open(Number(new URL(database.url).port));
    const objects = await openS3Server();
    const all = new HostedProcesses(database, folder, door, objects, { ...objects.env(), ...env });
    await mkdir(join(folder, 'secrets'), { mode: 0o700 });
    // the first one makes what all share
    for (const [n, role] of roles.entries()) {
      all.#running.push(await all.#start(`p${n}`, role));
    }
    return all;
  }

  #databaseUrl(): string {
    const url = new URL(this.database.url);
    url.port = String(this.#door.port);
    return url.href;
  }

  async #start(name: string, role: ProcessRole, env: Record<string, string> = {}): Promise<Running> {
    const home = join(this.folder, name);
    await mkdir(home, { mode: 0o700 }).then(
      () => symlink(join(this.folder, 'secrets'), join(home, 'secrets')),
      () => undefined,
    );
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'hosted-child.ts'), home, role, this.upstreamFile],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          ...process.env,
          NODE_NO_WARNINGS: '1',
          DATABASE_URL: this.#databaseUrl(),
          GENRTL_EXECUTOR_ID: name,
          ...this.#env,
          ...env,
        },
      },
    );
    const lines = createInterface({ input: child.stdout });
    const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [null] as const)])) as [
      string | null,
    ];
    if (line === null) throw new Error(`${name} did not start: ${String(child.exitCode ?? child.signalCode)}`);
    const endpoint = JSON.parse(line) as { url: string | null; token: string };
    return { name, role, child, client: endpoint.url === null ? null : new TestClient(endpoint) };
  }

  /** Of processes that answer; changes as they are killed and come back. */
  clients(): TestClient[] {
    return this.#running.flatMap(({ client }) => (client === null ? [] : [client]));
  }

  get pids(): number[] {
    return this.#running.map(({ child }) => child.pid ?? 0);
  }

  get count(): number {
    return this.#running.length;
  }

  /** kill -9, then a start under the same name, as a supervisor does. */
  async killAndRestart(nth: number): Promise<void> {
    const one = this.#running[nth];
    if (one === undefined || this.#closing) return;
    one.child.kill('SIGKILL');
    await once(one.child, 'exit');
    if (this.#closing) return;
    const again = await this.#start(one.name, one.role);
    one.child = again.child;
    one.client = again.client;
  }

  /**
   * What a rolling deployment does: for each process one of the next release starts beside it, then the old one is
   * asked to end and gets its time. `migrations`: a folder with those of the next release.
   */
  async roll(migrations: string): Promise<void> {
    const release = this.#running.slice();
    for (const old of release) {
      const next = await this.#start(`${old.name}-next`, old.role, { GENRTL_TEST_MIGRATIONS: migrations });
      this.#running.push(next);
      await this.#end(old);
    }
  }

  /** SIGTERM, and the time to end what is under way. */
  async #end(one: Running): Promise<void> {
    one.client = null;
    one.child.kill('SIGTERM');
    const [code] = (await once(one.child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`${one.name} did not end in order: ${String(code)}`);
    this.#running.splice(this.#running.indexOf(one), 1);
  }

  /** The lines of all processes' logs that are about one of these, in the order of time. */
  async logged(...about: readonly string[]): Promise<string[]> {
    const homes = await readdir(this.folder);
    const logs = await Promise.all(
      homes.map(async (name) => {
        const text = await readFile(join(this.folder, name, 'backend.log'), 'utf8').catch(() => '');
        const lines = text.split('\n').filter((line) => about.some((one) => line.includes(one)));
        return lines.map((line) => ({ at: /"time":"([^"]+)"/.exec(line)?.[1] ?? '', line: `${name} ${line}` }));
      }),
    );
    return logs
      .flat()
      .sort((one, other) => one.at.localeCompare(other.at))
      .map(({ line }) => line);
  }

  stopDatabase(): Promise<void> {
    return this.database.stopServer();
  }

  async startDatabase(): Promise<void> {
    this.#door.leadTo(Number(new URL(await this.database.startServer()).port));
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const { child } of this.#running)
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    await this.pool.end();
    await this.#door.close();
    await this.objects.close();
    await this.database.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Passes connections on to where the server is; refuses them while there is none. */
class Door {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #target: { port: number };

  private constructor(server: Server, sockets: Set<Socket>, target: { port: number }) {
    this.#server = server;
    this.#sockets = sockets;
    this.#target = target;
    this.port = (server.address() as AddressInfo).port;
  }

  static async open(port: number): Promise<Door> {
    const sockets = new Set<Socket>();
    const target = { port };
    const server = createServer((incoming) => {
      const outgoing = connect(target.port, '127.0.0.1');
      // To a port that nobody listens on any more a connection may come about with itself, and echo for ever.
      outgoing.once('connect', () => {
        if (outgoing.localPort === outgoing.remotePort) outgoing.destroy();
      });
      for (const [socket, other] of [
        [incoming, outgoing],
        [outgoing, incoming],
      ] as const) {
        sockets.add(socket);
        socket.on('error', () => other.resetAndDestroy());
        socket.on('close', () => {
          sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return new Door(server, sockets, target);
  }

  leadTo(port: number): void {
    this.#target.port = port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
