// Money for the next runs, held ahead: a run that begins takes a hold that is there, and the one commit before its
// model is asked is the insert of the run itself. As many are ready as runs began lately; what nobody takes goes back
// soon.
import { randomUUID } from 'node:crypto';
import { microUsd, type MicroUsd } from '@genrtl/contracts';
import { inTransaction, type Pool } from '../db/index.ts';
import { LEASE, leasesOfNobody, placeLeases, releaseLeases } from '../ledger/index.ts';
import type { Log } from '../processes/log.ts';

const WINDOW_MS = 1_000;
const LEAST = 2;
const MOST = 64;
/** A slice is taken for at least this share of its amount. */
const LEAST_SHARE = 1 / 8;
/** The first placing is for one run, the second for all that came meanwhile. */
const MOST_WAITS = 2;
/** An account that had too little is not asked again for so long. */
const REFUSED_MS = 5_000;

export interface Slice {
  readonly holdId: string;
  readonly accountId: string;
  readonly amount: MicroUsd;
  readonly placedAt: number;
}

/** What is ready for one account. */
interface Shelf {
  readonly ready: Slice[];
  /** of the runs that began lately */
  readonly starts: number[];
  size: MicroUsd;
  placing: Promise<void> | null;
  refusedUntil: number;
}

export class HoldSlices {
  readonly #pool: Pool;
  readonly #owner: string;
  readonly #idleMs: number;
  readonly #log: Pick<Log, 'warn'>;
  readonly #shelves = new Map<string, Shelf>();
  readonly #clear: NodeJS.Timeout;
  #closed = false;

  constructor(options: { readonly pool: Pool; readonly owner: string; readonly idleMs: number; readonly log: Log }) {
    this.#pool = options.pool;
    this.#owner = options.owner;
    this.#idleMs = options.idleMs;
    this.#log = options.log;
    this.#clear = setInterval(() => void this.#giveBackOld(), Math.max(50, options.idleMs / 3));
    this.#clear.unref();
  }

  /** The workflow of holds that nobody has taken. */
  get workflowId(): string {
    return `${LEASE}${this.#owner}`;
  }

  /** A hold of at least that much, or null: none is ready. Either way more are made ready behind. */
  take(accountId: string, amount: MicroUsd): Slice | null {
    if (this.#closed) return null;
    let shelf = this.#shelves.get(accountId);
    if (shelf === undefined) {
      shelf = { ready: [], starts: [], size: microUsd(0), placing: null, refusedUntil: 0 };
      this.#shelves.set(accountId, shelf);
    }
    const now = performance.now();
    shelf.starts.push(now);
    while ((shelf.starts[0] ?? now) < now - WINDOW_MS) shelf.starts.shift();
    const size = roundedUp(amount);
    if (size > shelf.size || amount < shelf.size * LEAST_SHARE) shelf.size = size;
    const slice = pick(shelf, amount);
    this.#fill(accountId, shelf);
    return slice;
  }

  /**
   * The same, and what is being placed already is waited for: runs that come all at once begin on few placings. Who
   * comes alone places a hold itself meanwhile.
   */
  async takeSoon(accountId: string, amount: MicroUsd): Promise<Slice | null> {
    let placing = this.#shelves.get(accountId)?.placing ?? null;
    let slice = this.take(accountId, amount);
    const shelf = this.#shelves.get(accountId);
    for (let nth = 0; nth < MOST_WAITS && slice === null && shelf !== undefined && placing !== null; nth += 1) {
      await placing;
      if (this.#closed) return null;
      slice = pick(shelf, amount);
      this.#fill(accountId, shelf);
      placing = shelf.placing;
    }
    return slice;
  }

  /** How many are ready. */
  readyFor(accountId: string): number {
    return this.#shelves.get(accountId)?.ready.length ?? 0;
  }

  /** It was not needed after all. */
  putBack(slice: Slice): void {
    const shelf = this.#shelves.get(slice.accountId);
    if (shelf !== undefined && !this.#closed) shelf.ready.unshift(slice);
    else void this.#release([slice]);
  }

  #fill(accountId: string, shelf: Shelf): void {
    const wanted = Math.min(MOST, Math.max(LEAST, shelf.starts.length));
    const now = performance.now();
    if (shelf.placing !== null || shelf.ready.length > wanted / 2 || now < shelf.refusedUntil) return;
    const holdIds = Array.from({ length: wanted - shelf.ready.length }, () => `hold_${randomUUID()}`);
    const amount = microUsd(shelf.size);
    shelf.placing = inTransaction(this.#pool, 'ai.lease', (tx) =>
      placeLeases(tx, { accountId, owner: this.#owner, amount, holdIds }),
    )
      .then(
        async (placed) => {
          if (!placed) shelf.refusedUntil = performance.now() + REFUSED_MS;
          const slices = placed
            ? holdIds.map((holdId) => ({ holdId, accountId, amount, placedAt: performance.now() }))
            : [];
          if (this.#closed) await this.#release(slices);
          else shelf.ready.push(...slices);
        },
        (error: unknown) => {
          shelf.refusedUntil = performance.now() + REFUSED_MS;
          this.#log.warn('no money was held ahead', { error: String(error) });
        },
      )
      .finally(() => {
        shelf.placing = null;
      });
  }

  /** Resolves when what is being placed stands. */
  async placed(): Promise<void> {
    await Promise.all([...this.#shelves.values()].map(async ({ placing }) => placing));
  }

  async #giveBackOld(): Promise<void> {
    const before = performance.now() - this.#idleMs;
    const old: Slice[] = [];
    for (const [accountId, shelf] of this.#shelves) {
      while ((shelf.ready[0]?.placedAt ?? Infinity) < before) old.push(...shelf.ready.splice(0, 1));
      if (shelf.ready.length === 0 && shelf.placing === null && (shelf.starts.at(-1) ?? 0) < before)
        this.#shelves.delete(accountId);
    }
    await this.#release(old);
  }

  async #release(slices: readonly Slice[]): Promise<void> {
    if (slices.length === 0) return;
    const holdIds = slices.map(({ holdId }) => holdId);
    await inTransaction(this.#pool, 'ai.lease', (tx) => releaseLeases(tx, holdIds)).catch((error: unknown) => {
      // Whoever sweeps after this process gives them back.
      this.#log.warn('money that was held ahead was not given back', { error: String(error) });
    });
  }

  /** Housekeeping: what processes left that are gone. */
  async sweep(deadMs: number): Promise<void> {
    const left = await leasesOfNobody(this.#pool, deadMs);
    if (left.length > 0) await inTransaction(this.#pool, 'ai.lease', (tx) => releaseLeases(tx, left));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#clear);
    await this.placed();
    await this.#release([...this.#shelves.values()].flatMap(({ ready }) => ready.splice(0)));
  }
}

function pick({ ready }: Shelf, amount: MicroUsd): Slice | null {
  const at = ready.findIndex((slice) => amount <= slice.amount && amount >= slice.amount * LEAST_SHARE);
  const [slice = null] = at < 0 ? [] : ready.splice(at, 1);
  return slice;
}

/** Amounts that are alike share a size. */
const roundedUp = (amount: MicroUsd): MicroUsd => microUsd(amount === 0 ? 0 : 2 ** Math.ceil(Math.log2(amount)));
