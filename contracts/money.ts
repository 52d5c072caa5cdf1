// Money: a branded integer of micro-dollars inside the product, a decimal string at its edges. No float ever holds
// money.
import { z } from 'zod';
import { USD_PATTERN } from './micro-usd.ts';

export { formatUsd, microUsd, parseUsd } from './micro-usd.ts';
export type { MicroUsd } from './micro-usd.ts';

/**
 * Decimal string at the edges, e.g. "0.50" or "12.000001"; at most six decimals, and below a billion, so that
 * micro-dollars stay exact.
 */
export const UsdString = z.string().regex(USD_PATTERN, 'a decimal amount of US dollars');
export type UsdString = z.infer<typeof UsdString>;
