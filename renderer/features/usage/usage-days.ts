// Usage by day of the person's clock, for the chart: models and packages apart, days without use included.
import type { UsageRow } from '@genrtl/contracts';
import { sumUsd } from '@genrtl/ui/format.ts';

export interface UsageDay {
  /** YYYY-MM-DD, local */
  readonly day: string;
  readonly models: string;
  readonly packages: string;
  readonly total: string;
}

/** More days than this are one bar a week or month; the range picker offers 90 at most, `all` is cut. */
export const MAX_DAYS = 92;

export function localDay(instant: string | number): string {
  const date = new Date(instant);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
}

/**
 * Oldest first, up to `now`; begins at the first use or `span` days ago, whichever is earlier, at most MAX_DAYS ago.
 */
export function usageDays(rows: readonly UsageRow[], now: number, span = 0): UsageDay[] {
  const byDay = Map.groupBy(rows, (row) => localDay(row.time));
  const first = [...byDay.keys()].sort()[0];
  if (first === undefined) return [];
  const days: UsageDay[] = [];
  // Noon, so that a change to or from summer time never skips or repeats a day.
  const at = new Date(now);
  at.setHours(12, 0, 0, 0);
  for (let count = 0; count < MAX_DAYS; count += 1) {
    const day = localDay(at.getTime());
    const used = byDay.get(day) ?? [];
    const models = sumUsd(used.filter((row) => row.kind === 'model').map((row) => row.amount_usd));
    const packages = sumUsd(used.filter((row) => row.kind !== 'model').map((row) => row.amount_usd));
    days.push({ day, models, packages, total: sumUsd([models, packages]) });
    if (day <= first && count + 1 >= span) break;
    at.setDate(at.getDate() - 1);
  }
  return days.reverse();
}
