// Periods of accounts: months counted from an anchor, in UTC, so that clocks that are put forward or back change
// nothing.

export interface Period {
  readonly start: Date;
  readonly end: Date;
}

/**
 * The month of the anchor that holds the instant: start ≤ instant < end. A day that a month does not have becomes its
 * last one, and the next month has the anchor's day again (31 January, 28 February, 31 March), as Stripe counts.
 */
export function periodAt(anchor: Date, instant: Date): Period {
  const months =
    (instant.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + instant.getUTCMonth() - anchor.getUTCMonth();
  const n = monthsAfter(anchor, months) <= instant ? months : months - 1;
  return { start: monthsAfter(anchor, n), end: monthsAfter(anchor, n + 1) };
}

export function monthsAfter(anchor: Date, months: number): Date {
  const first = new Date(Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth() + months, 1));
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const midnight = Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(anchor.getUTCDate(), days));
  const ofDay = anchor.getTime() - Date.UTC(anchor.getUTCFullYear(), anchor.getUTCMonth(), anchor.getUTCDate());
  return new Date(midnight + ofDay);
}
