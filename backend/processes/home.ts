// Where a backend keeps its files: the folder GENRTL_HOME, and the place of the embedded database.
import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, realpath, rename, rm, readdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface BackendHome {
  readonly root: string;
  /** how clients find the running backend */
  readonly backendFile: string;
  readonly lockFile: string;
  readonly logFile: string;
  readonly objects: string;
  /** keys that never leave this machine, mode 0700 */
  readonly secrets: string;
  /** everything of the embedded database */
  readonly database: string;
}

/** `GENRTL_HOME`, else `~/.genrtl`. */
export function homeFromEnvironment(env: NodeJS.ProcessEnv): string {
  const named = env['GENRTL_HOME'];
  return named !== undefined && named !== '' ? named : join(homedir(), '.genrtl');
}

/** Where the database of a home lies for root: a folder that the system user `postgres` can reach. */
export const ROOT_DATABASES = '/var/lib/genrtl';

/**
 * Makes the folders of a home, private to the user. For root the database lies below ROOT_DATABASES (design section 1).
 */
export async function openHome(path: string, options: { asRoot?: boolean } = {}): Promise<BackendHome> {
  const asRoot = options.asRoot ?? process.getuid?.() === 0;
  await mkdir(path, { recursive: true, mode: 0o700 });
  const root = await realpath(path);
  const secrets = join(root, 'secrets');
  const objects = join(root, 'objects');
  await mkdir(secrets, { recursive: true, mode: 0o700 });
  await chmod(secrets, 0o700);
  await mkdir(objects, { recursive: true, mode: 0o700 });
  const digest = createHash('sha256').update(root).digest('hex').slice(0, 16);
  return {
    root,
    secrets,
    objects,
    backendFile: join(root, 'backend.json'),
    lockFile: join(root, 'backend.lock'),
    logFile: join(root, 'backend.log'),
    database: asRoot ? join(ROOT_DATABASES, digest) : join(root, 'database'),
  };
}

/**
 * Binds a database folder outside the home to this very home. When the home was deleted and made anew, the old database
 * is no longer its own: it is set aside (the last one is kept) so that a fresh home begins fresh.
 * Call it only while no server runs on the folder. Returns true when an old database was set aside.
 */
export async function claimDatabaseFolder(home: BackendHome): Promise<boolean> {
  if (home.database.startsWith(home.root)) {
    await mkdir(home.database, { recursive: true, mode: 0o700 });
    return false;
  }
  const mark = await instanceMark(home);
  const claimFile = join(home.database, 'home');
  const claimed = await readFile(claimFile, 'utf8').catch(() => null);
  if (claimed?.trim() === mark) return false;
  let setAside = false;
  if (claimed !== null) {
    const aside = `${home.database}.orphan`;
    await rm(aside, { recursive: true, force: true });
    await rename(home.database, aside);
    setAside = true;
  } else {
    // Without a claim nothing was ever finished here.
    await rm(home.database, { recursive: true, force: true });
  }
  await makeRootFolder();
  // 0711: the system user passes through to its own data folder and cannot list.
  await mkdir(home.database, { recursive: true });
  await chmod(home.database, 0o711);
  await writeFile(claimFile, `${mark}\n`, { mode: 0o600 });
  return setAside;
}

/** Whatever root's umask is, the system user has to pass through. */
export async function makeRootFolder(): Promise<void> {
  if ((await mkdir(ROOT_DATABASES, { recursive: true })) !== undefined) await chmod(ROOT_DATABASES, 0o755);
}

async function instanceMark(home: BackendHome): Promise<string> {
  const file = join(home.root, 'instance');
  const known = await readFile(file, 'utf8').catch(() => null);
  if (known !== null && known.trim() !== '') return known.trim();
  const mark = randomBytes(16).toString('hex');
  await writeFile(file, `${mark}\n`, { mode: 0o600 });
  return mark;
}

/** A secret kept in a 0600 file of the home, made on first use. */
export async function secretOf(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  const known = await readFile(file, 'utf8').catch(() => null);
  if (known !== null && known.trim() !== '') return known.trim();
  const secret = randomBytes(32).toString('base64url');
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${secret}\n`, { mode: 0o600 });
  await rename(temporary, file);
  return secret;
}

/** Removes what an interrupted start left beside the data folder. */
export async function removeLeftovers(folder: string, prefix: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.startsWith(prefix)) await rm(join(folder, name), { recursive: true, force: true });
  }
}
