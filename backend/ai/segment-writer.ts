// The one writer of a process: events of all its interactive runs, committed together every few milliseconds, behind what
// readers have seen already.
import type { AiEvent } from '@genrtl/contracts';
import type { Segment } from './repository/segments.ts';
import type { RunKey } from './repository/runs.ts';

const GATHER_MS = 30;
/** Producers wait while more than this is not yet written. */
const HIGH_WATER_CHARS = 8 << 20;

interface Waiting {
  readonly key: RunKey;
  events: AiEvent[];
}

export class SegmentWriter {
  readonly #write: (segments: readonly Segment[]) => Promise<void>;
  readonly #failed: (error: unknown) => void;
  #waiting = new Map<string, Waiting>();
  #chars = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  /** statements so far */
  commits = 0;

  constructor(write: (segments: readonly Segment[]) => Promise<void>, failed: (error: unknown) => void) {
    this.#write = write;
    this.#failed = failed;
  }

  add(key: RunKey, event: AiEvent, chars: number): void {
    const name = `${key.accountId}\n${key.runId}`;
    const waiting = this.#waiting.get(name);
    if (waiting === undefined) this.#waiting.set(name, { key, events: [event] });
    else waiting.events.push(event);
    this.#chars += chars;
    if (this.#writing === null) this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS);
  }

  /** A promise while the database is behind. */
  pressure(): void | Promise<void> {
    if (this.#chars > HIGH_WATER_CHARS) return this.flush();
  }

  /** Resolves when all that was added before is committed, or given up. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#writing !== null) await this.#writing;
    if (this.#waiting.size === 0) return;
    this.#writing = this.#commit();
    await this.#writing;
  }

  async #commit(): Promise<void> {
    const taken = [...this.#waiting.values()];
    this.#waiting = new Map();
    this.#chars = 0;
    try {
      this.commits += 1;
      await this.#write(
        taken.flatMap(({ key, events }) => {
          const [first, last] = [events[0], events.at(-1)];
          if (first === undefined || last === undefined) return [];
          // The run's id stands in the row.
          return [
            { ...key, firstSeq: first.seq, lastSeq: last.seq, events: events.map(({ runId: _id, ...event }) => event) },
          ];
        }),
      );
    } catch (error) {
      // Live readers have the events; a run's end is in its row.
      this.#failed(error);
    } finally {
      this.#writing = null;
      if (this.#waiting.size > 0) this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS);
    }
  }
}
