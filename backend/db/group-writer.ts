// What may be stored behind: rows of many runs and kinds, committed together every few milliseconds, so that the number
// of commits does not grow with the number of streams. One writer a process; each kind of row has a lane.
import { signal } from '../telemetry/signals.ts';

const GATHER_MS = 50;
/** Producers wait while more than this is not yet written. */
const HIGH_WATER_CHARS = 8 << 20;

/** By the name that was added under, in the order of adding. */
export type Batch<T> = ReadonlyMap<string, readonly T[]>;

export class GroupWriter {
  readonly #lanes: Lane<never>[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #chars = 0;
  /** of the round that takes what waits now */
  #next: PromiseWithResolvers<void> | null = null;
  /** rounds of writing so far */
  commits = 0;

  /** `failed` is told of a batch that could not be written; who waits for it goes on. */
  lane<T>(write: (batch: Batch<T>) => Promise<void>, failed: (error: unknown) => void): Lane<T> {
    const lane = new Lane<T>(this, write, failed);
    this.#lanes.push(lane as unknown as Lane<never>);
    return lane;
  }

  added(chars: number): void {
    this.#chars += chars;
    if (this.#writing === null) this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS);
  }

  /** A promise while the database is behind. */
  pressure(): void | Promise<void> {
    if (this.#chars > HIGH_WATER_CHARS) return this.flush();
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  /** Resolves when all that was added before is committed, or given up, by the round that comes anyway. */
  async stored(): Promise<void> {
    if (this.#chars === 0) return this.idle();
    this.#next ??= Promise.withResolvers();
    return this.#next.promise;
  }

  /** The same at once. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#writing !== null) await this.#writing;
    if (this.#chars === 0) return;
    this.#writing = this.#commit();
    await this.#writing;
  }

  async #commit(): Promise<void> {
    this.commits += 1;
    this.#chars = 0;
    const round = this.#next;
    this.#next = null;
    await Promise.all(this.#lanes.map((lane) => lane.commit()));
    this.#writing = null;
    round?.resolve();
    if (this.#chars > 0) this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS);
  }
}

export class Lane<T> {
  readonly #group: GroupWriter;
  readonly #write: (batch: Batch<T>) => Promise<void>;
  readonly #failed: (error: unknown) => void;
  #waiting = new Map<string, T[]>();

  constructor(group: GroupWriter, write: (batch: Batch<T>) => Promise<void>, failed: (error: unknown) => void) {
    this.#group = group;
    this.#write = write;
    this.#failed = failed;
  }

  add(name: string, item: T, chars: number): void {
    const waiting = this.#waiting.get(name);
    if (waiting === undefined) this.#waiting.set(name, [item]);
    else waiting.push(item);
    this.#group.added(Math.max(1, chars));
  }

  pressure(): void | Promise<void> {
    return this.#group.pressure();
  }

  flush(): Promise<void> {
    return this.#group.flush();
  }

  stored(): Promise<void> {
    return this.#group.stored();
  }

  /**
   * What waits under a name, for whoever commits it himself; what was added before it is committed then, or given up.
   */
  async take(name: string): Promise<readonly T[]> {
    await this.#group.idle();
    const taken = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    return taken;
  }

  /** For the group only. */
  async commit(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const taken = this.#waiting;
    this.#waiting = new Map();
    const begun = performance.now();
    let ok = true;
    await this.#write(taken).catch((error: unknown) => {
      ok = false;
      this.#failed(error);
    });
    let events = 0;
    for (const items of taken.values()) events += items.length;
    signal('event_batch', { events, durationMs: performance.now() - begun, ok });
  }
}
