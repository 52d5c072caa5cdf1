// `fetch` behind the guard: for callbacks and discovery documents, and for libraries that call the global one.
import {
  Agent,
  buildConnector,
  fetch as undiciFetch,
  setGlobalDispatcher,
  type RequestInit,
  type Response,
} from 'undici';
import type { NetworkGuard } from './guard.ts';

const CONNECT_MS = 10_000;
const ANSWER_MS = 30_000;
/** Of a body and of all headers; what is fetched so is a document of some kilobytes. */
const MAX_BODY_BYTES = 4 << 20;
const MAX_HEADER_BYTES = 32 << 10;

/** Connects only where the guard lets it, in every attempt and for every hop. */
export function guardedAgent(guard: NetworkGuard): Agent {
  const connect = buildConnector({ lookup: guard.lookup, timeout: CONNECT_MS });
  return new Agent({
    connect: (options, callback) => {
      try {
        // an address in the URL is looked up by nobody
        guard.requireHost(options.hostname);
      } catch (error) {
        callback(error as Error, null);
        return;
      }
      connect(options, callback);
    },
    headersTimeout: ANSWER_MS,
    bodyTimeout: ANSWER_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    maxResponseSize: MAX_BODY_BYTES,
  });
}

export type GuardedFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** A redirect is an error. Throws ADDRESS_REFUSED, and what fetch throws. */
export function guardedFetch(guard: NetworkGuard): GuardedFetch {
  const dispatcher = guardedAgent(guard);
  return async (url, init = {}) => {
    try {
      return await undiciFetch(url, { ...init, redirect: 'error', dispatcher });
    } catch (error) {
      throw causeOf(error);
    }
  };
}

/** Puts the whole process's `fetch` behind the guard; for programs, not for libraries. */
export function guardGlobalFetch(guard: NetworkGuard): void {
  setGlobalDispatcher(guardedAgent(guard));
}

/** undici wraps what the connector said. */
function causeOf(error: unknown): unknown {
  return error instanceof TypeError && error.cause instanceof Error && 'code' in error.cause ? error.cause : error;
}
