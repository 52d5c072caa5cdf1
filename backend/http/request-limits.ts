// Rates of requests, counted in memory: by person, by address, by project. Each process counts what it sees, so the
// rate of a service is the sum over its api processes.
import { GenrtlError } from '@genrtl/contracts';
import type { RequestLimits } from '../jobs/limits.ts';

/** What is counted that nobody asked for lately is forgotten from the oldest on. */
const MOST_KEYS = 50_000;
/** An address may be the gate of a whole office. */
const ADDRESS_FACTOR = 10;

interface Bucket {
  tokens: number;
  at: number;
}

export class RequestLimiter {
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Counts one request. Throws RATE_LIMITED with `details.retry_after_ms` when it is one too many. */
  count(kind: 'user' | 'address' | 'project', name: string, limits: RequestLimits): void {
    const factor = kind === 'address' ? ADDRESS_FACTOR : 1;
    const burst = limits.burst * factor;
    const perMs = (limits.perMinute * factor) / 60_000;
    const key = `${kind} ${name}`;
    const now = this.#now();
    const known = this.#buckets.get(key);
    const tokens = known === undefined ? burst : Math.min(burst, known.tokens + (now - known.at) * perMs);
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: Math.max(0, tokens - 1), at: now });
    if (this.#buckets.size > MOST_KEYS) this.#buckets.delete(this.#buckets.keys().next().value ?? '');
    if (tokens >= 1) return;
    // a refused request costs nothing, so that whoever waits as told gets in
    this.#buckets.set(key, { tokens, at: now });
    const waitMs = Math.ceil((1 - tokens) / perMs);
    throw new GenrtlError('RATE_LIMITED', `Too many requests of this ${kind}`, {
      details: { limit: kind, retry_after_ms: waitMs },
    });
  }
}
