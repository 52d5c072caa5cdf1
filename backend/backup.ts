// `genrtl-backend backup DIR` and `genrtl-backend restore DIR`: the database of DATABASE_URL or of the home as of one
// moment, with every object that it names, taken while the service works; and back into an empty database and home.
import { access, copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts';
import { writeAtomic } from '@genrtl/disk/records.ts';
import { openBooks } from './check-books.ts';
import { createPool, reading } from './db/index.ts';
import { DatabaseDump, dumpDatabase, loadDatabase } from './db/dump.ts';
import { referencedObjects } from './db/object-references.ts';
import { engineSchema } from './jobs/engine.ts';
import { checkLedger } from './ledger/index.ts';
import { FolderStore, openObjects, type ObjectStore } from './objects/index.ts';
import { homeFromEnvironment, openHome } from './processes/home.ts';
import packageJson from './package.json' with { type: 'json' };

type Out = { write(text: string): unknown };

const MANIFEST = 'backup.json';
const Backup = z.object({
  format: z.literal(1),
  made_by: z.string(),
  made_at: z.string(),
  database: DatabaseDump,
  objects: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  /** named by the database and not in the store when the backup was taken */
  lost_objects: z.array(z.string()),
  secrets: z.array(z.string()),
});

/** 0: complete; 1: taken, but the store had lost objects before, which are listed. */
export async function takeBackup(
  folder: string,
  options: { env: NodeJS.ProcessEnv; secrets: boolean; out: Out },
): Promise<0 | 1> {
  const { env, out } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw new GenrtlError('USAGE', `${folder} is not empty`, { hint: 'Name a new folder: a backup replaces nothing.' });
  const home = await openHome(homeFromEnvironment(env));
  const books = await openBooks(env);
  try {
    let named: string[] = [];
    const database = await dumpDatabase(books.url, folder, async (client) => {
      named = await referencedObjects(client);
    });
    // Objects only ever come: what the moment of the snapshot names is still there.
    const lost = await copyObjects(
      named,
      await openObjects(home.objects, env),
      new FolderStore(join(folder, 'objects')),
    );
    const secrets = options.secrets ? await copyAll(home.secrets, join(folder, 'secrets')) : [];
    const backup: z.infer<typeof Backup> = {
      format: 1,
      made_by: packageJson.version,
      made_at: new Date().toISOString(),
      database,
      objects: named.filter((sha256) => !lost.includes(sha256)),
      lost_objects: lost,
      secrets,
    };
    // Last: a folder without it is no backup.
    await writeAtomic(join(folder, MANIFEST), `${JSON.stringify(backup, null, 2)}\n`, 0o600);
    for (const sha256 of lost) out.write(`lost before the backup: object ${sha256}\n`);
    out.write(
      `backup of ${database.tables.length} tables and ${backup.objects.length} objects` +
        `${secrets.length === 0 ? '; the secrets of the home are not in it' : ''}\n`,
    );
    return lost.length === 0 ? 0 : 1;
  } finally {
    await books.close();
  }
}

/** 0: everything arrived, the books are right and every object is there; 1: restored, with the problems listed. */
export async function restoreBackup(folder: string, options: { env: NodeJS.ProcessEnv; out: Out }): Promise<0 | 1> {
  const { env, out } = options;
  const backup = await readBackup(folder);
  const home = await openHome(homeFromEnvironment(env));
  const books = await openBooks(env);
  try {
    await loadDatabase(books.url, folder, backup.database, [engineSchema(books.url)]);
    const objects = await openObjects(home.objects, env);
    await copyObjects(backup.objects, new FolderStore(join(folder, 'objects')), objects);
    if (backup.secrets.length > 0) await copyAll(join(folder, 'secrets'), home.secrets);
    const pool = createPool(books.url, { max: 1 });
    try {
      const [problems, named] = await reading(pool, async (tx) => [await checkLedger(tx), await referencedObjects(tx)]);
      const missing: string[] = [];
      for (const sha256 of named)
        if (
          await objects.read(sha256).then(
            () => false,
            () => true,
          )
        )
          missing.push(sha256);
      for (const problem of problems) out.write(`${problem}\n`);
      for (const sha256 of missing) out.write(`missing: object ${sha256}\n`);
      out.write(
        `restored ${backup.database.tables.length} tables and ${named.length - missing.length} objects of ${backup.made_at}: ` +
          `${problems.length === 0 ? 'the books are right' : `${problems.length} problems in the books`}, ` +
          `${missing.length === 0 ? 'every object is there' : `${missing.length} objects are missing`}\n`,
      );
      return problems.length === 0 && missing.length === 0 ? 0 : 1;
    } finally {
      await pool.end();
    }
  } finally {
    await books.close();
  }
}

async function readBackup(folder: string): Promise<z.infer<typeof Backup>> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch((cause: unknown) => {
    throw new GenrtlError('USAGE', `${folder} holds no whole backup`, {
      hint: `${MANIFEST} is written last; without it the backup was interrupted.`,
      cause,
    });
  });
  try {
    return Backup.parse(JSON.parse(text));
  } catch (cause) {
    throw new GenrtlError('USAGE', `${join(folder, MANIFEST)} cannot be read`, {
      hint: 'Was it made by a later version?',
      cause,
    });
  }
}

/** Returns those that the source has lost or that are damaged there. */
async function copyObjects(named: readonly string[], from: ObjectStore, to: ObjectStore): Promise<string[]> {
  const lost: string[] = [];
  for (const sha256 of named) {
    if ((await to.size(sha256)) !== null) continue;
    const stream = await from.open(sha256).then(
      (object) => object.stream,
      () => null,
    );
    if (stream === null) lost.push(sha256);
    else
      await to.put(stream as AsyncIterable<Uint8Array>, { expected: sha256 }).catch((error: unknown) => {
        if (!(error instanceof GenrtlError)) throw error;
        lost.push(sha256);
      });
  }
  return lost;
}

/** Files of a folder without those in it; one that is there already stays. */
async function copyAll(from: string, to: string): Promise<string[]> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const files = (await readdir(from, { withFileTypes: true })).filter((entry) => entry.isFile());
  for (const { name } of files) {
    const there = await access(join(to, name)).then(
      () => true,
      () => false,
    );
    if (!there) await copyFile(join(from, name), join(to, name));
  }
  return files.map(({ name }) => name).sort();
}
