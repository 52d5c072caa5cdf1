// Carries all data from one PostgreSQL server to another, of any version: the schema is made anew, tables are copied as
// text, each in a transaction of its own, so that an interrupted move goes on with the next table. The source is only
// read. What arrived is compared with what was sent, row by row, before anybody relies on it.
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { GenrtlError } from '@genrtl/contracts';
import { migrate, readMigrations, type LibrarySchema } from './migrate.ts';
import { createPool } from './pool.ts';

export interface Move {
  readonly source: string;
  readonly target: string;
  /** makes the tables of libraries in the target */
  readonly libraries: readonly LibrarySchema[];
  /** problems of the data in the target, asked at the end; empty when it is sound */
  readonly check: (target: Pick<pg.ClientBase, 'query'>) => Promise<string[]>;
  readonly onTable?: (table: string, rows: number) => void;
}

interface Table {
  /** quoted, with its schema */
  readonly name: string;
  /** quoted, in the order of the source */
  readonly columns: readonly string[];
  /** how each column is read from the source */
  readonly values: readonly string[];
}

/** The texts of values must not depend on a server's settings. */
const SESSION = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601'; SET extra_float_digits = 1; SET bytea_output = 'hex'`;
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
    const tables = await tablesOf(source, target);
    const done = new Set(
      (await target.query<{ name: string }>(`SELECT name FROM ${PROGRESS}`)).rows.map((row) => row.name),
    );
    for (const table of tables) {
      if (done.has(table.name)) continue;
      const rows = await copy(source, target, table);
      move.onTable?.(table.name, rows);
    }
    await setSequences(source, target);
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

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'genrtl-move' });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(SESSION);
  return client;
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

const COLUMNS = `
  SELECT format('%I.%I', n.nspname, c.relname) AS table, format('%I', a.attname) AS column, t.typname AS type
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  JOIN pg_type t ON t.oid = a.atttypid
  WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  ORDER BY 1, a.attnum`;

async function tablesOf(source: pg.Client, target: pg.Client): Promise<Table[]> {
  type Row = { table: string; column: string; type: string };
  const { rows } = await source.query<Row>(COLUMNS);
  const known = new Set((await target.query<Row>(COLUMNS)).rows.map((row) => `${row.table} ${row.column}`));
  const lost = rows.find((row) => !known.has(`${row.table} ${row.column}`));
  if (lost !== undefined) throw failed(`there is no place for ${lost.table}, column ${lost.column}`);
  const names = [...new Set(rows.map((row) => row.table))];
  return names.map((name) => {
    const columns = rows.filter((row) => row.table === name);
    return {
      name,
      columns: columns.map(({ column }) => column),
      // Numbers of transactions mean nothing in another server: a row of an earlier one belongs to none of its own.
      values: columns.map(({ column, type }) => (type === 'xid8' ? `'0'::xid8` : column)),
    };
  });
}

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

async function setSequences(source: pg.Client, target: pg.Client): Promise<void> {
  const { rows } = await source.query<{ name: string; last: string | null }>(
    `SELECT format('%I.%I', schemaname, sequencename) AS name, last_value::text AS last FROM pg_sequences`,
  );
  for (const { name, last } of rows)
    if (last !== null) await target.query('SELECT setval($1::regclass, $2)', [name, last]);
}

/** Count and sum of the rows' hashes: the same for the same rows in any order. */
async function digest(client: pg.Client, { name }: Table, values: readonly string[]): Promise<string> {
  const { rows } = await client.query<{ count: string; sum: string }>(
    `SELECT count(*)::text AS count, coalesce(sum(('x' || substr(md5(r::text), 1, 15))::bit(60)::bigint), 0)::text AS sum
     FROM (SELECT ${values.map((value, index) => `${value} AS c${index}`).join(', ')} FROM ${name}) r`,
  );
  return `${rows[0]?.count ?? '?'} rows ${rows[0]?.sum ?? '?'}`;
}

function failed(what: string): GenrtlError {
  return new GenrtlError('BACKEND_START_FAILED', `The database could not be carried to the new PostgreSQL: ${what}`, {
    hint: 'The old data is untouched; report this with backend.log.',
  });
}
