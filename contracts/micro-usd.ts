// Amounts of money as they are computed with: integers of micro-dollars. Without schemas, so that the page can load it.

/** Integer count of 1/1,000,000 US dollar. */
export type MicroUsd = number & { readonly __brand: 'MicroUsd' };

export const USD_PATTERN = /^-?\d{1,9}(\.\d{1,6})?$/;

export function microUsd(value: number): MicroUsd {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not an integer amount of micro-dollars: ${value}`);
  return value as MicroUsd;
}

/** "0.5" → 500000. Throws RangeError on anything that UsdString refuses. */
export function parseUsd(text: string): MicroUsd {
  if (!USD_PATTERN.test(text)) throw new RangeError(`not an amount of US dollars: ${text}`);
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const micro = Number(whole) * 1_000_000 + Number(fraction.padEnd(6, '0') || '0');
  return microUsd(negative ? -micro : micro);
}

/** 500000 → "0.50": at least two decimals, at most six, no trailing zeros beyond two. */
export function formatUsd(micro: number): string {
  const sign = micro < 0 ? '-' : '';
  const abs = Math.abs(micro);
  const whole = Math.floor(abs / 1_000_000);
  const fraction = String(abs % 1_000_000)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '');
  return `${sign}${whole}.${fraction}`;
}
