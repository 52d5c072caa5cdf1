// What moving and backing up a database share: which tables and columns there are, their rows as text, their sum.
import pg from 'pg';
import type { Queryable } from './pool.ts';

export interface Table {
  /** quoted, with its schema */
  readonly name: string;
  /** quoted, in the order of the source */
  readonly columns: readonly string[];
  /** how each column is read from the source */
  readonly values: readonly string[];
}

/** The texts of values must not depend on a server's settings. */
const SESSION = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601'; SET extra_float_digits = 1; SET bytea_output = 'hex'`;
export async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'genrtl-move' });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(SESSION);
  return client;
}

const COLUMNS = `
  SELECT format('%I.%I', n.nspname, c.relname) AS table, format('%I', a.attname) AS column, t.typname AS type
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  JOIN pg_type t ON t.oid = a.atttypid
  WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
  ORDER BY 1, a.attnum`;

export interface ColumnName {
  readonly table: string;
  readonly column: string;
}

export async function tablesOf(client: Queryable): Promise<Table[]> {
  const { rows } = await client.query<ColumnName & { type: string }>(COLUMNS);
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

/** The first column of `tables` that is not among `places`, or null. */
export function columnWithoutPlace(
  tables: readonly Pick<Table, 'name' | 'columns'>[],
  places: readonly Table[],
): string | null {
  const known = new Set(places.flatMap(({ name, columns }) => columns.map((column) => `${name} ${column}`)));
  for (const { name, columns } of tables)
    for (const column of columns) if (!known.has(`${name} ${column}`)) return `${name}, column ${column}`;
  return null;
}

/** Last values by the quoted name; sequences that gave nothing yet are left out. */
export async function sequencesOf(client: Queryable): Promise<{ name: string; last: string }[]> {
  const { rows } = await client.query<{ name: string; last: string }>(
    `SELECT format('%I.%I', schemaname, sequencename) AS name, last_value::text AS last
     FROM pg_sequences WHERE last_value IS NOT NULL`,
  );
  return rows;
}

export async function setSequences(
  client: Queryable,
  sequences: readonly { name: string; last: string }[],
): Promise<void> {
  for (const { name, last } of sequences) await client.query('SELECT setval($1::regclass, $2)', [name, last]);
}

/** Count and sum of the rows' hashes: the same for the same rows in any order. */
export async function digest(
  client: Queryable,
  { name }: Pick<Table, 'name'>,
  values: readonly string[],
): Promise<string> {
  const { rows } = await client.query<{ count: string; sum: string }>(
    `SELECT count(*)::text AS count, coalesce(sum(('x' || substr(md5(r::text), 1, 15))::bit(60)::bigint), 0)::text AS sum
     FROM (SELECT ${values.map((value, index) => `${value} AS c${index}`).join(', ')} FROM ${name}) r`,
  );
  return `${rows[0]?.count ?? '?'} rows ${rows[0]?.sum ?? '?'}`;
}
