// Open files that this process was started with and that would go on to whatever it starts: each could be a way out of
// a sandbox. Node closes its own by itself.
import { openSync, readdirSync, readFileSync } from 'node:fs';
import type { StdioOptions } from 'node:child_process';
import { HOLD_FD, STATUS_FD } from './bubblewrap.ts';

const CLOSE_ON_EXEC = 0o2000000;

let known: readonly ('ignore' | 'pipe' | number)[] | null = null;

/**
 * `stdio` for a confined command: nothing to read, both outputs, filter and status, and what holds it when it is held;
 * inherited files lead nowhere.
 */
export function confinedStdio(held: boolean): StdioOptions {
  known ??= plan();
  const stdio = [...known];
  if (held) stdio[HOLD_FD] = 'pipe';
  return stdio;
}

function plan(): ('ignore' | 'pipe' | number)[] {
  const stdio: ('ignore' | 'pipe' | number)[] = ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'];
  const inherited = findInherited();
  const nowhere = inherited.length === 0 ? null : openSync('/dev/null', 'r+');
  for (const descriptor of inherited) {
    while (stdio.length < descriptor) stdio.push('ignore');
    stdio[descriptor] = nowhere ?? 'ignore';
  }
  return stdio;
}

function findInherited(): number[] {
  try {
    return readdirSync('/proc/self/fdinfo')
      .map(Number)
      .filter((descriptor) => descriptor > STATUS_FD && isPassedOn(descriptor))
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

function isPassedOn(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    return false;
  }
}
