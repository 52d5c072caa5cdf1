// Where a backend keeps its files: the folder GENRTL_HOME, and the place of the embedded database.
import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, realpath, rename, rm, readdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeAtomic } from '@genrtl/disk/records.ts';

export interface BackendHome {
  readonly root: string;
  /** made with the home and moved with it */
  readonly id: string;
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

/** What a home says of its ledger: nothing was made yet, or there is one to be found. */
export type LedgerState = 'new' | 'made';

/**
 * Makes the folders of a home, private to the user. For root the database lies below ROOT_DATABASES, named by the id
 * that the home carries, so that it is found again wherever the home is moved.
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
  const { id } = (await readInstance(root)) ?? (await makeInstance(root));
  return {
    root,
    id,
    secrets,
    objects,
    backendFile: join(root, 'backend.json'),
    lockFile: join(root, 'backend.lock'),
    logFile: join(root, 'backend.log'),
    database: asRoot ? join(ROOT_DATABASES, id) : join(root, 'database'),
  };
}

/** `instance` of a home: its id, and on a second line what became of its ledger. Earlier versions wrote the id only. */
export async function readInstance(root: string): Promise<{ id: string; ledger: LedgerState } | null> {
  const text = await readFile(join(root, 'instance'), 'utf8').catch(() => '');
  const [id = '', ledger = 'made'] = text.trim().split('\n');
  return /^[0-9a-f]{32}$/.test(id) ? { id, ledger: ledger === 'new' ? 'new' : 'made' } : null;
}

async function makeInstance(root: string): Promise<{ id: string }> {
  const file = join(root, 'instance');
  const id = randomBytes(16).toString('hex');
  try {
    await writeFile(file, `${id}\nnew\n`, { mode: 0o600, flag: 'wx' });
    return { id };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  // Another start makes it at this moment; one that died in between left an empty file.
  for (let waited = 0; waited < 1000; waited += 10) {
    const known = await readInstance(root);
    if (known !== null) return known;
    await delay(10);
  }
  await writeAtomic(file, `${id}\nnew\n`, 0o600);
  return { id };
}

/** From now on a home without its database is an error, never an empty ledger. */
export async function rememberLedger({ root, id }: Pick<BackendHome, 'root' | 'id'>): Promise<void> {
  const file = join(root, 'instance');
  const made = `${id}\nmade\n`;
  if ((await readFile(file, 'utf8').catch(() => '')) !== made) await writeAtomic(file, made, 0o600);
}

/** Whatever root's umask is, the system user has to pass through. */
export async function makeRootFolder(): Promise<void> {
  if ((await mkdir(ROOT_DATABASES, { recursive: true })) !== undefined) await chmod(ROOT_DATABASES, 0o755);
}

/** A secret kept in a 0600 file of the home, made on first use. */
export async function secretOf(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  const known = await readFile(file, 'utf8').catch(() => null);
  if (known !== null && known.trim() !== '') return known.trim();
  const secret = randomBytes(32).toString('base64url');
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, `${secret}\n`, { mode: 0o600 });
  try {
    // never replaces: of several processes that start at once all have the first one's
    await link(temporary, file);
    return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const first = (await readFile(file, 'utf8')).trim();
    if (first !== '') return first;
    // an empty file is what a full disk left
    await rename(temporary, file);
    return secret;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes what an interrupted start left beside the data folder. */
export async function removeLeftovers(folder: string, prefix: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.startsWith(prefix)) await rm(join(folder, name), { recursive: true, force: true });
  }
}
