// Which columns name objects of the store: what a backup takes along, what a restore looks for, what may be removed.
import type { Queryable } from './pool.ts';

export const OBJECT_REFERENCES = [
  ['public.blobs', 'sha256'],
  ['public.cbb_versions', 'sha256'],
  ['public.receipts', 'sha256'],
  ['public.cbb_reports', 'evidence'],
  ['public.run_artifacts', 'object_ref'],
] as const;

/** Every object that some row names. */
export async function referencedObjects(client: Queryable): Promise<string[]> {
  const parts = OBJECT_REFERENCES.map(([table, column]) => `SELECT ${column} AS sha256 FROM ${table}`);
  const { rows } = await client.query<{ sha256: string }>(
    `SELECT sha256 FROM (${parts.join(' UNION ')}) AS named WHERE sha256 ~ '^[0-9a-f]{64}$' ORDER BY sha256`,
  );
  return rows.map((row) => row.sha256);
}
