import { test, type Page } from '@playwright/test';
import { EVERYTHING } from '../../representatives.ts';

/** A spec that `scripts/soak everything` runs and the tests leave out: it takes long, and others go the same way. */
export function soakOnly(title: string, body: (fixtures: { page: Page }) => Promise<void>): void {
  if (EVERYTHING) test(title, body);
}
