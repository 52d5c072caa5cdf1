// What is left of an earlier server on a data folder: reading postmaster.pid, telling a living server from a reused
// pid, and ending what still runs. Two servers on one folder would destroy it, so a start waits until nothing is left.
import { readFile, readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GenrtlError } from '@genrtl/contracts';

export interface PostmasterFile {
  readonly pid: number;
  readonly port: number | null;
  /** starting, stopping, ready or standby; null while the file is half written */
  readonly status: string | null;
}

/**
 * `postmaster.pid` (PostgreSQL 10 and later): pid, folder, start time, port, socket folder, address, shared memory,
 * status.
 */
export async function readPostmasterFile(data: string): Promise<PostmasterFile | null> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => null);
  if (text === null) return null;
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  const port = Number(lines[3]);
  return { pid, port: Number.isInteger(port) && port > 0 ? port : null, status: lines[7]?.trim() || null };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Server processes of this data folder, by their working folder (every PostgreSQL process works in it). Empty where
 * there is no /proc: there only the pid file speaks.
 */
export async function serverProcesses(data: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc').catch(() => [])) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => null);
    if (folder === data) found.push(pid);
  }
  return found;
}

/** Ends whatever earlier server still works on the folder and removes a pid file that names nobody. */
export async function endEarlierServer(data: string, limitMs = 20_000): Promise<void> {
  const started = Date.now();
  let file = await readPostmasterFile(data);
  for (let round = 0; ; round++) {
    const processes =
      process.platform === 'linux' ? await serverProcesses(data) : file !== null && isAlive(file.pid) ? [file.pid] : [];
    if (processes.length === 0) break;
    const elapsed = Date.now() - started;
    if (elapsed > limitMs) {
      throw new GenrtlError(
        'BACKEND_START_FAILED',
        `An earlier database server (process ${processes.join(', ')}) does not end`,
      );
    }
    // Fast shutdown, then immediate, then by force; orphans of a dead postmaster end by themselves or by force.
    const signal = elapsed < limitMs / 2 ? 'SIGINT' : elapsed < (limitMs * 3) / 4 ? 'SIGQUIT' : 'SIGKILL';
    const leader = file !== null && processes.includes(file.pid) ? [file.pid] : processes;
    if (round % 40 === 0) for (const pid of leader) trySignal(pid, signal);
    await delay(25);
    file = await readPostmasterFile(data);
  }
  // No process works in the folder, so a pid in the file was reused by a stranger.
  await rm(join(data, 'postmaster.pid'), { force: true });
}

export function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile.
  }
}
