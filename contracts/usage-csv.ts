// Usage rows as CSV (RFC 4180), safe to open in a spreadsheet. Without schemas, so that the page can load it.
import type { UsageRow } from './usage.ts';

/** The columns of `genrtl usage --csv`, in this order; new ones come at the end. */
export const USAGE_CSV_COLUMNS = [
  'time',
  'job_id',
  'step_id',
  'kind',
  'item',
  'version',
  'amount_usd',
  'bucket',
  'receipt_id',
  'input_tokens',
  'output_tokens',
  'cached_tokens',
  'cache_write_tokens',
  'first_token_ms',
  'duration_ms',
] as const satisfies readonly (keyof UsageRow)[];

/** A cell that a spreadsheet would take for a formula gets a leading apostrophe; numbers may be negative. */
export function csvCell(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  const safe = /^\s*[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const usageCsvHeader = (): string => USAGE_CSV_COLUMNS.join(',');

export const usageCsvLine = (row: UsageRow): string =>
  USAGE_CSV_COLUMNS.map((column) => csvCell(row[column])).join(',');

/** The whole file, header first. */
export const usageCsv = (rows: readonly UsageRow[]): string =>
  [usageCsvHeader(), ...rows.map(usageCsvLine), ''].join('\r\n');
