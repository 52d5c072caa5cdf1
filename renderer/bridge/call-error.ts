// A refused call as the page handles it: the wire's error body with a stack.
import type { ErrorBody } from '@genrtl/contracts';

export class CallError extends Error {
  readonly body: ErrorBody;

  constructor(body: ErrorBody) {
    super(body.message);
    this.name = 'CallError';
    this.body = body;
  }
}

/** The body of whatever was thrown; what is not a refusal is our own fault and says so. */
export function errorBody(error: unknown): ErrorBody {
  if (error instanceof CallError) return error.body;
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error), retryable: false };
}
