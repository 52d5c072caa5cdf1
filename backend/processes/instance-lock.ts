// One backend per home. The lock is the kernel's own file lock (through SQLite's exclusive mode), so it ends with its
// process, however that dies: no stale lock, no pid to trust.
import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export interface InstanceLock {
  release(): void;
}

/** Takes the lock, or returns null when a living process holds it. */
export function takeInstanceLock(file: string): InstanceLock | null {
  const lock = new DatabaseSync(file);
  try {
    lock.exec(
      'PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE',
    );
    chmodSync(file, 0o600);
  } catch (error) {
    lock.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return null;
    throw error;
  }
  return { release: () => lock.close() };
}
