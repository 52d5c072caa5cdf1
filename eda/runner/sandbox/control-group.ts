// A control group for a confined run that lasts, where this process may make one: the kernel itself then keeps
// processes and memory within their bounds, root's too. Where it may not, the watch and the limits of each process
// remain.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bounds } from './policy.ts';

const ROOT = '/sys/fs/cgroup';
const PREFIX = 'genrtl-';

/** Where groups can be made, and the names of the files that bound them. */
interface Place {
  readonly folder: string;
  readonly controllers: readonly ('pids' | 'memory')[];
  readonly unified: boolean;
}

let places: readonly Place[] | null = null;
let count = 0;

export interface ControlGroup {
  /** Takes processes in; what they start from then on is in too. */
  add(processIds: readonly number[]): Promise<void>;
  /** what the kernel has held back: it ended a process for want of memory, or refused to make another one */
  reached(): 'memory' | 'processes' | null;
  remove(): void;
}

/** Null where none can be made. */
export function openControlGroup(bounds: Bounds): ControlGroup | null {
  places ??= findPlaces();
  const made: { readonly folder: string; readonly place: Place }[] = [];
  try {
    for (const place of places) {
      const folder = path.join(place.folder, `${PREFIX}${process.pid}-${count++}`);
      mkdirSync(folder);
      made.push({ folder, place });
      if (place.controllers.includes('pids')) writeFileSync(path.join(folder, 'pids.max'), String(bounds.processes));
      if (place.controllers.includes('memory'))
        writeFileSync(
          path.join(folder, place.unified ? 'memory.max' : 'memory.limit_in_bytes'),
          String(bounds.memoryBytes),
        );
    }
  } catch {
    for (const { folder } of made) removeFolder(folder);
    return null;
  }
  if (made.length === 0) return null;
  return {
    async add(processIds) {
      for (const { folder } of made)
        for (const processId of processIds) {
          // waits for a grace period of the kernel, some 10 ms. May be refused although the group could be made: moving
          // needs rights on the group left, too
          await writeFile(path.join(folder, 'cgroup.procs'), String(processId)).catch(() => undefined);
        }
    },
    reached() {
      for (const { folder, place } of made) {
        if (place.controllers.includes('pids') && counts(folder, 'pids.events', /^max [1-9]/m)) return 'processes';
        const memory = place.unified ? 'memory.events' : 'memory.oom_control';
        if (place.controllers.includes('memory') && counts(folder, memory, /^oom_kill [1-9]/m)) return 'memory';
      }
      return null;
    },
    remove() {
      for (const { folder } of made) removeFolder(folder);
    },
  };
}

function counts(folder: string, file: string, event: RegExp): boolean {
  try {
    return event.test(readFileSync(path.join(folder, file), 'latin1'));
  } catch {
    return false;
  }
}

function removeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // a dying process is still in it; the next start takes it away
  }
}

/** Own groups per controller, from /proc/self/cgroup: `5:pids:/path` or, unified, `0::/path`. */
function findPlaces(): Place[] {
  let lines: string[];
  try {
    lines = readFileSync('/proc/self/cgroup', 'latin1').split('\n');
  } catch {
    return [];
  }
  const found: Place[] = [];
  for (const line of lines) {
    const [, names = '', own = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (names === 'pids' || names === 'memory') {
      const base = path.join(ROOT, names);
      const folder = [path.join(base, own), base].find((candidate) => canMakeGroup(candidate, [names], false));
      if (folder !== undefined) found.push({ folder, controllers: [names], unified: false });
    }
    if (names === '' && existsSync(path.join(ROOT, 'cgroup.controllers'))) {
      // processes live in leaves only, so the group is made beside ours
      for (const folder of [path.dirname(path.join(ROOT, own)), ROOT]) {
        const controllers = (['pids', 'memory'] as const).filter((one) => canMakeGroup(folder, [one], true));
        if (controllers.length > 0) {
          found.push({ folder, controllers, unified: true });
          break;
        }
      }
    }
  }
  for (const { folder } of found) sweep(folder);
  return found;
}

function canMakeGroup(parent: string, controllers: readonly ('pids' | 'memory')[], unified: boolean): boolean {
  const probe = path.join(parent, `${PREFIX}${process.pid}-probe`);
  try {
    mkdirSync(probe);
  } catch {
    return false;
  }
  const bounded = controllers.every((one) =>
    existsSync(path.join(probe, one === 'pids' ? 'pids.max' : unified ? 'memory.max' : 'memory.limit_in_bytes')),
  );
  removeFolder(probe);
  return bounded;
}

/** Takes away groups of processes that were killed. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const owner = /^genrtl-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) removeFolder(path.join(folder, name));
  }
}
