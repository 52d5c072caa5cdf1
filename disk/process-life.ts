// Whether a process that a file names still lives: only among the processes that can be seen from here, and never a
// dead one that its parent has not collected.
import { readFileSync, readlinkSync } from 'node:fs';

/** The kernel's name of the namespace that this process's number counts in; empty outside Linux. */
export function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** False for a number that names nobody, or a zombie. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // the command's name before the state may hold anything
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return true;
  }
}
