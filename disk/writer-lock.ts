// One writer at a time on a workspace. The lock names host, boot, process and its start, so a dead owner is known at
// once.
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts';
import { asDiskError, sha256 } from './records.ts';

const LockOwner = z.object({
  host: z.string(),
  boot_id: z.string(),
  pid: z.number().int(),
  /** clock ticks since boot at which the process started (Linux), else empty */
  process_start: z.string(),
  token: z.string(),
});
type LockOwner = z.infer<typeof LockOwner>;

export interface WriterLock {
  release(): Promise<void>;
}

async function firstLine(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    return '';
  }
}

/** Field 22 of /proc/<pid>/stat; the command name before it may hold spaces and parentheses. */
async function processStart(pid: number): Promise<string | null> {
  const stat = await firstLine(`/proc/${pid}/stat`);
  if (stat === '') return null;
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

async function self(): Promise<LockOwner> {
  return {
    host: os.hostname(),
    boot_id: await firstLine('/proc/sys/kernel/random/boot_id'),
    pid: process.pid,
    process_start: (await processStart(process.pid)) ?? '',
    token: randomBytes(8).toString('hex'),
  };
}

async function isAlive(owner: LockOwner, me: LockOwner): Promise<boolean> {
  if (owner.host !== me.host) return true; // cannot be known from here
  if (owner.boot_id !== me.boot_id) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  if (owner.process_start === '') return true;
  return (await processStart(owner.pid)) === owner.process_start;
}

/** Null when there is no lock; an owner of null is a lock that nobody can have written whole. */
async function readOwner(file: string): Promise<{ text: string; owner: LockOwner | null } | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return { text, owner: LockOwner.parse(JSON.parse(text)) };
  } catch {
    return { text, owner: null };
  }
}

/** Whether a live process holds the lock; a lock that a killed process left does not count. */
export async function writerAlive(file: string): Promise<boolean> {
  const held = await readOwner(file);
  return held?.owner != null && (await isAlive(held.owner, await self()));
}

/**
 * Takes the lock or throws WORKSPACE_BUSY naming its owner. Locks appear whole (link of a written file), never half.
 */
export async function acquireWriterLock(file: string): Promise<WriterLock> {
  const me = await self();
  const mine = `${file}.${me.token}`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(mine, JSON.stringify(me), { flag: 'wx' });
    for (let attempt = 0; attempt < 20; attempt += 1) {
      try {
        await link(mine, file);
        return { release: () => release(file, me) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const held = await readOwner(file);
      if (held === null) continue;
      if (held.owner && (await isAlive(held.owner, me))) {
        throw new GenrtlError(
          'WORKSPACE_BUSY',
          `Process ${held.owner.pid} on ${held.owner.host} works on this workspace.`,
        );
      }
      if (await succeed(file, mine, held.text)) return { release: () => release(file, me) };
    }
    throw new GenrtlError('WORKSPACE_BUSY', 'Other processes keep taking the lock of this workspace.');
  } catch (error) {
    throw asDiskError(error, file);
  } finally {
    await unlink(mine).catch(() => undefined);
  }
}

/**
 * Replaces a dead owner's lock by `mine`. Only who holds the lock named after the dead one's content may do that, so
 * two
 * successors cannot both believe they won; a successor that dies here is succeeded in the same way.
 */
async function succeed(file: string, mine: string, dead: string): Promise<boolean> {
  const claim = await acquireWriterLock(`${file}.after-${sha256(dead).slice(0, 16)}`);
  try {
    if ((await readOwner(file))?.text !== dead) return false;
    await rename(mine, file);
    return true;
  } finally {
    await claim.release();
  }
}

async function release(file: string, me: LockOwner): Promise<void> {
  const held = await readOwner(file);
  if (held?.owner?.token === me.token) await unlink(file).catch(() => undefined);
}
