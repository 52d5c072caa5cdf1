// Ends a tool with everything that it started: its process group, and children that left the group.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Set in every tool's environment and inherited by whatever it forks. */
export const RUN_MARKER = 'GENRTL_TOOL_RUN';

/** Sends a signal to a process group; false when it is gone. */
export function signalGroup(processId: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-processId, signal);
    return true;
  } catch {
    return false;
  }
}

/** Half a second together: a killed process is gone within milliseconds, unless it hangs in the kernel. */
const ROUNDS = 100;
const PAUSE_MS = 5;

/**
 * Kills processes that carry the run's marker although they left its group (setsid, daemons), and looks again until
 * none is found: one may fork while we look. Linux only; elsewhere the group is all that can be reached. Used only when
 * a run is stopped, since a look costs a few milliseconds.
 */
export async function killMarked(marker: string): Promise<void> {
  if (process.platform !== 'linux') return;
  for (let round = 0; round < ROUNDS && killOnce(marker); round += 1) await sleep(PAUSE_MS);
}

/** True when it found one. */
function killOnce(marker: string): boolean {
  const needle = `${RUN_MARKER}=${marker}`;
  let found = false;
  for (const entry of readdirSync('/proc')) {
    const processId = Number(entry);
    if (!Number.isInteger(processId) || processId === process.pid) continue;
    try {
      // read as a whole variable: the entries of environ are separated and ended by NUL
      if (!readFileSync(`/proc/${entry}/environ`, 'latin1').split('\0').includes(needle)) continue;
      found = true;
      process.kill(processId, 'SIGKILL');
    } catch {
      // gone meanwhile, or another user's
    }
  }
  return found;
}
