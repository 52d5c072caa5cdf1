// What the steps of runs did, on its way into the database behind everything else.
import type { GroupWriter, Lane } from '../db/group-writer.ts';
import type { RunSteps, RunKey } from './repository/steps.ts';

interface Item {
  readonly key: RunKey;
  readonly steps: RunSteps;
}

export class StepWriter {
  readonly #lane: Lane<Item>;

  constructor(write: (runs: readonly Item[]) => Promise<void>, failed: (error: unknown) => void, group: GroupWriter) {
    this.#lane = group.lane((batch) => write([...batch.values()].flat()), failed);
  }

  add(key: RunKey, steps: RunSteps): void {
    // the key alone: whoever hands it over may know more of the run
    const { accountId, runId } = key;
    if (steps.rows.length > 0)
      this.#lane.add(`${accountId}\n${runId}`, { key: { accountId, runId }, steps }, ROW_CHARS);
  }
}

/** About what a run's steps weigh, for the bound on what waits. */
const ROW_CHARS = 1_000;
