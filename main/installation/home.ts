// Where genRTL keeps what belongs to the person: settings, the embedded backend's data, logs.
import os from 'node:os';
import path from 'node:path';

/** GENRTL_HOME, or `.genrtl` in the home folder; absolute. */
export function genrtlHome(env: NodeJS.ProcessEnv): string {
  return env['GENRTL_HOME'] ? path.resolve(env['GENRTL_HOME']) : path.join(os.homedir(), '.genrtl');
}
