// What went wrong with a request, in the one shape that every page shows.
import type { ErrorBody } from '@genrtl/contracts';

export class Failure extends Error {
  readonly body: ErrorBody;

  constructor(body: ErrorBody) {
    super(body.message);
    this.name = 'Failure';
    this.body = body;
  }
}

const isBody = (value: unknown): value is Pick<ErrorBody, 'code' | 'message'> & Partial<ErrorBody> =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as ErrorBody).code === 'string' &&
  typeof (value as ErrorBody).message === 'string';

/** Of an answer that names none: the identity library's limits, and what stands between. */
const codeOf = (status: number): 'BACKEND_UNAVAILABLE' | 'RATE_LIMITED' | 'REQUEST_INVALID' =>
  status >= 500 ? 'BACKEND_UNAVAILABLE' : status === 429 ? 'RATE_LIMITED' : 'REQUEST_INVALID';

/** The error of an answer: ours, the identity library's (code and message too), or what a proxy made of it. */
export async function failureOf(response: Response): Promise<Failure> {
  const body: unknown = await response.json().catch(() => null);
  if (isBody(body)) return new Failure({ retryable: false, ...body });
  const code = codeOf(response.status);
  const retryable = code !== 'REQUEST_INVALID';
  return new Failure({ code, message: `The server answered ${response.status}.`, retryable });
}

export function bodyOf(error: unknown): ErrorBody {
  if (error instanceof Failure) return error.body;
  // fetch rejects with a TypeError when nobody answers
  if (error instanceof TypeError)
    return { code: 'BACKEND_UNAVAILABLE', message: 'The server does not answer.', retryable: true };
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error), retryable: false };
}
