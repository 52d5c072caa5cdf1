// What a process knows of an account's plan, and of how much the account began lately: an interactive run asks the
// database for neither in the common case.
import type { Pool } from '../db/index.ts';
import type { PlanTerms } from './plans.ts';
import { startsLately } from './repository/plans.ts';
import { termsOf, tooFast } from './route.ts';

/** As long as a credential is believed (accounts/principal.ts). */
const BELIEVED_MS = 5_000;
const MOST_KNOWN = 10_000;

interface Known {
  readonly terms: Promise<PlanTerms | null>;
  readonly until: number;
}

/** Starts of the last minute when they were counted, and those of this process since. */
interface Starts {
  readonly counted: number;
  readonly until: number;
  since: number;
}

export class KnownTerms {
  readonly #pool: Pool;
  readonly #now: () => number;
  readonly #terms = new Map<string, Known>();
  readonly #starts = new Map<string, Starts>();

  constructor(pool: Pool, now: () => number = () => performance.now()) {
    this.#pool = pool;
    this.#now = now;
  }

  /** null for an account without a plan. */
  of(account: string): Promise<PlanTerms | null> {
    const known = this.#terms.get(account);
    if (known !== undefined && known.until > this.#now()) return known.terms;
    const terms = termsOf(this.#pool, account);
    keep(this.#terms, account, { terms, until: this.#now() + BELIEVED_MS });
    terms.catch(() => this.#terms.delete(account));
    return terms;
  }

  /** RATE_LIMITED when the account began as much as its plan allows in a minute; before that is said, it is counted. */
  async refuseTooFast(account: string): Promise<void> {
    const terms = await this.of(account);
    if (terms === null) return;
    const known = this.#starts.get(account);
    if (known !== undefined && known.until > this.#now() && known.counted + known.since < terms.starts_per_minute) {
      known.since += 1;
      return;
    }
    const counted = await startsLately(this.#pool, account);
    if (counted >= terms.starts_per_minute) throw tooFast(terms);
    keep(this.#starts, account, { counted, until: this.#now() + BELIEVED_MS, since: 1 });
  }
}

function keep<T>(known: Map<string, T>, account: string, value: T): void {
  known.delete(account);
  known.set(account, value);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value ?? '');
}
