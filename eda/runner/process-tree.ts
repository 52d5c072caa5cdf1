// Ends a tool with everything that it started: its process group, and children that left the group.
import { readdirSync, readFileSync } from 'node:fs';

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

/**
 * Kills processes that carry the run's marker although they left its group (setsid, daemons). Linux only; elsewhere the
 * group is all that can be reached. Costs a few milliseconds, so it is used only when a run is stopped.
 */
export function killMarked(marker: string): number {
  if (process.platform !== 'linux') return 0;
  const needle = `${RUN_MARKER}=${marker}`;
  let killed = 0;
  for (const entry of readdirSync('/proc')) {
    const processId = Number(entry);
    if (!Number.isInteger(processId) || processId === process.pid) continue;
    try {
      // read as a whole variable: the entries of environ are separated and ended by NUL
      if (!readFileSync(`/proc/${entry}/environ`, 'latin1').split('\0').includes(needle)) continue;
      process.kill(processId, 'SIGKILL');
      killed++;
    } catch {
      // gone meanwhile, or another user's
    }
  }
  return killed;
}
