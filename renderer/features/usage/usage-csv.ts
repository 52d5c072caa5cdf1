// Usage rows as CSV in the columns of `genrtl usage --csv` (RFC 4180), safe to open in a spreadsheet.
import type { USAGE_CSV_COLUMNS, UsageRow } from '@genrtl/contracts';

/** Kept equal to the contract by its type: a column added there does not compile here. */
const COLUMNS: typeof USAGE_CSV_COLUMNS = [
  'time',
  'job_id',
  'step_id',
  'kind',
  'item',
  'version',
  'amount_usd',
  'bucket',
  'receipt_id',
];

/** A cell that a spreadsheet would take for a formula gets a leading apostrophe. Amounts may be negative numbers. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function usageCsv(rows: readonly UsageRow[]): string {
  const lines = rows.map((row) => COLUMNS.map((column) => cell(row[column] ?? '')).join(','));
  return [COLUMNS.join(','), ...lines, ''].join('\r\n');
}
