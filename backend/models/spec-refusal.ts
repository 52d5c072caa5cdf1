// A refused specification as an error.
import { GenrtlError, isErrorCode } from '@genrtl/contracts';
import type { Diagnostic } from '@genrtl/contracts';

/** Carries the first error's code and all findings in `details.diagnostics`. */
export function specRefusal(diagnostics: readonly Diagnostic[]): GenrtlError {
  const first = diagnostics.find((diagnostic) => diagnostic.severity === 'error') ?? diagnostics[0];
  const code = first?.code !== undefined && isErrorCode(first.code) ? first.code : 'INTERNAL';
  const place = first?.line === undefined ? '' : `line ${String(first.line)}: `;
  return new GenrtlError(code, `${place}${first?.message ?? 'The specification was refused.'}`, {
    details: { diagnostics },
  });
}
