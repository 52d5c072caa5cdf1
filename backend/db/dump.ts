// The data of a database as files, all of one moment, and back into an empty database of any later version. Works over
// plain connections, so it needs no tools of PostgreSQL and no access to the server's disk.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts';
import { migrate, readMigrations, type LibrarySchema } from './migrate.ts';
import { createPool } from './pool.ts';
import { columnWithoutPlace, connected, digest, sequencesOf, setSequences, tablesOf } from './table-rows.ts';

export const DatabaseDump = z.object({
  migrations: z.array(z.string()),
  tables: z.array(
    z.object({
      /** quoted, with its schema, as are its columns */
      name: z.string(),
      columns: z.array(z.string()),
      file: z.string().regex(/^tables\/\d{3}\.copy\.gz$/),
      /** of the file */
      sha256: z.string(),
      /** count and sum of the rows */
      digest: z.string(),
    }),
  ),
  sequences: z.array(z.object({ name: z.string(), last: z.string() })),
});
export type DatabaseDump = z.infer<typeof DatabaseDump>;

/** A snapshot of a working database; nothing waits for it. `within` sees the same moment. */
export async function dumpDatabase(
  url: string,
  folder: string,
  within: (client: Awaited<ReturnType<typeof connected>>) => Promise<void>,
): Promise<DatabaseDump> {
  const client = await connected(url);
  try {
    await mkdir(join(folder, 'tables'), { recursive: true, mode: 0o700 });
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query<{ name: string }>('SELECT name FROM public.schema_migrations ORDER BY name');
    const tables: DatabaseDump['tables'] = [];
    for (const [index, table] of (await tablesOf(client)).entries()) {
      const file = `tables/${String(index).padStart(3, '0')}.copy.gz`;
      const source = client.query(copyTo(`COPY (SELECT ${table.values.join(', ')} FROM ${table.name}) TO STDOUT`));
      const sha256 = await writeHashed(source, join(folder, file));
      const sum = await digest(client, table, table.values);
      tables.push({ name: table.name, columns: [...table.columns], file, sha256, digest: sum });
    }
    await within(client);
    // They are of no transaction: what they gave last now is never less than what the rows above hold.
    const sequences = await sequencesOf(client);
    await client.query('COMMIT');
    return { migrations: rows.map((row) => row.name), tables, sequences };
  } finally {
    await client.end();
  }
}

async function writeHashed(source: NodeJS.ReadableStream, path: string): Promise<string> {
  const hash = createHash('sha256');
  const tee = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(
    source,
    createGzip({ level: 6 }),
    tee,
    createWriteStream(path, { mode: 0o600, flags: 'wx', flush: true }),
  );
  return hash.digest('hex');
}

/**
 * Into an empty database, with the migrations that the dump had and no others: the next start applies the rest. Throws
 * BACKEND_START_FAILED when the database holds something, a file is damaged, or what arrived is not what was dumped.
 */
export async function loadDatabase(
  url: string,
  folder: string,
  dump: DatabaseDump,
  libraries: readonly LibrarySchema[],
): Promise<void> {
  const client = await connected(url);
  try {
    if ((await tablesOf(client)).length > 0)
      throw failed('the database holds tables already', 'Name an empty database: a restore never replaces anything.');
    const migrations = (await readMigrations()).filter(({ name }) => dump.migrations.includes(name));
    const missing = dump.migrations.find(
      (name) => name.endsWith('.sql') && !migrations.some((migration) => migration.name === name),
    );
    if (missing !== undefined)
      throw failed(`it was made by a later version, with ${missing}`, 'Restore with the version that made it.');
    const pool = createPool(url, { max: 2 });
    try {
      await migrate(pool, migrations, libraries);
    } finally {
      await pool.end();
    }
    const lost = columnWithoutPlace(dump.tables, await tablesOf(client));
    if (lost !== null) throw failed(`there is no place for ${lost}`);
    for (const table of dump.tables) {
      await client.query('BEGIN');
      // Triggers and foreign keys have judged these rows already, and would post every amount again.
      await client.query(`SET LOCAL session_replication_role = replica; DELETE FROM ${table.name}`);
      const hash = createHash('sha256');
      const file = createReadStream(join(folder, table.file));
      file.on('data', (chunk) => hash.update(chunk));
      await pipeline(
        file,
        createGunzip(),
        client.query(copyFrom(`COPY ${table.name} (${table.columns.join(', ')}) FROM STDIN`)),
      );
      if (hash.digest('hex') !== table.sha256) throw failed(`${table.file} is not as it was written`);
      const arrived = await digest(client, table, table.columns);
      if (arrived !== table.digest) throw failed(`${table.name} arrived as ${arrived}, not as ${table.digest}`);
      await client.query('COMMIT');
    }
    await setSequences(client, dump.sequences);
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
}

function failed(what: string, hint = 'The backup is untouched; restore it into another empty database.'): GenrtlError {
  return new GenrtlError('BACKEND_START_FAILED', `The backup could not be restored: ${what}`, { hint });
}
