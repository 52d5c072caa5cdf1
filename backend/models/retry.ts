// When the same model is asked again, and after how long. The caller owns the loop and the record of attempts.
import { GenrtlError } from '@genrtl/contracts';
import type { ErrorCode } from '@genrtl/contracts';

/** How often each failure is worth another attempt on the same model. */
const RETRIES: Partial<Record<ErrorCode, number>> = {
  MODEL_RATE_LIMITED: 4,
  MODEL_UNAVAILABLE: 3,
  MODEL_TIMEOUT: 1,
  MODEL_TRUNCATED: 2,
  MODEL_MALFORMED: 1,
};
const FIRST_DELAY_MS = 500;
/** A server that asks for more patience than this is given up for another model. */
export const MAX_DELAY_MS = 60_000;

/**
 * Delay before attempt n+1 on the same model, or null. Honours the server's own wish; else doubles from half a second
 * with ±25 % jitter.
 */
export function retryDelayMs(error: unknown, n: number, random: () => number = Math.random): number | null {
  if (!(error instanceof GenrtlError)) return null;
  if (n > (RETRIES[error.code] ?? 0) || isLimitOfOutput(error) || isNoText(error) || isNotTried(error)) return null;
  const wish = error.details?.['retry_after_ms'];
  if (typeof wish === 'number') return wish <= MAX_DELAY_MS ? wish : null;
  const delay = FIRST_DELAY_MS * 2 ** (n - 1) * (0.75 + random() / 2);
  return Math.min(Math.round(delay), MAX_DELAY_MS);
}

/** The model rests; another one of the route answers meanwhile. */
export function isNotTried(error: GenrtlError): boolean {
  return error.details?.['not_tried'] === true;
}

/** What the person is told when no model answered: the last failure, and which models were left alone. */
export function withNotTried(last: GenrtlError | null, notTried: readonly GenrtlError[]): GenrtlError {
  const [first, ...more] = notTried;
  if (first === undefined) return last ?? new GenrtlError('MODEL_UNAVAILABLE', 'No model answered');
  if (last === null && more.length === 0) return first;
  const told = notTried.map(({ message }) => message).join(' ');
  return new GenrtlError(
    last?.code ?? 'MODEL_UNAVAILABLE',
    last === null ? `No model answered. ${told}` : `${last.message} ${told}`,
    { hint: last?.hint, details: { ...(last ?? first).details }, cause: last ?? first },
  );
}

/** A model that called tools or only thought has to be told so; the same words would end the same way. */
function isNoText(error: GenrtlError): boolean {
  return error.code === 'MODEL_MALFORMED' && typeof error.details?.['answer'] === 'string';
}

/** An answer that filled its whole allowance would do so again, at the same price. */
function isLimitOfOutput(error: GenrtlError): boolean {
  return error.code === 'MODEL_TRUNCATED' && error.details?.['output_limit'] === true;
}
