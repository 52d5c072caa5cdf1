// Numbers as people read them: durations, sizes, dollars. Amounts stay decimal strings; only the eye's grouping
// changes.

/** "0.4 s", "12 s", "3 min 05 s", "1 h 02 min". */
export function formatDuration(ms: number): string {
  if (ms < 1000) return ms < 100 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 10) return `${(ms / 1000).toFixed(1)} s`;
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit] ?? ''}`;
}

/** "0.5" → "$0.50", "-0.000012" → "−$0.000012"; digits are those of the amount, never rounded. */
export function formatUsd(amount: string): string {
  const negative = amount.startsWith('-');
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  const cents = fraction.replace(/0+$/, '').padEnd(2, '0');
  return `${negative ? '−' : ''}$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`;
}

/** For the eye: two digits, four below a dollar, never nothing for something; the exact amount belongs beside it. */
export function shortUsd(amount: string): string {
  const negative = amount.startsWith('-');
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
  const micro = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6) || '0');
  if (micro === 0n) return '$0.00';
  if (micro < 50n) return negative ? '−<$0.0001' : '<$0.0001';
  const step = micro >= 1_000_000n ? 10_000n : 100n;
  const rounded = ((micro + step / 2n) / step) * step;
  const text = `${rounded / 1_000_000n}.${String(rounded % 1_000_000n).padStart(6, '0')}`;
  return formatUsd(`${negative ? '-' : ''}${text}`);
}

/** Sum of decimal dollar strings, exact (integers of micro-dollars inside). */
export function sumUsd(amounts: Iterable<string>): string {
  let micro = 0n;
  for (const amount of amounts) {
    const negative = amount.startsWith('-');
    const [whole = '0', fraction = ''] = amount.replace('-', '').split('.');
    const value = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6) || '0');
    micro += negative ? -value : value;
  }
  const absolute = micro < 0n ? -micro : micro;
  const digits = String(absolute % 1_000_000n)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `${micro < 0n ? '-' : ''}${absolute / 1_000_000n}.${digits}`;
}

/** Last part of a path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Day and minute of an instant, as the language writes them, in the person's time zone. */
export function formatInstant(instant: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' }).format(new Date(instant));
}
