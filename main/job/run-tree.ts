// The files of a run on the backend as one tree of their own, and how they get there.
import path from 'node:path';
import type { JobRequestOf } from '@genrtl/contracts';
import { sha256 } from '@genrtl/disk/records.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import type { Sending } from './sending.ts';

/** The files of a run as one tree: what lies outside of the workspace gets folders of its own in it. */
export class RunTree {
  readonly #outside: readonly string[];

  constructor(folders: readonly string[]) {
    const absolute = [...new Set(folders.filter((folder) => path.isAbsolute(folder)))].sort();
    this.#outside = absolute.filter((one) => !absolute.some((other) => other !== one && isBelow(one, other)));
  }

  inside(name: string): string {
    if (!path.isAbsolute(name)) return path.posix.normalize(name).replace(/\/$/, '');
    const nth = this.#outside.findIndex((folder) => name === folder || isBelow(name, folder));
    const folder = this.#outside[nth] ?? path.dirname(name);
    return path.posix.join(`outside-${String(nth)}`, path.relative(folder, name));
  }

  /** Where a path of the run lies on this machine. */
  home(name: string): string {
    const [, nth, rest] = /^outside-(\d+)(?:\/(.*))?$/.exec(name) ?? [];
    const folder = nth === undefined ? undefined : this.#outside[Number(nth)];
    return folder === undefined ? name : path.join(folder, rest ?? '');
  }
}

const isBelow = (name: string, folder: string): boolean => name.startsWith(`${folder}/`);

/** Of the files, by their path or relative to the workspace. */
export async function sendFiles(
  root: string,
  names: readonly string[],
  tree: RunTree,
  sending: Pick<Sending, 'addSource'>,
): Promise<JobRequestOf<'cloud-verify'>['files']> {
  const files: JobRequestOf<'cloud-verify'>['files'] = [];
  for (const file of names) {
    const bytes = await readRegular(path.resolve(root, file));
    const source = { path: file, text: bytes.toString('utf8'), sha256: sha256(bytes) };
    files.push({ path: tree.inside(file), sha256: sending.addSource(source) });
  }
  return files;
}
