// Bounds of one exchange with a model server; nothing that a server sends may grow beyond them.
import type { NetworkGuard } from '../../network/guard.ts';

/** Milliseconds. */
export interface Timeouts {
  /** until the connection (with TLS) stands */
  readonly connectMs: number;
  /** from then until the response's headers are complete */
  readonly firstByteMs: number;
  /** the longest silence inside an answer; reasoning models think in silence for minutes */
  readonly idleMs: number;
  /** the whole call: ends a server that drips */
  readonly totalMs: number;
}

/** How servers are reached. */
export interface Connection {
  readonly timeouts: Timeouts;
  /**
   * HTTP_PROXY, HTTPS_PROXY and NO_PROXY as the environment has them; loopback addresses are always reached directly
   */
  readonly proxy: Readonly<Record<string, string>>;
  /** null: on a person's own machine, where the settings are that person's list of what may be reached */
  readonly guard: NetworkGuard | null;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 15_000,
  firstByteMs: 300_000,
  idleMs: 300_000,
  totalMs: 3_600_000,
};

/** Size of all response headers together. */
export const MAX_HEADER_BYTES = 32 * 1024;
/** One server-sent event, and one unfinished line. The longest real event (a usage report) is a few kilobytes. */
export const MAX_EVENT_CHARS = 1024 * 1024;
/**
 * Everything that one streamed answer may hold, events included: 128k output tokens in single-token events need some 40
 * MB.
 */
export const MAX_STREAM_BYTES = 128 * 1024 * 1024;
/** Text of one answer. */
export const MAX_ANSWER_CHARS = 8 * 1024 * 1024;
/** How much of an error response is read. */
export const MAX_ERROR_BYTES = 64 * 1024;
