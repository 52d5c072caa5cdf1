// Makes what a confined run left behind safe to work with: nothing in it leads elsewhere, hangs a reader or runs as
// somebody else. Our own code reads and writes in these folders afterwards, outside the sandbox.
import { chmodSync, lstatSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import path from 'node:path';
import { isWithin, real } from './places.ts';

const SPECIAL_BITS = 0o7000;
/** entries looked at; a run folder with more is taken away whole, since it cannot be trusted as it is */
const MAX_ENTRIES = 200_000;

/** Run by people and by `genrtl replay`; written behind the sweep, so that one found by it is the run's own. */
const SCRIPT = 'replay.sh';

/** Links by their path, with what they hold. */
export type KnownLinks = ReadonlyMap<string, string>;

/** The links that our own code put into a folder before a run. */
export function linksIn(folder: string): KnownLinks {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const at = path.join(real(folder) ?? folder, entry.name);
    if (entry.isSymbolicLink()) found.set(at, readlinkSync(at));
  }
  return found;
}

/** Paths of what was taken away, relative to the folder. */
export function sweepFolder(folder: string, known: KnownLinks = new Map()): string[] {
  const root = real(folder);
  const removed: string[] = [];
  if (root === null) return removed;
  let entries = 0;
  const visit = (directory: string): void => {
    for (const entry of entriesOf(directory)) {
      const at = path.join(directory, entry.name);
      entries += 1;
      if (entries > MAX_ENTRIES) throw new RangeError(`more than ${MAX_ENTRIES} files in ${folder}`);
      if (entry.name === SCRIPT) {
        rmSync(at, { force: true, recursive: true });
      } else if (entry.isSymbolicLink()) {
        const target = real(at);
        if ((target !== null && isWithin(target, root)) || known.get(at) === readlinkSync(at)) continue;
        rmSync(at, { force: true });
        removed.push(path.relative(root, at));
      } else if (entry.isDirectory()) {
        visit(at);
      } else if (entry.isFile()) {
        const { mode } = lstatSync(at);
        if ((mode & SPECIAL_BITS) !== 0) chmodSync(at, mode & 0o777);
      } else {
        rmSync(at, { force: true });
        removed.push(path.relative(root, at));
      }
    }
  };
  visit(root);
  return removed;
}

/** Also of a folder that the run closed to its owner. */
function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    chmodSync(directory, 0o700);
    return readdirSync(directory, { withFileTypes: true });
  }
}
