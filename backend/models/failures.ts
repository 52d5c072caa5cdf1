// From what a model server did to the product's error codes; no message ever holds a key or more than a line of the
// server's text.
import { GenrtlError } from '@genrtl/contracts';
import type { TransportError } from './transport/failure.ts';
import { showable } from './redact.ts';

/** Who is spoken of in messages. */
export interface ServerName {
  /** e.g. "OpenAI", "the model server at 127.0.0.1:8000" */
  readonly title: string;
  readonly secrets: Iterable<string>;
}

const PHASES = {
  connect: 'did not accept the connection',
  first_byte: 'sent no answer',
  idle: 'fell silent in the middle of its answer',
  total: 'did not finish its answer',
} as const;

/** Translates a lost connection, a time-out or an oversized answer. */
export function fromTransport(error: TransportError, server: ServerName): GenrtlError {
  const { failure } = error;
  switch (failure.kind) {
    case 'cancelled':
      return new GenrtlError('CANCELLED', 'The model call was cancelled.');
    case 'timeout':
      return new GenrtlError(
        'MODEL_TIMEOUT',
        `${server.title} ${PHASES[failure.phase]} within ${String(failure.afterMs / 1000)} s.`,
        { details: { phase: failure.phase, after_ms: failure.afterMs } },
      );
    case 'refused':
      return failure.refusal;
    case 'unreachable':
      return new GenrtlError('MODEL_UNAVAILABLE', `${server.title} could not be reached (${failure.reason}).`, {
        cause: error,
      });
    case 'cut':
      return new GenrtlError('MODEL_TRUNCATED', `${server.title} broke off its answer (${failure.reason}).`, {
        cause: error,
      });
    case 'not_http':
      return new GenrtlError(
        'MODEL_MALFORMED',
        `${server.title} answered something that is not HTTP (${failure.reason}).`,
        { cause: error },
      );
    case 'too_large':
      return new GenrtlError(
        'MODEL_MALFORMED',
        `${server.title} sent too much: ${failure.what} over the limit of ${String(failure.limit)}.`,
      );
    case 'encoded':
      return new GenrtlError(
        'MODEL_MALFORMED',
        `${server.title} sent a compressed answer (${showable(failure.encoding, server.secrets)}) although none was asked for.`,
      );
  }
}

/** What an error body of either protocol tells, read without trusting its shape. */
export interface ErrorReport {
  readonly type: string;
  readonly code: string;
  readonly message: string;
}

/**
 * `{error:{type,code,message}}` of both protocols, `{error:"…"}` and `{message|detail:"…"}` of smaller servers, else
 * nothing.
 */
export function readErrorReport(body: string): ErrorReport | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  return errorReportOf(json);
}

export function errorReportOf(json: unknown): ErrorReport | null {
  if (!isRecord(json)) return null;
  const inner = json['error'];
  if (typeof inner === 'string') return { type: '', code: '', message: inner };
  const source = isRecord(inner) ? inner : json;
  const message = source['message'] ?? source['detail'];
  if (typeof message !== 'string')
    return isRecord(inner) ? { type: textOf(inner['type']), code: textOf(inner['code']), message: '' } : null;
  return { type: textOf(source['type']), code: textOf(source['code']), message };
}

