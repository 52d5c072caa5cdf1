// How long an embedded backend lives.
import { LeaseBook } from './lease-book.ts';

const FIRST_LEASE_MS = 20_000;
/** Runs under way keep a backend without leases alive for so long. */
const FINISH_RUNS_MS = 10 * 60_000;
const LOOK_MS = 500;
const ASLEEP_MS = 4 * LOOK_MS;

/** When an embedded backend ends by itself: nobody holds a lease and nothing is under way. */
export class Lifetime {
  /** null for a backend that lives until it is told to end */
  readonly leases: LeaseBook | null;
  readonly #stop: () => void;
  readonly #firstLeaseMs: number;
  #activeRuns: () => number = () => 0;
  #timer: NodeJS.Timeout | null = null;
  #lastLook = 0;
  #begun = Infinity;
  #emptySince: number | null = null;

  constructor(options: { readonly embedded: boolean; readonly firstLeaseMs?: number; readonly stop: () => void }) {
    this.#stop = options.stop;
    this.#firstLeaseMs = options.firstLeaseMs ?? FIRST_LEASE_MS;
    this.leases = options.embedded
      ? new LeaseBook(() => {
          this.#consider();
        })
      : null;
  }

  begin(activeRuns: () => number): void {
    this.#activeRuns = activeRuns;
    this.#begun = this.#lastLook = performance.now();
    if (this.leases === null) return;
    this.#timer = setInterval(() => {
      const now = performance.now();
      // Stopped by a debugger, a suspended machine or a starved processor: nobody could renew either.
      if (now - this.#lastLook > ASLEEP_MS) this.leases?.postpone(now - this.#lastLook);
      this.#lastLook = now;
      if (this.leases !== null && this.leases.size > 0) this.#emptySince = null;
      this.leases?.expire();
    }, LOOK_MS);
  }

  end(): void {
    this.leases?.close();
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #consider(): void {
    const now = performance.now();
    this.#emptySince ??= now;
    if (this.leases?.everHeld !== true && now - this.#begun < this.#firstLeaseMs) return;
    if (this.#activeRuns() > 0 && now - this.#emptySince < FINISH_RUNS_MS) return;
    this.#stop();
  }
}
