// Whether this machine can confine, found out by doing it: bubblewrap is started with everything that a run gets, and
// asked from inside what it sees. Once for each process and bubblewrap.
import { spawn } from 'node:child_process';
import { release } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { UnconfinedReason } from '@genrtl/contracts';
import { findExecutable } from '../executable.ts';
import { bubblewrapArguments, FILTER_FD, STATUS_FD } from './bubblewrap.ts';
import type { Bubblewrap } from './bubblewrap.ts';
import type { Environment } from './places.ts';
import { defaultBounds } from './policy.ts';
import { allowEverything, filterProgram } from './seccomp.ts';
import { planView } from './view.ts';

export type Probe =
  | { readonly works: true; readonly bubblewrap: Bubblewrap; readonly filtered: boolean }
  | { readonly works: false; readonly reason: UnconfinedReason; readonly detail: string };

const PROBE_TIMEOUT_MS = 10_000;

/** What must hold inside, as a shell's words; the first that does not is named. */
const QUESTIONS = `
w=$1; h=$2
say() { echo "leak: $1"; exit 9; }
[ "$(ls -d /proc/[0-9]* | wc -l)" -le 8 ] || say "the processes of others can be seen"
(: >"$w/genrtl-probe") 2>/dev/null && say "the workspace can be written"
(: >/genrtl-probe) 2>/dev/null && say "the root can be written"
(: >/usr/genrtl-probe) 2>/dev/null && say "the system can be written"
(: >/etc/genrtl-probe) 2>/dev/null && say "the system can be written"
[ -w /proc/sys/kernel/core_pattern ] && say "the settings of the kernel can be written"
[ -z "$h" ] || [ -z "$(ls -A "$h")" ] || say "the home can be read"
[ "$(grep -c : /proc/net/dev)" -le 1 ] || say "the network can be reached"
echo confined
`;

const answers = new Map<string, Promise<Probe>>();

/** Never throws. The answer is kept for as long as the process lives. */
export function probeConfinement(env: Environment = process.env): Promise<Probe> {
  if (process.platform !== 'linux')
    return Promise.resolve({ works: false, reason: 'not_linux', detail: `this is ${process.platform}` });
  const command = findExecutable('bwrap', env);
  if (command === null)
    return Promise.resolve({ works: false, reason: 'not_installed', detail: 'bwrap is not on the PATH' });
  const known = answers.get(command) ?? probe(command, env);
  answers.set(command, known);
  return known;
}

async function probe(command: string, env: Environment): Promise<Probe> {
  const prlimit = findExecutable('prlimit', env);
  if (prlimit === null) return { works: false, reason: 'not_installed', detail: 'prlimit is not on the PATH' };
  const version = /\d+\.\d+(?:\.\d+)?/.exec((await ask(command, ['--version'], null)).output)?.[0] ?? 'unknown';
  const filter = filterProgram(false);
  let last = '';
  // not in a hidden place: what is asked is whether one is hidden
  const workspace = mkdtempSync(path.join('/tmp', 'genrtl-probe-'));
  try {
    for (const disablesUserNamespaces of [true, false]) {
      const bubblewrap = {
        path: command,
        version,
        prlimit,
        disablesUserNamespaces,
        countsProcesses: countsProcesses(),
      };
      const view = planView({
        workspace,
        root: 'read_only',
        writable: [],
        fixed: [],
        readable: [],
        hidden: [],
        devices: false,
        env,
      });
      const args = bubblewrapArguments(bubblewrap, view, false, defaultBounds());
      const end = await ask(
        command,
        [...args, '/bin/sh', '-c', QUESTIONS, 'sh', workspace, view.home ?? ''],
        filter ?? allowEverything,
      );
      if (end.code === 0 && end.output.includes('confined'))
        return { works: true, bubblewrap, filtered: filter !== null };
      last = end.output.trim().split('\n').at(-1) ?? '';
      if (last.startsWith('leak: ')) return { works: false, reason: 'leaks', detail: last.slice(6) };
    }
    return { works: false, reason: 'refused', detail: last === '' ? 'bwrap ended without a word' : last };
  } catch (error) {
    return { works: false, reason: 'refused', detail: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

/** RLIMIT_NPROC never binds root, and was counted over all processes of a person before Linux 5.14. */
function countsProcesses(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return process.getuid?.() !== 0 && (major > 5 || (major === 5 && minor >= 14));
}

function ask(
  command: string,
  args: readonly string[],
  filter: Buffer | null,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe', ...(filter === null ? [] : (['pipe', 'pipe'] as const))],
      timeout: PROBE_TIMEOUT_MS,
      killSignal: 'SIGKILL',
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' },
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-4000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
    if (filter === null) return;
    const pipe = child.stdio[FILTER_FD] as Writable;
    pipe.on('error', () => undefined);
    pipe.end(filter);
    // bubblewrap dies of a status that nobody takes
    (child.stdio[STATUS_FD] as Readable).resume();
  });
}
