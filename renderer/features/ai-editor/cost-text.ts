// Integer micro-dollars as the page shows money.
import { formatUsd as decimalUsd } from '@genrtl/contracts/micro-usd.ts';
import { formatUsd } from '@genrtl/ui/format.ts';

export const usdOf = (microUsd: number): string => formatUsd(decimalUsd(microUsd));
