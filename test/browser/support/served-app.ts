// The real application as a person starts it: `genrtl serve` in a process of its own, on a home of its own.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../../..');

export interface ServedApp {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** kill -9: what a crash leaves */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** `port` 0 picks a free one. Keys of the person's environment are left out, so that no test calls a paid model. */
export async function serveApp(home: string, port = 0, env: NodeJS.ProcessEnv = {}): Promise<ServedApp> {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(path.join(ROOT, 'bin/genrtl'), ['serve', '--json', '--port', String(port)], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), LANG: 'en_US.UTF-8', GENRTL_HOME: home, ...env },
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').find((candidate) => candidate.includes('"ready"'));
      if (line !== undefined) resolve((JSON.parse(line) as { url: string }).url);
    });
    void exited.then(() => reject(new Error(`genrtl serve ended: ${text}\n${errors}`)));
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return {
    url,
    port: Number(new URL(url).port),
    process: child,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}
