// What a step waits for on the server, and since when, as one line.
import type { TFunction } from 'i18next';
import type { Waiting } from '@genrtl/contracts';
import { formatInstant } from '@genrtl/ui/format.ts';

export function waitLine(t: TFunction, language: string, { for: reason, since, limit }: Waiting): string {
  return t(`waits.${reason}`, { since: formatInstant(since, language), limit: limit ?? 1 });
}
