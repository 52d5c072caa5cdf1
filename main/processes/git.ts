// What git says of a workspace's files. Read only, and nothing of the repository's own configuration may run a command.
import { execFile } from 'node:child_process';

const TIMEOUT_MS = 10_000;
/** keeps the command line far below any system's limit */
const PATHS_A_CALL = 200;
const MAX_OUTPUT_BYTES = 4_000_000;
const SAFE = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '--literal-pathspecs'];

/** Those of `paths` (relative to `root`) that are in the index; null without a repository or without git. */
export async function trackedByGit(
  root: string,
  paths: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ReadonlySet<string> | null> {
  const tracked = new Set<string>();
  for (let at = 0; at < paths.length || at === 0; at += PATHS_A_CALL) {
    const listed = await git(root, ['ls-files', '-z', '--', ...paths.slice(at, at + PATHS_A_CALL)], env);
    if (listed === null) return null;
    for (const file of listed.split('\0')) if (file !== '') tracked.add(file);
    if (paths.length === 0) break;
  }
  return tracked;
}

function git(root: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(
      'git',
      [...SAFE, ...args],
      {
        cwd: root,
        env: { PATH: env['PATH'], HOME: env['HOME'], LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
        timeout: TIMEOUT_MS,
        maxBuffer: MAX_OUTPUT_BYTES,
        windowsHide: true,
      },
      (error, stdout) => resolve(error === null ? stdout : null),
    );
  });
}