/** Translates an HTTP status with its body. */
export function fromStatus(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
  server: ServerName,
): GenrtlError {
  const report = readErrorReport(body);
  const said =
    report === null || report.message === '' ? '' : ` It said: “${showable(report.message, server.secrets)}”`;
  const details = { status };
  if (status >= 300 && status < 400) {
    return new GenrtlError(
      'MODEL_UNAVAILABLE',
      `${server.title} answered with a redirect (${String(status)}), which is never followed.`,
      {
        hint: 'Set the base URL to the address that the server redirects to.',
        details,
      },
    );
  }
  if (report !== null && isContextOverflow(report)) {
    return new GenrtlError('MODEL_CONTEXT_EXCEEDED', `The prompt is too long for the model.${said}`, { details });
  }
  if (status === 401 || status === 403)
    return new GenrtlError('MODEL_AUTH', `${server.title} refused the API key (${String(status)}).${said}`, {
      details,
    });
  if (status === 402)
    return new GenrtlError('MODEL_AUTH', `${server.title} refuses for want of credit (402).${said}`, {
      hint: 'Look at the billing page of the model’s provider.',
      details,
    });
  if (status === 429) {
    if (report?.code === 'insufficient_quota' || report?.type === 'insufficient_quota') {
      return new GenrtlError('MODEL_AUTH', `${server.title} refuses for want of credit (429).${said}`, {
        hint: 'Look at the billing page of the model’s provider.',
        details,
      });
    }
    const retryAfterMs = retryAfter(headers);
    return new GenrtlError('MODEL_RATE_LIMITED', `${server.title} limits requests (429).${said}`, {
      details: { ...details, ...(retryAfterMs === null ? {} : { retry_after_ms: retryAfterMs }) },
    });
  }
  if (status === 404) {
    return new GenrtlError('MODEL_UNKNOWN', `${server.title} does not know the model or the address (404).${said}`, {
      hint: 'Check the model’s name and the base URL.',
      details,
    });
  }
  if (status === 408 || status === 409 || status >= 500) {
    const retryAfterMs = retryAfter(headers);
    return new GenrtlError('MODEL_UNAVAILABLE', `${server.title} failed (${String(status)}).${said}`, {
      details: { ...details, ...(retryAfterMs === null ? {} : { retry_after_ms: retryAfterMs }) },
    });
  }
  return new GenrtlError('MODEL_MALFORMED', `${server.title} refused the request (${String(status)}).${said}`, {
    details,
  });
}

/** Translates an error that arrives inside a stream which began well. */
export function fromReport(report: ErrorReport, server: ServerName): GenrtlError {
  const said = report.message === '' ? '' : ` It said: “${showable(report.message, server.secrets)}”`;
  if (isContextOverflow(report))
    return new GenrtlError('MODEL_CONTEXT_EXCEEDED', `The prompt is too long for the model.${said}`);
  const kind = `${report.type} ${report.code}`;
  if (/rate_limit/.test(kind)) return new GenrtlError('MODEL_RATE_LIMITED', `${server.title} limits requests.${said}`);
  if (/authentication|permission|invalid_api_key/.test(kind))
    return new GenrtlError('MODEL_AUTH', `${server.title} refused the API key.${said}`);
  if (/timeout/.test(kind)) return new GenrtlError('MODEL_TIMEOUT', `${server.title} timed out.${said}`);
  return new GenrtlError('MODEL_UNAVAILABLE', `${server.title} failed in the middle of its answer.${said}`);
}

/** Milliseconds from `retry-after-ms` or `retry-after` (seconds or a date), or null. */
export function retryAfter(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  now: number = Date.now(),
): number | null {
  const exact = Number(one(headers['retry-after-ms']));
  if (one(headers['retry-after-ms']) !== '' && Number.isFinite(exact) && exact >= 0) return Math.ceil(exact);
  const text = one(headers['retry-after']);
  if (text === '') return null;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return seconds >= 0 ? Math.ceil(seconds * 1000) : null;
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/**
 * OpenAI says `context_length_exceeded`, Anthropic "prompt is too long", vLLM "maximum context length", Ollama and
 * llama.cpp "exceed… context".
 */
function isContextOverflow(report: ErrorReport): boolean {
  if (report.code === 'context_length_exceeded' || report.type === 'exceed_context_size_error') return true;
  const message = report.message.slice(0, 2000).toLowerCase();
  return (
    message.includes('prompt is too long') ||
    message.includes('maximum context length') ||
    (message.includes('exceed') &&
      (message.includes('context window') || message.includes('context size') || message.includes('context length')))
  );
}

function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value)?.trim() ?? '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : '';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
