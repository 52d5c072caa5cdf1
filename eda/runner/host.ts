// Finds executables and asks them for their version, each question bounded in time.
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import type { DetectHost } from '../adapter.ts';
import { captureOutput } from './capture.ts';

/** Version queries of commercial tools take a second or two when their servers are slow. */
const QUERY_TIMEOUT_MS = 5_000;

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
    capture: (argv) => captureOutput(argv, { env, timeoutMs }),
  };
}
