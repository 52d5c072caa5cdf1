// Where an executable is.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

function isExecutable(file: string): boolean {
  try {
    if (!statSync(file).isFile()) return false;
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // not there; or its folder cannot be read or is a loop of links, which makes it no place to find programs in
    return false;
  }
}

/** Absolute path of an executable on the PATH of `env`, or null. A name with a slash is a path already. */
export function findExecutable(name: string, env: Environment): string | null {
  const places = name.includes('/')
    ? [resolve(name)]
    : (env['PATH'] ?? '')
        .split(delimiter)
        .filter((directory) => directory !== '')
        .map((directory) => resolve(directory, name));
  return places.find(isExecutable) ?? null;
}
