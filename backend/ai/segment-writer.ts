// Events of interactive runs on their way into the database, behind what readers have seen already.
import { GroupWriter, type Lane } from '../db/group-writer.ts';
import type { StoredEvent } from './live-run.ts';
import type { RunKey } from './repository/runs.ts';
import type { Segment } from './repository/segments.ts';

export class SegmentWriter {
  readonly #lane: Lane<{ readonly key: RunKey; readonly event: StoredEvent }>;

  constructor(
    write: (segments: readonly Segment[]) => Promise<void>,
    /** Live readers have the events; a run's end is in its row. */
    failed: (error: unknown) => void,
    group = new GroupWriter(),
  ) {
    this.#lane = group.lane(
      (batch) =>
        write(
          [...batch.values()].flatMap((items) => {
            const [first, last] = [items[0], items.at(-1)];
            if (first === undefined || last === undefined) return [];
            const events = items.map(({ event }) => event.json);
            return [{ ...first.key, firstSeq: first.event.seq, lastSeq: last.event.seq, events }];
          }),
        ),
      failed,
    );
  }

  add(key: RunKey, event: StoredEvent): void {
    this.#lane.add(`${key.accountId}\n${key.runId}`, { key, event }, event.json.length);
  }

  pressure(): void | Promise<void> {
    return this.#lane.pressure();
  }

  flush(): Promise<void> {
    return this.#lane.flush();
  }

  stored(): Promise<void> {
    return this.#lane.stored();
  }
}
