// Which database belongs to a home: the one that carries its id, wherever the home was moved and however an earlier
// version named the folder. A ledger that was made is never replaced by an empty one without a word.
import { chmod, lstat, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { writeAtomic } from '@genrtl/disk/records.ts';
import { makeRootFolder, readInstance, ROOT_DATABASES, type BackendHome } from './home.ts';
import { endEarlierServer } from './postmaster.ts';

/** In a database folder outside of its home: the home's id, and on a second line where the home was seen last. */
const CLAIM = 'home';

/**
 * Makes the home's database folder ready for the server, found or new. Call it only while holding the home's lock.
 * Returns true when the database of a deleted home in the same place was set aside. Throws BACKEND_START_FAILED when
 * the database that this home had is not to be found, or belongs to the home that this one was copied from.
 */
export async function claimDatabaseFolder(home: BackendHome): Promise<boolean> {
  const made = (await readInstance(home.root))?.ledger === 'made';
  if (home.database.startsWith(home.root)) {
    if (made && !(await exists(home.database))) throw missing(home);
    await mkdir(home.database, { recursive: true, mode: 0o700 });
    return false;
  }
  if ((await readClaim(home.database))?.id !== home.id) {
    const elsewhere = await findClaimed(home);
    if (elsewhere !== null) {
      await endEarlierServer(join(elsewhere, 'data'));
      await rm(home.database, { recursive: true, force: true });
      await rename(elsewhere, home.database);
    } else if (made) {
      throw missing(home);
    } else {
      return makeFolder(home);
    }
  }
  const claim = await readClaim(home.database);
  if (claim?.root !== home.root) {
    if (claim?.root != null && (await readInstance(claim.root))?.id === home.id) throw copied(home, claim.root);
    await writeAtomic(join(home.database, CLAIM), `${home.id}\n${home.root}\n`, 0o600);
  }
  return false;
}

async function makeFolder(home: BackendHome): Promise<boolean> {
  await makeRootFolder();
  const setAside = await setOrphanAside(home);
  // Without a claim nothing was ever finished here.
  await rm(home.database, { recursive: true, force: true });
  // 0711: the system user passes through to its own data folder and cannot list.
  await mkdir(home.database, { recursive: true });
  await chmod(home.database, 0o711);
  await writeFile(join(home.database, CLAIM), `${home.id}\n${home.root}\n`, { mode: 0o600 });
  return setAside;
}

async function readClaim(folder: string): Promise<{ id: string; root: string | null } | null> {
  const text = await readFile(join(folder, CLAIM), 'utf8').catch(() => null);
  if (text === null) return null;
  const [id = '', root] = text.trim().split('\n');
  return { id, root: root ?? null };
}

async function claimedFolders(): Promise<{ folder: string; id: string; root: string | null }[]> {
  const found: { folder: string; id: string; root: string | null }[] = [];
  for (const name of await readdir(ROOT_DATABASES).catch(() => [])) {
    if (name.endsWith('.orphan')) continue;
    const claim = await readClaim(join(ROOT_DATABASES, name));
    if (claim !== null) found.push({ folder: join(ROOT_DATABASES, name), ...claim });
  }
  return found;
}

/** Earlier versions named the folder by the home's path. */
async function findClaimed(home: BackendHome): Promise<string | null> {
  return (await claimedFolders()).find(({ folder, id }) => id === home.id && folder !== home.database)?.folder ?? null;
}

/** The home that stood in this place before was deleted: its database is kept, the last one only. */
async function setOrphanAside(home: BackendHome): Promise<boolean> {
  let setAside = false;
  for (const { folder, root } of await claimedFolders()) {
    if (root !== home.root || folder === home.database) continue;
    await endEarlierServer(join(folder, 'data'));
    const aside = `${folder}.orphan`;
    for (const name of await readdir(ROOT_DATABASES)) {
      const older = join(ROOT_DATABASES, name);
      if (name.endsWith('.orphan') && (await readClaim(older))?.root === home.root)
        await rm(older, { recursive: true, force: true });
    }
    await rename(folder, aside);
    setAside = true;
  }
  return setAside;
}

function missing(home: BackendHome): GenrtlError {
  return new GenrtlError(
    'BACKEND_START_FAILED',
    `The database of ${home.root} is missing: there is no ${home.database}`,
    {
      hint: `Bring that folder along from where the home was, or remove ${join(home.root, 'instance')} to begin with an empty ledger.`,
    },
  );
}

function copied(home: BackendHome, original: string): GenrtlError {
  return new GenrtlError(
    'BACKEND_START_FAILED',
    `${home.root} is a copy of ${original}, and one ledger serves one home`,
    {
      hint: `Use the other home, or remove ${join(home.root, 'instance')} to begin with an empty ledger here.`,
    },
  );
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
