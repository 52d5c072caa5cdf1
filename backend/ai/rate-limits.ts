// How often interactive runs may begin, counted in memory of this process: a burst at once, and then at a steady pace,
// for the person, the address that they come from, and the account that pays. Costs no query.
import { GenrtlError } from '@genrtl/contracts';
import type { AiConfig } from './config.ts';

export interface Rate {
  readonly burst: number;
  readonly perMinute: number;
}

export interface Rates {
  readonly user: Rate;
  readonly address: Rate;
  readonly project: Rate;
}

export type Subjects = { readonly [S in keyof Rates]: string };

/** Ghost text asks as fast as a person types; an office may share one address. */
export const RATES: Rates = {
  user: { burst: 60, perMinute: 240 },
  address: { burst: 300, perMinute: 2_400 },
  project: { burst: 300, perMinute: 2_400 },
};

/** What the configuration says, and where it says nothing, ours. */
export function ratesOf({ rates }: Pick<AiConfig, 'rates'>): Rates {
  const own = (given: { burst: number; per_minute: number } | undefined): Rate | undefined =>
    given === undefined ? undefined : { burst: given.burst, perMinute: given.per_minute };
  return {
    user: own(rates.user) ?? RATES.user,
    address: own(rates.address) ?? RATES.address,
    project: own(rates.project) ?? RATES.project,
  };
}

interface Bucket {
  left: number;
  at: number;
}

const MOST_BUCKETS = 50_000;

export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;
  readonly #rates: () => Rates;

  constructor(rates: () => Rates = () => RATES, now: () => number = () => performance.now()) {
    this.#rates = rates;
    this.#now = now;
  }

  /** Counts one beginning. RATE_LIMITED with the time to wait; then nothing was counted. */
  take(subjects: Subjects): void {
    const rates = this.#rates();
    const names = Object.keys(rates) as (keyof Rates)[];
    const buckets = names.map((name) => this.#filled(`${name}\n${subjects[name]}`, rates[name]));
    const waits = buckets.map(({ left }, nth) => {
      const name = names[nth] ?? 'user';
      return { name, ms: left >= 1 ? 0 : Math.ceil(((1 - left) / rates[name].perMinute) * 60_000) };
    });
    const longest = waits.reduce((most, each) => (each.ms > most.ms ? each : most));
    if (longest.ms > 0)
      throw new GenrtlError('RATE_LIMITED', `Too many requests of this ${longest.name}`, {
        hint: `Try again in ${String(Math.ceil(longest.ms / 1_000))} s.`,
        details: { limit: longest.name, retry_after_ms: longest.ms },
      });
    for (const bucket of buckets) bucket.left -= 1;
  }

  #filled(key: string, { burst, perMinute }: Rate): Bucket {
    const now = this.#now();
    const before = this.#buckets.get(key);
    const left = before === undefined ? burst : Math.min(burst, before.left + ((now - before.at) / 60_000) * perMinute);
    const bucket = { left, at: now };
    // The one that was used longest ago is the fullest, so forgetting it costs nothing.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MOST_BUCKETS) this.#buckets.delete(this.#buckets.keys().next().value ?? '');
    return bucket;
  }
}
