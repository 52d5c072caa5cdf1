// Where genRTL keeps what belongs to the person: settings, the embedded backend's data, logs.
import os from 'node:os';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { diskTrouble } from '@genrtl/disk/disk-trouble.ts';
import { makeFolder } from '@genrtl/disk/make-folder.ts';

/** GENRTL_HOME, or `.genrtl` in the home folder; absolute. */
export function genrtlHome(env: NodeJS.ProcessEnv): string {
  return env['GENRTL_HOME'] ? path.resolve(env['GENRTL_HOME']) : path.join(os.homedir(), '.genrtl');
}

/** Makes the folder, private to the person. Throws HOME_UNUSABLE, DISK_FULL. */
export function makeHome(home: string): void {
  try {
    makeFolder(home, 0o700);
  } catch (error) {
    throw homeError(error, home);
  }
}

/** Why a file of the home cannot be written, in words that a person can act on. */
export function homeError(error: unknown, home: string): GenrtlError {
  if (diskTrouble(error) === 'full')
    return new GenrtlError('DISK_FULL', `The disk of ${home} is full.`, {
      hint: 'Free some space there, or name another folder in GENRTL_HOME.',
      cause: error,
    });
  const code = (error as NodeJS.ErrnoException | null)?.code ?? 'unknown';
  return new GenrtlError('HOME_UNUSABLE', `${home} cannot be used as home (${code}).`, { cause: error });
}
