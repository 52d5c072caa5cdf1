// Finds executables and asks them for their version, each question bounded in time.
import { access, constants, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { DetectHost } from '../adapter.ts';
import { toolEnvironment } from './environment.ts';
import { runProcess } from './process.ts';
import { Supervisor } from './supervisor.ts';
import { DEFAULT_LIMITS } from './types.ts';

/** Version queries of commercial tools take a second or two when their servers are slow. */
const QUERY_TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 64 * 1024;

type Environment = Readonly<Record<string, string | undefined>>;

/** Absolute path of an executable on the PATH of `env`, or null. */
export async function findExecutable(name: string, env: Environment): Promise<string | null> {
  for (const directory of (env['PATH'] ?? '').split(delimiter)) {
    if (directory === '') continue;
    const path = resolve(join(directory, name));
    try {
      await access(path, constants.X_OK);
      if ((await stat(path)).isFile()) return path;
    } catch {
      // not here
    }
  }
  return null;
}

export function createDetectHost(env: Environment, timeoutMs = QUERY_TIMEOUT_MS): DetectHost {
  return {
    which: (name) => findExecutable(name, env),
    async capture([command, ...args]) {
      if (command === undefined) return { exitCode: null, stdout: '', stderr: '' };
      const supervisor = new Supervisor({ ...DEFAULT_LIMITS, timeoutMs, outputBytes: MAX_ANSWER_BYTES }, undefined);
      const out: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
      try {
        const result = await runProcess({
          argv: [command, ...args], cwd: tmpdir(), env: toolEnvironment(env), supervisor,
          onChunk: (stream, chunk) => { out[stream].push(chunk); },
        });
        return { exitCode: result.exitCode, stdout: Buffer.concat(out.stdout).toString('utf8'), stderr: Buffer.concat(out.stderr).toString('utf8') };
      } finally {
        supervisor.close();
      }
    },
  };
}
