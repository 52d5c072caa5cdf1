// Why a document is refused: thrown inside the reading thread and made a coded error by whoever called it.
import type { Diagnostic } from '@genrtl/contracts/diagnostic.ts';
import { GenrtlError, type ErrorCode } from '@genrtl/contracts/errors.ts';

/**
 * A document that is not read: broken, protected, or larger than the limits. The message is a clause about the file.
 */
export class DocumentError extends Error {
  readonly tooLarge: boolean;
  constructor(message: string, tooLarge = false) {
    super(message);
    this.name = 'DocumentError';
    this.tooLarge = tooLarge;
  }
}

/** `message` is a whole sentence about the file `name`; the finding points at `line`. */
export function refusal(code: ErrorCode, name: string, message: string, line = 1, cause?: unknown): GenrtlError {
  const diagnostic: Diagnostic = { tool: 'genrtl', severity: 'error', code, message, file: name, line };
  return new GenrtlError(code, message, { details: { diagnostics: [diagnostic] }, cause });
}

const MEBIBYTE = 1024 * 1024;
export const inMb = (bytes: number): string => `${(bytes / MEBIBYTE).toFixed(1)} MB`;
