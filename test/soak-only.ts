import { it } from 'vitest';
import { EVERYTHING } from './representatives.ts';

/**
 * A case that `scripts/soak everything` tries and the tests leave out: it takes long, and others of its kind are tried.
 */
export function soakOnly(name: string, work: () => Promise<void>, timeoutMs?: number): void {
  if (EVERYTHING) it(name, work, timeoutMs);
}
