// Looks after a confined run that lasts: its processes, memory and disk against their bounds. What the kernel can hold
// by itself it holds; this is for the rest, and for everything where neither a control group nor a user's limit works.
import { readdirSync, lstatSync, statfsSync } from 'node:fs';
import path from 'node:path';
import type { ResourceBound } from '@genrtl/contracts';
import type { ControlGroup } from './control-group.ts';
import { descendants, privateBytes } from './family.ts';
import type { Bounds } from './policy.ts';

const INTERVAL_MS = 200;
/** A look at the disk costs a call for each file, so that it comes less often, and the less the longer it took. */
const DISK_EVERY = 3;
/** files of writable folders looked at each time */
const MAX_FILES = 20_000;
/** a disk fuller than this ends every run that writes, whatever its own bound */
const FREE_BYTES = 256 * 1024 * 1024;

export interface Watched {
  readonly bubblewrap: number;
  /** absolute */
  readonly writable: readonly string[];
  readonly bounds: Bounds;
  readonly group: ControlGroup | null;
  readonly onBound: (bound: ResourceBound) => void;
}

/** Returns what ends the watch, and looks once more. */
export function watchRun({ bubblewrap, writable, bounds, group, onBound }: Watched): () => void {
  let round = 0;
  const timer = setInterval(() => {
    round += 1;
    const held = group?.reached() ?? null;
    if (held !== null) return over(held);
    const family = descendants(bubblewrap, bounds.processes + 2);
    if (family.length > bounds.processes + 1) return over('processes');
    let memory = 0;
    for (const processId of family) memory += privateBytes(processId);
    if (memory > bounds.memoryBytes) return over('memory');
    if (round % DISK_EVERY === 0 && isFull(writable, bounds.diskBytes)) over('disk');
  }, INTERVAL_MS);
  timer.unref();
  function over(bound: ResourceBound): void {
    clearInterval(timer);
    onBound(bound);
  }
  return () => {
    clearInterval(timer);
    const held = group?.reached() ?? null;
    if (held !== null) onBound(held);
  };
}

function isFull(folders: readonly string[], limitBytes: number): boolean {
  if (usedBytes(folders) > limitBytes) return true;
  return folders.some((folder) => {
    try {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize < FREE_BYTES;
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
