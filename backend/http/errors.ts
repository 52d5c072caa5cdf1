// Where error codes become HTTP statuses, and nothing else does.
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { GenrtlError, type ErrorBody, type ErrorCode } from '@genrtl/contracts';
import { diskTrouble } from '@genrtl/disk/disk-trouble.ts';
import { isRepeatable } from '../db/index.ts';
import type { Log } from '../processes/log.ts';
import type { HttpEnv } from './services.ts';

const STATUS: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  REQUEST_INVALID: 400,
  USAGE: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  BUDGET_EXCEEDED: 402,
  ON_DEMAND_CONSENT: 402,
  PLAN_EXCLUDES: 403,
  BUDGET_RESERVED: 429,
  RUN_NOT_RETAINED: 410,
  NOT_FOUND: 404,
  CBB_NOT_FOUND: 404,
  IDEMPOTENCY_MISMATCH: 409,
  CBB_PRICE_CHANGED: 409,
  REQUEST_TOO_LARGE: 413,
  HOST_REFUSED: 421,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  CBB_UNDELIVERABLE: 502,
  BACKEND_UNAVAILABLE: 503,
  DISK_FULL: 507,
};

/** SQLSTATEs of text that PostgreSQL cannot hold: character_not_in_repertoire, untranslatable_character. */
const UNSTORABLE = new Set(['22021', '22P05']);

export function statusOf(code: ErrorCode): ContentfulStatusCode {
  return STATUS[code] ?? 422;
}

/** What the outside may know of any error: our own as they are, everything else as INTERNAL or BACKEND_UNAVAILABLE. */
export function publicError(error: unknown): GenrtlError {
  if (error instanceof GenrtlError) return error;
  if (error instanceof HTTPException) {
    if (error.status === 413) return new GenrtlError('REQUEST_TOO_LARGE', 'The request is too large', { cause: error });
    return new GenrtlError('REQUEST_INVALID', error.message === '' ? 'The request is malformed' : error.message, {
      cause: error,
    });
  }
  if (UNSTORABLE.has(String((error as { code?: unknown } | null)?.code))) {
    return new GenrtlError(
      'REQUEST_INVALID',
      'The request holds a character that cannot be stored (NUL or half a surrogate pair)',
      { cause: error },
    );
  }
  if (isRepeatable(error))
    return new GenrtlError('BACKEND_UNAVAILABLE', 'The database does not answer', { cause: error });
  if (diskTrouble(error) === 'full') {
    return new GenrtlError('DISK_FULL', 'The disk of the backend is full', {
      cause: error,
      hint: 'Free some space on the disk that holds GENRTL_HOME.',
    });
  }
  return GenrtlError.of(error, 'The backend failed');
}

export function answerError(context: Context<HttpEnv>, error: unknown, log: Log): Response {
  const shown = publicError(error);
  if (shown.code === 'INTERNAL') {
    const cause: unknown = shown.cause ?? shown;
    log.error('a request failed by a fault of ours', {
      method: context.req.method,
      path: context.req.path.replace(/\/downloads\/.*/, '/downloads/…'),
      error: cause instanceof Error ? cause.stack : String(cause),
    });
  }
  const status = statusOf(shown.code);
  if (status === 429 || status === 503) {
    const waitMs = shown.details?.['retry_after_ms'];
    context.header('Retry-After', String(Math.max(1, Math.ceil((typeof waitMs === 'number' ? waitMs : 0) / 1000))));
  }
  return context.json<ErrorBody>(shown.toBody(), status);
}
