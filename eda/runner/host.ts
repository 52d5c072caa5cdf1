// Finds executables and asks them for their version, each question bounded in time.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import type { DetectHost } from '../adapter.ts';
import { captureOutput } from './capture.ts';

/** Version queries of commercial tools take a second or two when their servers are slow. */
const QUERY_TIMEOUT_MS = 5_000;

type Environment = Readonly<Record<string, string | undefined>>;

function isExecutable(file: string): boolean {
  if (!(statSync(file, { throwIfNoEntry: false })?.isFile() ?? false)) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Absolute path of an executable on the PATH of `env`, or null. A name with a slash is a path already. */
export function findExecutable(name: string, env: Environment): string | null {
  const places = name.includes('/')
    ? [resolve(name)]
    : (env['PATH'] ?? '')
        .split(delimiter)
        .filter((directory) => directory !== '')
        .map((directory) => resolve(directory, name));
  return places.find(isExecutable) ?? null;
}

export function createDetectHost(env: Environment, timeoutMs = QUERY_TIMEOUT_MS): DetectHost {
  return {
    which: (name) => Promise.resolve(findExecutable(name, env)),
    capture: (argv) => captureOutput(argv, { env, timeoutMs }),
  };
}
