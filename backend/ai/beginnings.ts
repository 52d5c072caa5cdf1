// Runs on money that was held ahead begin in a lane of their own: connections that nothing else uses, and one statement
// for all that come while another is under way. So what is settled of runs that end is nothing that a model waits for.
import { GroupCommit } from '../db/group-commit.ts';
import type { Pool } from '../db/index.ts';
import { beginFlowRuns, type Beginning, type Begun } from './repository/runs.ts';

/** Connections that the lane can use at the same time: a group has at most two rounds under way. */
export const BEGINNING_CONNECTIONS = 2;

export class Beginnings {
  readonly #group: GroupCommit<Beginning, Begun>;

  /** `lease`: the workflow of holds that nobody has taken. */
  constructor(pool: Pool, lease: string) {
    this.#group = new GroupCommit(async (items) =>
      (await beginFlowRuns(pool, lease, items)).map((value) => ({ ok: true, value })),
    );
  }

  /** Resolves when it is committed. */
  record(beginning: Beginning): Promise<Begun> {
    const { accountId, runId } = beginning.key;
    return this.#group.add(`${accountId}\n${runId}`, beginning);
  }
}
