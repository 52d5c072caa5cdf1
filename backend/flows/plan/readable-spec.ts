// Specifications that no model can read are refused before one is paid.
import { parseSpec } from '@genrtl/core/spec/index.ts';
import { specRefusal } from '../../models/spec-refusal.ts';

/** Throws SPEC_EMPTY, SPEC_TOO_LARGE or SPEC_BINARY with the diagnostics in `details.diagnostics`. */
export function requireReadable(spec: string, specName: string): void {
  const parsed = parseSpec(spec, specName);
  if (parsed.kind === 'refused') throw specRefusal(parsed.diagnostics);
}
