// One writer at a time on a workspace or a run directory. Who holds the lock is the kernel's word; the file says who it
// is, for people.
import os from 'node:os';
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { lockDescription, takeKernelLock, type LockOptions } from './kernel-lock.ts';
import { pidNamespace } from './process-life.ts';
import { asDiskError } from './records.ts';

const Owner = z.object({
  host: z.string(),
  pid: z.number().int(),
  /** the processes among which the number counts; elsewhere it names nobody */
  pid_namespace: z.string(),
  since: z.string(),
});

export interface WriterLock {
  /** Throws WORKSPACE_TAKEN_OVER once another process has taken the lock away. */
  requireHeld(): void;
  release(): Promise<void>;
}

/** Others look for a moment whether somebody holds the lock: that is waited for, a working owner is not. */
const LOOKERS_WAIT_MS = 300;

/**
 * Takes the lock or throws WORKSPACE_BUSY naming its owner; LOCK_UNAVAILABLE where nothing can be locked. `takeOver`
 * takes it from an owner that nobody can end (a host that is gone, a file server that forgot to let go).
 */
export async function acquireWriterLock(
  file: string,
  options: Pick<LockOptions, 'takeOver' | 'passing'> = {},
): Promise<WriterLock> {
  try {
    const lock = await takeKernelLock(file, { ...options, waitMs: LOOKERS_WAIT_MS });
    if (lock === null) throw new GenrtlError('WORKSPACE_BUSY', `${ownerOf(file)} works on this workspace.`);
    lock.describe(
      JSON.stringify({
        host: os.hostname(),
        pid: process.pid,
        pid_namespace: pidNamespace(),
        since: new Date().toISOString(),
      } satisfies z.infer<typeof Owner>),
    );
    return {
      requireHeld: () => {
        if (!lock.held())
          throw new GenrtlError('WORKSPACE_TAKEN_OVER', 'Another process has taken this workspace over.');
      },
      release: async () => lock.release(),
    };
  } catch (error) {
    throw asDiskError(error, file);
  }
}

/** Whether a process holds the lock now. */
export async function writerAlive(file: string): Promise<boolean> {
  if (lockDescription(file) === '') return false;
  const lock = await takeKernelLock(file).catch(() => null);
  lock?.release();
  return lock === null;
}

function ownerOf(file: string): string {
  let owner: z.infer<typeof Owner> | null = null;
  try {
    owner = Owner.parse(JSON.parse(lockDescription(file)));
  } catch {
    // it has not said yet
  }
  if (owner === null) return 'Another process';
  const inside = owner.host === os.hostname() && owner.pid_namespace !== pidNamespace() ? ' (in a container)' : '';
  return `Process ${owner.pid} on ${owner.host}${inside}, since ${owner.since},`;
}
