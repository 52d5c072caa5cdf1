// What can go wrong between us and a model server, before any protocol is spoken.
import { GenrtlError } from '@genrtl/contracts';
import { MAX_HEADER_BYTES } from './limits.ts';
import type { Timeouts } from './limits.ts';

export type TransportFailure =
  | { readonly kind: 'timeout'; readonly phase: 'connect' | 'first_byte' | 'idle' | 'total'; readonly afterMs: number }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'cut'; readonly reason: string }
  | { readonly kind: 'not_http'; readonly reason: string }
  | { readonly kind: 'too_large'; readonly what: string; readonly limit: number }
  | { readonly kind: 'encoded'; readonly encoding: string }
  | { readonly kind: 'refused'; readonly refusal: GenrtlError }
  | { readonly kind: 'cancelled' };

/** Carries a TransportFailure through streams and promises; providers translate it into a GenrtlError. */
export class TransportError extends Error {
  readonly failure: TransportFailure;

  constructor(failure: TransportFailure, cause?: unknown) {
    super(failure.kind, cause === undefined ? undefined : { cause });
    this.name = 'TransportError';
    this.failure = failure;
  }
}

export function timedOut(phase: 'connect' | 'first_byte' | 'idle' | 'total', timeouts: Timeouts): TransportError {
  const afterMs = {
    connect: timeouts.connectMs,
    first_byte: timeouts.firstByteMs,
    idle: timeouts.idleMs,
    total: timeouts.totalMs,
  }[phase];
  return new TransportError({ kind: 'timeout', phase, afterMs });
}

/**
 * Classifies an error of node:http. `responded` tells whether headers had arrived: then a lost connection is a cut
 * answer, else the server was not reached.
 */
export function fromNodeError(error: unknown, responded: boolean): TransportError {
  if (error instanceof TransportError) return error;
  if (error instanceof GenrtlError) return new TransportError({ kind: 'refused', refusal: error });
  const code = codeOf(error);
  if (code.startsWith('HPE_')) {
    return code === 'HPE_HEADER_OVERFLOW'
      ? new TransportError({ kind: 'too_large', what: 'response headers', limit: MAX_HEADER_BYTES }, error)
      : new TransportError({ kind: responded ? 'cut' : 'not_http', reason: code }, error);
  }
  if (responded) return new TransportError({ kind: 'cut', reason: code }, error);
  return new TransportError({ kind: 'unreachable', reason: code }, error);
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'UNKNOWN';
}
