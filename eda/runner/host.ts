// What detection may ask of a machine: executables and their versions, each question bounded in time.
import type { DetectHost } from '../adapter.ts';
import { captureOutput } from './capture.ts';
import { findExecutable } from './executable.ts';

/** Version queries of commercial tools take a second or two when their servers are slow. */
const QUERY_TIMEOUT_MS = 5_000;

type Environment = Readonly<Record<string, string | undefined>>;

export function createDetectHost(env: Environment, timeoutMs = QUERY_TIMEOUT_MS): DetectHost {
  return {
    which: (name) => Promise.resolve(findExecutable(name, env)),
    capture: (argv) => captureOutput(argv, { env, timeoutMs }),
  };
}
