// Starts the guarded process of a session and sees to it that nothing of it is left. The only place of the skills that
// spawns.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { readdir, readFile } from 'node:fs/promises';
import { setImmediate as yieldTurn, setTimeout as sleep } from 'node:timers/promises';
import type { LauncherId } from '@genrtl/contracts/skill-contract.ts';
import { findExecutable } from '@genrtl/eda/runner/executable.ts';
import { LAUNCHERS } from './command.ts';

/** Read by session_guard.sh; its words hold no character that means something to a shell, since a job id cannot. */
const CANCEL_VARIABLE = 'GENRTL_SKILL_CANCEL';
/** Read by session_guard.sh on this machine: `yes` when setpriv can send a signal at the death of the parent. */
const DEATH_SIGNAL_VARIABLE = 'GENRTL_SKILL_PDEATHSIG';
const CANCEL_TIMEOUT_MS = 15_000;
/** Two seconds together: longer than any process that was killed needs to go, unless it hangs in the kernel. */
const KILL_ROUNDS = 200;
const KILL_PAUSE_MS = 10;

/** Every process of a session carries this variable, however it was started by the tool. */
export const SESSION_VARIABLE = 'GENRTL_SKILL_SESSION';

export interface GuardedExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface GuardedProcess {
  readonly pid: number;
  /** null while it runs */
  exit(): GuardedExit | null;
  readonly ended: Promise<GuardedExit>;
  /** SIGTERM to the guard, which ends the tool's process group */
  terminate(): void;
}

/** 128+n of a shell means signal n. */
function decodeExit(code: number | null, signal: NodeJS.Signals | null): GuardedExit {
  if (signal !== null) return { code: null, signal };
  if (code === null || code <= 128 || code > 192) return { code, signal: null };
  const name = Object.entries(osConstants.signals).find(([, number]) => number === code - 128)?.[0] ?? null;
  return { code: name === null ? code : null, signal: name };
}

const deathSignals = new Map<string, Promise<'yes' | 'no'>>();

/** Asked once for each PATH: it is the same for every session on this machine, and asking costs two programs. */
function canSendDeathSignal(env: NodeJS.ProcessEnv): Promise<'yes' | 'no'> {
  const key = env['PATH'] ?? '';
  const known = deathSignals.get(key);
  if (known !== undefined) return known;
  const asked = new Promise<'yes' | 'no'>((resolve) => {
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'true'], { env, stdio: 'ignore' });
    child.once('error', () => resolve('no'));
    child.once('exit', (code) => resolve(code === 0 ? 'yes' : 'no'));
  });
  deathSignals.set(key, asked);
  return asked;
}

/**
 * Starts `sh guard …`; stdin is the lifeline, whose other end only this process holds. stdout and stderr go into files
 * directly, so they are whole whatever becomes of us.
 */
export async function startGuarded(options: {
  guard: string;
  runDir: string;
  mode: 'local' | 'client';
  argv: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  jobId: string;
  launcher: LauncherId;
  stdoutFd: number;
  stderrFd: number;
}): Promise<GuardedProcess> {
  const deathSignalHere = await canSendDeathSignal(options.env);
  const child = spawn('/bin/sh', [options.guard, options.runDir, options.mode, '0', ...options.argv], {
    cwd: options.cwd,
    detached: true,
    env: {
      ...options.env,
      [SESSION_VARIABLE]: options.jobId,
      [DEATH_SIGNAL_VARIABLE]: deathSignalHere,
      [CANCEL_VARIABLE]: LAUNCHERS[options.launcher].cancel(options.jobId)?.join(' ') ?? '',
    },
    stdio: ['pipe', options.stdoutFd, options.stderrFd],
  });
  let exit: GuardedExit | null = null;
  const ended = new Promise<GuardedExit>((resolve) => {
    child.once('exit', (code, signal) => {
      exit = decodeExit(code, signal);
      resolve(exit);
    });
  });
  child.stdin?.on('error', () => undefined); // the guard ended first
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid ?? 0;
  return { pid, exit: () => exit, ended, terminate: () => signalQuietly(pid, 'SIGTERM') };
}

/**
 * Runs the launcher's cancel command, where it has one that is installed here. What it says does not matter: a job that
 * is gone already is an error to most schedulers. Bounded, since a scheduler that does not answer must not keep a
 * failed job open.
 */
export async function cancelOnCluster(launcher: LauncherId, jobName: string, env: NodeJS.ProcessEnv): Promise<void> {
  const [name, ...argv] = LAUNCHERS[launcher].cancel(jobName) ?? [];
  const command = name === undefined ? null : findExecutable(name, env);
  if (command === null) return;
  await new Promise<void>((resolve) => {
    const child = spawn(command, argv, { env, stdio: 'ignore', timeout: CANCEL_TIMEOUT_MS, killSignal: 'SIGKILL' });
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // gone already
  }
}

/** Processes looked at before the event loop gets its turn. */
const PROC_CHUNK = 64;
/** Linux bounds arguments and environment together at a quarter of the stack's limit: 2 MiB unless raised. */
const environ = Buffer.alloc(2 * 1024 * 1024);

/**
 * Whether a process's environment holds the mark. Read at once and not through promises: /proc never waits for a
 * disk, and a machine with
 * 2,000 processes is looked through in some 20 ms instead of 200.
 */
function carries(pid: string, mark: Buffer): boolean {
  let fd: number;
  try {
    fd = openSync(`/proc/${pid}/environ`, 'r');
  } catch {
    return false; // gone, or another person's
  }
  try {
    const variables = environ.subarray(0, readSync(fd, environ, 0, environ.length, 0));
    for (let at = variables.indexOf(mark); at >= 0; at = variables.indexOf(mark, at + 1)) {
      const next = variables[at + mark.length];
      if ((next === undefined || next === 0) && (at === 0 || variables[at - 1] === 0)) return true;
    }
    return false;
  } catch {
    return false;
  } finally {
    closeSync(fd);
  }
}

/**
 * Kills every process on this machine that carries the session's variable, wherever it moved itself (new session,
 * new group, re-parented).
 * Returns their ids. Linux only; elsewhere it finds none and the process group's end has to do.
 */
export async function killSession(jobId: string): Promise<number[]> {
  const mark = Buffer.from(`${SESSION_VARIABLE}=${jobId}`);
  const killed = new Set<number>();
  // a process may fork while we look, and one that was killed takes a moment to go
  for (let round = 0; round < KILL_ROUNDS; round += 1) {
    let found = 0;
    const names = (await readdir('/proc').catch(() => [])).filter(
      (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
    );
    for (const [index, name] of names.entries()) {
      if (index % PROC_CHUNK === PROC_CHUNK - 1) await yieldTurn();
      if (!carries(name, mark)) continue;
      const state = (await readFile(`/proc/${name}/stat`, 'latin1').catch(() => '')).replace(/^.*\) /, '').slice(0, 1);
      if (state === 'Z' || state === '') continue;
      signalQuietly(Number(name), 'SIGKILL');
      killed.add(Number(name));
      found += 1;
    }
    if (found === 0) break;
    await sleep(KILL_PAUSE_MS);
  }
  return [...killed];
}
