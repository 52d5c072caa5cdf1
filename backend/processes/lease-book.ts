// Who still needs an embedded backend. Opened and renewed by clients; a client that dies stops renewing. Time is the
// monotonic clock's: a corrected wall clock ends no lease.

export class LeaseBook {
  readonly #leases = new Map<string, number>();
  readonly #onEmpty: () => void;
  readonly #now: () => number;
  #refusing = false;
  #everHeld = false;

  /** `onEmpty` is called each time that no lease is left, and again by `expire` until the process acts on it. */
  constructor(onEmpty: () => void, now: () => number = () => performance.now()) {
    this.#onEmpty = onEmpty;
    this.#now = now;
  }

  open(id: string, ttlMs: number): number {
    if (!this.#refusing) {
      this.#leases.set(id, this.#now() + ttlMs);
      this.#everHeld = true;
    }
    return this.#leases.size;
  }

  end(id: string): number {
    if (this.#leases.delete(id) && this.#leases.size === 0) this.#onEmpty();
    return this.#leases.size;
  }

  has(id: string): boolean {
    return this.#leases.has(id);
  }

  /** Drops what was not renewed in time. */
  expire(): void {
    for (const [id, until] of this.#leases) if (until < this.#now()) this.#leases.delete(id);
    if (this.#leases.size === 0) this.#onEmpty();
  }

  /** For a process that slept, and whose clients slept with it: they get their time back to renew. */
  postpone(ms: number): void {
    for (const [id, until] of this.#leases) this.#leases.set(id, until + ms);
  }

  /** From now on nobody new: the backend stops. */
  close(): void {
    this.#refusing = true;
  }

  get closed(): boolean {
    return this.#refusing;
  }

  /** Somebody held one, however briefly. */
  get everHeld(): boolean {
    return this.#everHeld;
  }

  get size(): number {
    return this.#leases.size;
  }
}
