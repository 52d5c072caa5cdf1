// A cluster of an earlier major version of PostgreSQL: its data is carried into a new one by the server that made it,
// and put aside, not deleted, once the new one is checked. Safe against death at any instruction.
import { access, lstat, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { GenrtlError } from '@genrtl/contracts';
import { syncFolder } from '@genrtl/disk/atomic-file.ts';

const run = promisify(execFile);

/** `18` of a cluster's PG_VERSION; null where there is no cluster. */
export async function clusterMajor(data: string): Promise<string | null> {
  const text = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => null);
  return text === null ? null : text.trim();
}

/** `18` of the server's own account of itself. */
export async function serverMajor(postgres: string): Promise<string> {
  const { stdout } = await run(postgres, ['--version'], { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, cwd: '/' });
  return /\s(\d+)[.\s]/.exec(`${stdout} `)?.[1] ?? stdout.trim();
}

/** Where systems keep servers of a given major version. */
export function serverPlaces(major: string, env: NodeJS.ProcessEnv): string[] {
  const named = env['GENRTL_OLD_POSTGRES_DIR'];
  return [
    ...(named === undefined || named === '' ? [] : [join(named, 'bin/postgres')]),
    `/usr/lib/postgresql/${major}/bin/postgres`,
    `/usr/pgsql-${major}/bin/postgres`,
    `/opt/homebrew/opt/postgresql@${major}/bin/postgres`,
    `/usr/local/opt/postgresql@${major}/bin/postgres`,
  ];
}

export async function findServer(major: string, env: NodeJS.ProcessEnv): Promise<string> {
  for (const place of serverPlaces(major, env)) {
    if (
      await access(place).then(
        () => true,
        () => false,
      )
    )
      return place;
  }
  throw new GenrtlError(
    'BACKEND_START_FAILED',
    `The ledger was made by PostgreSQL ${major}, and no server of that version is here to read it`,
    {
      hint: `Install PostgreSQL ${major} (Debian: apt-get install postgresql-${major}), or name its folder in GENRTL_OLD_POSTGRES_DIR, then start again; the data is carried over.`,
    },
  );
}

/** Folders of an upgrade beside the cluster's own. */
export const upgradeFolders = (data: string, major: string): { next: string; old: string; checked: string } => ({
  next: `${data}.upgraded`,
  old: `${data}.${major}`,
  checked: join(dirname(data), 'upgrade-checked'),
});

/** Finishes an upgrade that was checked and then interrupted between its two renames. */
export async function finishUpgrade(data: string): Promise<void> {
  const { checked } = upgradeFolders(data, '');
  const from = (await readFile(checked, 'utf8').catch(() => '')).trim();
  if (from === '') return;
  const { next, old } = upgradeFolders(data, from);
  if ((await exists(data)) && (await exists(next))) await rename(data, old);
  if (await exists(next)) await rename(next, data);
  await syncFolder(dirname(data));
  await rm(checked, { force: true });
}

/** From here on the new cluster is the one. */
export async function acceptUpgrade(data: string, major: string): Promise<void> {
  await writeFile(upgradeFolders(data, major).checked, `${major}\n`, { mode: 0o600, flush: true });
  await syncFolder(dirname(data));
  await finishUpgrade(data);
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
