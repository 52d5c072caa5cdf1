// The processes of a confined run as the outside sees them: everything below bubblewrap.
import { readdirSync, readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** Children of all threads of a process; none when it is gone. */
function childrenOf(processId: number): number[] {
  const found: number[] = [];
  try {
    for (const thread of readdirSync(`/proc/${processId}/task`))
      for (const child of readFileSync(`/proc/${processId}/task/${thread}/children`, 'latin1').split(' '))
        if (child !== '') found.push(Number(child));
  } catch {
    // gone meanwhile
  }
  return found;
}

/** Descendants, nearest first, at most `limit` of them. */
export function descendants(processId: number, limit: number): number[] {
  const found = [processId];
  for (let next = 0; next < found.length && found.length <= limit; next += 1)
    found.push(...childrenOf(found[next] ?? 0));
  return found.slice(1, limit + 1);
}

/** More than any polite tool has; a crowd is ended with its namespace. */
const MAX_ASKED = 256;

/**
 * Asks every process of the run to end. Not bubblewrap, with which all would end at once, and not its first child,
 * which is the namespace's init and deaf to it.
 */
export function askToEnd(bubblewrap: number): void {
  const [, ...tools] = descendants(bubblewrap, MAX_ASKED);
  for (const processId of tools) {
    try {
      process.kill(processId, 'SIGTERM');
    } catch {
      // gone meanwhile
    }
  }
}

/**
 * Ends the run with all that it started. The namespace's init is killed, and bubblewrap ends by itself once everything
 * inside is gone; killed first, it would be gone before its children.
 */
export function endAll(bubblewrap: number): void {
  const [init] = descendants(bubblewrap, 1);
  for (const processId of init === undefined ? [bubblewrap] : [init]) {
    try {
      // it is the init that ends the others, and it waits for its turn behind all of them
      if (process.getuid?.() === 0) setPriority(processId, constants.priority.PRIORITY_HIGHEST);
      process.kill(processId, 'SIGKILL');
    } catch {
      // gone meanwhile
    }
  }
}

const PAGE_BYTES = 4096;

/** Resident memory that a process does not share, in bytes; 0 when it is gone. */
export function privateBytes(processId: number): number {
  try {
    const [, resident = '0', shared = '0'] = readFileSync(`/proc/${processId}/statm`, 'latin1').split(' ');
    return Math.max(0, Number(resident) - Number(shared)) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
