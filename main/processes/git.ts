// Runs the plain git binary, and is the one place that knows how to run it safely: looking at a repository, which may
// be a stranger's, runs no program that the repository names, takes no lock, asks nothing and reaches no network.
import { spawn } from 'node:child_process';
import { findExecutable } from '@genrtl/eda/runner/index.ts';
import { foreignFilters } from './git-filters.ts';

const LOOK_TIMEOUT_MS = 30_000;
/** a hook may lint the whole design */
const ACT_TIMEOUT_MS = 15 * 60_000;
const MAX_OUTPUT_BYTES = 4_000_000;
const MAX_MESSAGE_BYTES = 64_000;
/** keeps the command line far below any system's limit */
const PATHS_A_CALL = 200;

/**
 * Held in every call: fsmonitor names a program; a bare repository that lies in the workspace as plain files is none;
 * `log` could call the repository's signature program; paths are names, not patterns.
 */
const ALWAYS = [
  ['-c', 'core.fsmonitor=false'],
  ['-c', 'safe.bareRepository=explicit'],
  ['-c', 'log.showSignature=false'],
  ['--no-pager'],
  ['--literal-pathspecs'],
].flat();

/** Of the person's environment; another git's GIT_DIR or GIT_INDEX_FILE would mean another repository. */
const PASSED_ON =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|TEMP|TMP|EMAIL|XDG_[A-Z_]+|SSH_AUTH_SOCK|GNUPGHOME|GPG_TTY|DISPLAY|WAYLAND_DISPLAY|DBUS_SESSION_BUS_ADDRESS|VIRTUAL_ENV|GIT_(AUTHOR|COMMITTER)_(NAME|EMAIL)|SystemRoot|USERPROFILE|APPDATA|LOCALAPPDATA|ComSpec|PATHEXT)$/;

export interface GitCall {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/**
 * `cut`: more than `maxBytes`, `stdout` holds the first of them. `failed`: git ended with `code` and says why in
 * `message`.
 */
export type GitEnd = 'done' | 'failed' | 'cut' | 'timeout' | 'stopped' | 'missing';
export interface GitResult {
  readonly end: GitEnd;
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly message: string;
}

const TOO_OLD: GitResult = {
  end: 'failed',
  code: null,
  stdout: Buffer.alloc(0),
  message: 'unknown option: git config --show-scope; without it filters of the repository could run.',
};

/** Looks at a repository. `filtered`: the call compares files on disk, so that git would run their clean filters. */
export async function gitLook(
  root: string,
  call: GitCall & { readonly filtered?: boolean; readonly hooksAsSet?: boolean },
): Promise<GitResult> {
  // who asks where the hooks are wants the real answer; such questions run none
  const noHooks = call.hooksAsSet === true ? [] : ['-c', 'core.hooksPath=/dev/null'];
  const run = (one: GitCall, config: readonly (readonly [string, string])[] = []): Promise<GitResult> =>
    spawnGit(root, [...noHooks, ...one.args], one, LOOK_TIMEOUT_MS, {
      GIT_OPTIONAL_LOCKS: '0',
      // a partial clone would fetch what it lacks, by a program or address that it names itself
      GIT_NO_LAZY_FETCH: '1',
      GIT_ALLOW_PROTOCOL: 'none',
      ...asEnvironment(config),
    });
  if (call.filtered !== true) return run(call);
  const filters = await foreignFilters((args) => run({ ...call, args }));
  return filters === null ? TOO_OLD : run(call, filters);
}

/** Changes a repository, with its hooks and filters: only where the person trusts them. */
export const gitAct = (root: string, call: GitCall): Promise<GitResult> =>
  spawnGit(root, call.args, call, ACT_TIMEOUT_MS, {});

/** Those of `paths` (relative to `root`) that are in the index; null without a repository or without git. */
export async function trackedByGit(
  root: string,
  paths: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ReadonlySet<string> | null> {
  const tracked = new Set<string>();
  for (let at = 0; at < paths.length || at === 0; at += PATHS_A_CALL) {
    const args = ['ls-files', '-z', '--', ...paths.slice(at, at + PATHS_A_CALL)];
    const listed = await gitLook(root, { args, env });
    if (listed.end !== 'done') return null;
    for (const file of listed.stdout.toString().split('\0')) if (file !== '') tracked.add(file);
    if (paths.length === 0) break;
  }
  return tracked;
}

/** Exact for any name and value, which `-c` is not. */
function asEnvironment(config: readonly (readonly [string, string])[]): Record<string, string> {
  const env: Record<string, string> = { GIT_CONFIG_COUNT: String(config.length) };
  config.forEach(([key, value], at) => {
    env[`GIT_CONFIG_KEY_${at}`] = key;
    env[`GIT_CONFIG_VALUE_${at}`] = value;
  });
  return env;
}

function spawnGit(
  root: string,
  args: readonly string[],
  { env, input, maxBytes = MAX_OUTPUT_BYTES, signal }: GitCall,
  timeoutMs: number,
  own: Readonly<Record<string, string>>,
): Promise<GitResult> {
  const git = findExecutable('git', env);
  const nothing = Buffer.alloc(0);
  if (git === null) return Promise.resolve({ end: 'missing', code: null, stdout: nothing, message: '' });
  if (signal?.aborted === true) return Promise.resolve({ end: 'stopped', code: null, stdout: nothing, message: '' });
  return new Promise((resolve) => {
    const passed = Object.fromEntries(Object.entries(env).filter(([name]) => PASSED_ON.test(name)));
    const child = spawn(git, [...ALWAYS, ...args], {
      cwd: root,
      env: { ...passed, LC_ALL: 'C.UTF-8', LANGUAGE: 'C', GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: ':', ...own },
      stdio: ['pipe', 'pipe', 'pipe'],
      // hooks are its children: they end with it
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    let early: GitEnd | null = null;
    const stop = (why: GitEnd): void => {
      early ??= why;
      try {
        if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGTERM');
        else child.kill();
      } catch {
        // it ended by itself
      }
      // what a hook left running may hold the pipes
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const timer = setTimeout(() => stop('timeout'), timeoutMs);
    const aborted = (): void => stop('stopped');
    signal?.addEventListener('abort', aborted, { once: true });
    const out: Buffer[] = [];
    const said: Buffer[] = [];
    let outBytes = 0;
    let saidBytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      const room = maxBytes - outBytes;
      if (room > 0) out.push(chunk.subarray(0, room));
      outBytes += chunk.length;
      if (outBytes > maxBytes) stop('cut');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (saidBytes < MAX_MESSAGE_BYTES) said.push(chunk);
      saidBytes += chunk.length;
    });
    const end = (code: number | null, message?: string): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      resolve({
        end: early ?? (code === 0 ? 'done' : 'failed'),
        code,
        stdout: Buffer.concat(out),
        message: message ?? Buffer.concat(said).toString().trim(),
      });
    };
    child.once('error', (error) => end(null, error.message));
    child.once('close', (code) => end(code));
    // a git that reads no input closes the pipe
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
