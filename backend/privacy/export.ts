// A person's or an organisation's data as lines of JSON: every row of the list that is theirs, then every object that
// they sent. Read in pieces, so that its size does not matter.
import { reading, type Pool } from '../db/index.ts';
import type { ObjectStore } from '../objects/index.ts';
import { objectsOf, presentTreatments, rowsOf, subjectOf } from './repository.ts';

const ROWS_AT_ONCE = 200;
const PART_BYTES = 192 * 1024;

export type ExportLine =
  | { readonly table: string; readonly row: Record<string, unknown> }
  | { readonly object: string; readonly part: number; readonly base64: string }
  | { readonly object: string; readonly missing: true }
  /** the last line: without it the export broke off */
  | { readonly end: true; readonly rows: number; readonly objects: number };

export async function* exportOf(
  { pool, objects }: { readonly pool: Pool; readonly objects: ObjectStore },
  account: string,
): AsyncGenerator<ExportLine> {
  const [subject, treatments] = await reading(pool, async (tx) => [
    await subjectOf(tx, account),
    await presentTreatments(tx),
  ]);
  let rows = 0;
  for (const treatment of treatments.filter(({ exported }) => exported)) {
    for (let offset = 0; ; offset += ROWS_AT_ONCE) {
      const piece = await reading(pool, (tx) => rowsOf(tx, treatment, subject, { limit: ROWS_AT_ONCE, offset }));
      for (const row of piece) {
        rows += 1;
        yield { table: treatment.table, row };
      }
      if (piece.length < ROWS_AT_ONCE) break;
    }
  }
  const named = await reading(pool, (tx) => objectsOf(tx, account));
  for (const sha256 of named) {
    const bytes = await objects.read(sha256).catch(() => null);
    if (bytes === null) yield { object: sha256, missing: true };
    else
      for (let part = 0, at = 0; part === 0 || at < bytes.byteLength; part++, at += PART_BYTES)
        yield { object: sha256, part, base64: bytes.subarray(at, at + PART_BYTES).toString('base64') };
  }
  yield { end: true, rows, objects: named.length };
}
