// Runs the real command line against a real embedded backend, with a home and a workspace of its own for each test
// file.
import { createHash } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JobResult, UsageRow } from '@genrtl/contracts';
import { connectBackend, type BackendConnection } from '../../main/processes/backend.ts';
import { removeHomeAt } from '../../backend/test/database.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const SAMPLES = path.join(ROOT, 'resources/samples');

/** No key of the machine that runs the tests may reach a model. */
export function cleanEnv(home: string, extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, GENRTL_HOME: home, LANG: 'en_US.UTF-8', ...extra };
  for (const name of [
    'OPENAI_API_KEY',
    'OPENAI_BASE_URL',
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_BASE_URL',
    'GENRTL_BACKEND_URL',
    'DATABASE_URL',
    'GENRTL_MODEL',
    'GENRTL_MODEL_PRICES',
  ]) {
    if (!(name in extra)) delete env[name];
  }
  return env;
}

export function tempDir(name: string): string {
  return mkdtempSync(path.join(os.tmpdir(), `genrtl-${name}-`));
}

export interface CliRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** every JSON line of stdout */
  readonly events: Record<string, unknown>[];
  /** the last line, when it is a result */
  readonly result: JobResult;
}

export interface RunningCli {
  readonly child: ChildProcess;
  readonly done: Promise<CliRun>;
}

export function startCli(args: readonly string[], env: NodeJS.ProcessEnv, cwd = ROOT): RunningCli {
  const child = spawn(path.join(ROOT, 'bin/genrtl'), [...args], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  const done = new Promise<CliRun>((resolve) =>
    child.on('close', (code, signal) => {
      const events = stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      resolve({ code, signal, stdout, stderr, events, result: events.at(-1) as unknown as JobResult });
    }),
  );
  return { child, done };
}

export function runCli(args: readonly string[], env: NodeJS.ProcessEnv, cwd = ROOT): Promise<CliRun> {
  return startCli(args, env, cwd).done;
}

/** A home whose embedded backend stays up between the runs of a test file, and is gone with everything after it. */
export class TestHome {
  readonly home = tempDir('home');
  readonly env: NodeJS.ProcessEnv;
  #connection: BackendConnection | null = null;

  constructor(extra: Record<string, string> = {}) {
    this.env = cleanEnv(this.home, extra);
  }

  async keepBackend(): Promise<BackendConnection> {
    this.#connection ??= await connectBackend(this.env);
    return this.#connection;
  }

  async usage(jobId?: string): Promise<UsageRow[]> {
    const { client } = await this.keepBackend();
    return (await client.usage(jobId === undefined ? {} : { jobId })).rows;
  }

  /** The next command starts a backend of its own. */
  async releaseBackend(): Promise<void> {
    await this.#connection?.release();
    this.#connection = null;
  }

  async close(): Promise<void> {
    await this.releaseBackend();
    removeHomeAt(this.home);
  }
}

/** sha256 by path of every file below `src/` and `tb/`: what a job delivers. */
export function delivered(workspace: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const folder of ['src', 'tb']) {
    const root = path.join(workspace, folder);
    let names: string[];
    try {
      names = readdirSync(root, { recursive: true, encoding: 'utf8' });
    } catch {
      continue;
    }
    for (const name of names.filter((one) => statSync(path.join(root, one)).isFile())) {
      files[`${folder}/${name}`] = createHash('sha256')
        .update(readFileSync(path.join(root, name)))
        .digest('hex');
    }
  }
  return files;
}
