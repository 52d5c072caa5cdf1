// Starts, arms and kills the backend process of kill-child.ts.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { join } from 'node:path';
import { TestClient } from './client.ts';

export class KillableBackend {
  readonly client: TestClient;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterableIterator<string>;

  private constructor(child: ChildProcess, lines: AsyncIterableIterator<string>, client: TestClient) {
    this.#child = child;
    this.#lines = lines;
    this.client = client;
  }

  static async start(home: string, env: Record<string, string> = {}): Promise<KillableBackend> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'kill-child.ts'), home], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
    });
    const reader: Interface = createInterface({ input: child.stdout });
    const lines = reader[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done === true) throw new Error('the backend did not start');
    if (!first.value.startsWith('{'))
      throw new Error(`the backend printed to stdout before it was ready: ${first.value}`);
    return new KillableBackend(child, lines, new TestClient(JSON.parse(first.value) as { url: string; token: string }));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async arm(point: string): Promise<void> {
    this.#child.stdin?.write(`${point}\n`);
    await this.#lines.next();
  }

  /** The signal that ended it. */
  async death(): Promise<NodeJS.Signals | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return this.#child.signalCode;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.death();
  }

  async stop(): Promise<void> {
    this.#child.stdin?.end();
    await this.death();
  }
}
