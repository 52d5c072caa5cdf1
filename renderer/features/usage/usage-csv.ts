// The file that the usage window saves.
import { usageCsvHeader, usageCsvLine } from '@genrtl/contracts/usage-csv.ts';
import type { UsageRow } from '@genrtl/contracts';

export function usageCsv(rows: readonly UsageRow[]): string {
  return [usageCsvHeader(), ...rows.map(usageCsvLine), ''].join('\r\n');
}
