// What errors carry besides their text.
import type { Diagnostic } from './diagnostic.ts';

/** Diagnostics that an error carries in its details, if any. */
export function diagnosticsOf(error: { details?: Record<string, unknown> | undefined }): Diagnostic[] {
  const list = error.details?.['diagnostics'];
  return Array.isArray(list) ? (list as Diagnostic[]) : [];
}
