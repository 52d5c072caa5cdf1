// Carries all data from one PostgreSQL server to another, of any version: the schema is made anew, tables are copied as
// text, each in a transaction of its own, so that an interrupted move goes on with the next table. The source is only
// read. What arrived is compared with what was sent, row by row, before anybody relies on it.
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { GenrtlError } from '@genrtl/contracts';
import { migrate, readMigrations, type LibrarySchema } from './migrate.ts';
import { createPool } from './pool.ts';
import {
  columnWithoutPlace,
  connected,
  digest,
  sequencesOf,
  setSequences,
  tablesOf,
  type Table,
} from './table-rows.ts';

export interface Move {
  readonly source: string;
  readonly target: string;
  /** makes the tables of libraries in the target */
  readonly libraries: readonly LibrarySchema[];
  /** problems of the data in the target, asked at the end; empty when it is sound */
  readonly check: (target: Pick<pg.ClientBase, 'query'>) => Promise<string[]>;
  readonly onTable?: (table: string, rows: number) => void;
}

const PROGRESS = 'public.genrtl_move';

/** Resumable and safe to repeat. Throws BACKEND_START_FAILED when what arrived is not what was sent. */
export async function moveDatabase(move: Move): Promise<void> {
  const source = await connected(move.source);
  const target = await connected(move.target);
  try {
    await makeSchema(source, move);
    await target.query(
      `CREATE TABLE IF NOT EXISTS ${PROGRESS} (name text PRIMARY KEY, moved_at timestamptz DEFAULT now())`,
    );
    const tables = await tablesOf(source);
    const lost = columnWithoutPlace(tables, await tablesOf(target));
    if (lost !== null) throw failed(`there is no place for ${lost}`);
    const done = new Set(
      (await target.query<{ name: string }>(`SELECT name FROM ${PROGRESS}`)).rows.map((row) => row.name),
    );
    for (const table of tables) {
      if (done.has(table.name)) continue;
      const rows = await copy(source, target, table);
      move.onTable?.(table.name, rows);
    }
    await setSequences(target, await sequencesOf(source));
    for (const table of tables) {
      const [sent, arrived] = await Promise.all([
        digest(source, table, table.values),
        digest(target, table, table.columns),
      ]);
      if (sent !== arrived) throw failed(`${table.name} arrived as ${arrived}, not as ${sent}`);
    }
    const [problem] = await move.check(target);
    if (problem !== undefined) throw failed(problem);
    await target.query(`DROP TABLE ${PROGRESS}`);
  } finally {
    await Promise.allSettled([source.end(), target.end()]);
  }
}

/** The migrations that the source has, no others: the rest come with the next start, on data of the version before. */
async function makeSchema(source: pg.Client, { target, libraries }: Move): Promise<void> {
  const { rows } = await source.query<{ name: string }>('SELECT name FROM schema_migrations');
  const applied = new Set(rows.map((row) => row.name));
  const pool = createPool(target, { max: 2 });
  try {
    const migrations = (await readMigrations()).filter(({ name }) => applied.has(name));
    await migrate(
      pool,
      migrations,
      libraries.filter(({ name }) => [...applied].some((known) => withoutVersion(known) === withoutVersion(name))),
    );
  } finally {
    await pool.end();
  }
}

/** `workflow engine 5.3.0` → `workflow engine`: another version's tables are the same ones, or the move is refused. */
const withoutVersion = (name: string): string => name.replace(/ [^ ]*$/, '');

async function copy(source: pg.Client, target: pg.Client, { name, columns, values }: Table): Promise<number> {
  await target.query('BEGIN');
  try {
    // Triggers and foreign keys have judged these rows already, and would post every amount again.
    await target.query(`SET LOCAL session_replication_role = replica; DELETE FROM ${name}`);
    const into = target.query(copyFrom(`COPY ${name} (${columns.join(', ')}) FROM STDIN`));
    await pipeline(source.query(copyTo(`COPY (SELECT ${values.join(', ')} FROM ${name}) TO STDOUT`)), into);
    await target.query(`INSERT INTO ${PROGRESS} (name) VALUES ($1)`, [name]);
    await target.query('COMMIT');
    return into.rowCount;
  } catch (error) {
    await target.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function failed(what: string): GenrtlError {
  return new GenrtlError('BACKEND_START_FAILED', `The database could not be carried to the new PostgreSQL: ${what}`, {
    hint: 'The old data is untouched; report this with backend.log.',
  });
}
