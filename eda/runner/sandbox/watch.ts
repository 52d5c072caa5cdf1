// Looks after a confined run that lasts: its processes, memory and disk against their bounds. What the kernel can hold
// by itself it holds; this is for the rest, and for everything where neither a control group nor a user's limit works.
import { readdirSync, lstatSync, statfsSync } from 'node:fs';
import path from 'node:path';
import type { ResourceBound } from '@genrtl/contracts';
import { openControlGroup } from './control-group.ts';
import type { ControlGroup } from './control-group.ts';
import { descendants, privateBytes } from './family.ts';
import type { Bounds } from './policy.ts';

/** The first looks come soon, for those that fork without end; what lasts is looked at less often. */
const FIRST_MS = [10, 10, 20, 40, 60, 100];
const INTERVAL_MS = 200;
/**
 * Runs that are still there at this look join a control group. Short ones, most, do not: it costs more than they do.
 */
const LASTS_AT = 6;
/** A look at the disk costs a call for each file, so that it comes less often. */
const DISK_EVERY = 3;
/** files of writable folders looked at each time */
const MAX_FILES = 20_000;
/** A disk with less room than this, or than a fiftieth of it, ends the run, whatever its own bound. */
const FREE_BYTES = 256 * 1024 * 1024;
const FREE_SHARE = 1 / 50;

export interface Watched {
  readonly bubblewrap: number;
  /** absolute */
  readonly writable: readonly string[];
  readonly bounds: Bounds;
  readonly onBound: (bound: ResourceBound) => void;
}

/** Returns what ends the watch, after a last look. */
export function watchRun({ bubblewrap, writable, bounds, onBound }: Watched): () => void {
  let round = 0;
  let group: ControlGroup | null = null;
  let timer = setTimeout(look, FIRST_MS[0]);

  function look(): void {
    round += 1;
    const found = bound();
    if (found !== null) return onBound(found);
    timer = setTimeout(look, FIRST_MS[round] ?? INTERVAL_MS);
    timer.unref();
  }

  function bound(): ResourceBound | null {
    const held = group?.reached() ?? null;
    if (held !== null) return held;
    const family = descendants(bubblewrap, bounds.processes + 2);
    if (family.length > bounds.processes + 1) return 'processes';
    let memory = 0;
    for (const processId of family) memory += privateBytes(processId);
    if (memory > bounds.memoryBytes) return 'memory';
    if (round === LASTS_AT) {
      group = openControlGroup(bounds);
      void group?.add([bubblewrap, ...family]);
    }
    return round % DISK_EVERY === 0 && isFull(writable, bounds.diskBytes) ? 'disk' : null;
  }

  timer.unref();
  return () => {
    clearTimeout(timer);
    const held = group?.reached() ?? null;
    group?.remove();
    if (held !== null) onBound(held);
  };
}

function isFull(folders: readonly string[], limitBytes: number): boolean {
  if (usedBytes(folders) > limitBytes) return true;
  return folders.some((folder) => {
    try {
      const { bavail, blocks, bsize } = statfsSync(folder);
      return bavail * bsize < Math.min(FREE_BYTES, blocks * bsize * FREE_SHARE);
    } catch {
      return false;
    }
  });
}

/** Blocks in use below the folders; a folder named twice counts once. */
export function usedBytes(folders: readonly string[]): number {
  let bytes = 0;
  let files = 0;
  const outer = folders.filter((one) => !folders.some((other) => other !== one && one.startsWith(`${other}/`)));
  const queue = [...new Set(outer)];
  for (let folder = queue.pop(); folder !== undefined && files < MAX_FILES; folder = queue.pop()) {
    let entries;
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch {
      continue;
    }
    for (const entry of entries) {
      const at = path.join(folder, entry.name);
      if (entry.isDirectory()) queue.push(at);
      else bytes += (lstatSync(at, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
      files += 1;
    }
  }
  return bytes;
}
