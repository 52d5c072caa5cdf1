// Makes a folder and what is missing above it. Node's own recursive mkdir never ends below a folder that takes no new
// ones but has no error for it, such as /proc.
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Throws the system's error of the first folder that cannot be made. */
export function makeFolder(folder: string, mode?: number): void {
  const missing: string[] = [];
  let at = path.resolve(folder);
  while (statSync(at, { throwIfNoEntry: false }) === undefined) {
    missing.push(at);
    at = path.dirname(at);
  }
  for (const each of missing.toReversed()) {
    try {
      mkdirSync(each, mode);
    } catch (error) {
      // somebody else may have made it at this moment
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  if (!statSync(folder).isDirectory())
    throw Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${folder}'`), {
      code: 'ENOTDIR',
      syscall: 'mkdir',
    });
}
