// Checks of foreign keys are planned once for each connection, most often while their table is empty: then every index
// that begins with one of the key's columns looks as good as the key's own, and one that leads to all rows of an account
// makes each later check as slow as the account is old.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../test/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
}, 60_000);
afterAll(async () => {
  await database.close();
});

interface Key {
  readonly name: string;
  readonly referenced: string;
  readonly columns: string[];
  readonly types: string[];
}

it('every foreign key of a new database is checked by all of its columns', async () => {
  const client = await database.pool.connect();
  const partly: string[] = [];
  try {
    const { rows } = await client.query<Key>(
      `SELECT conname AS name, confrelid::regclass::text AS referenced,
         array_agg(quote_ident(attname) ORDER BY nth) AS columns,
         array_agg(format_type(atttypid, atttypmod) ORDER BY nth) AS types
       FROM pg_constraint, unnest(confkey) WITH ORDINALITY AS k (attnum, nth), pg_attribute a
       WHERE contype = 'f' AND a.attrelid = confrelid AND a.attnum = k.attnum GROUP BY 1, 2, pg_constraint.oid`,
    );
    expect(rows.length).toBeGreaterThan(20);
    await client.query('SET plan_cache_mode = force_generic_plan');
    for (const { name, referenced, columns, types } of rows) {
      const given = columns.map((column, at) => `${column} = $${String(at + 1)}`).join(' AND ');
      await client.query(`PREPARE asked (${types.join(', ')}) AS
        SELECT 1 FROM ONLY ${referenced} x WHERE ${given} FOR KEY SHARE OF x`);
      const { rows: plan } = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN (COSTS off) EXECUTE asked (${columns.map(() => 'NULL').join(', ')})`,
      );
      await client.query('DEALLOCATE asked');
      const text = plan.map((line) => line['QUERY PLAN']).join('\n');
      // A table that has a page already is read through as long as that is all of it.
      if (text.includes('Index') && text.includes('Filter:')) partly.push(`${name}: ${text}`);
    }
  } finally {
    client.release();
  }
  expect(partly).toEqual([]);
}, 60_000);
