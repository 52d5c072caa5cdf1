// The course of runs as readers follow it: one event at a time, and the phase that it begins, if it begins one.
import { committed, type Act } from '../ledger/index.ts';
import { appendEvents } from './repository/events.ts';
import type { RunRow } from './repository/runs.ts';
import type { JobServices } from './services.ts';

interface Told {
  readonly runId: string;
  /** of the event: it is written once */
  readonly key: string;
  readonly event: { readonly type: string } & Record<string, unknown>;
  readonly phase?: string;
}

const PHASE: Act<Told, null> = {
  name: 'run.phase',
  async write(tx, items) {
    await appendEvents(
      tx,
      items.map(({ item }) => item),
    );
    return items.map(() => null);
  },
};

/** Resolves when it is committed. */
export async function recordPhase(
  { pool, news }: Pick<JobServices, 'pool' | 'news'>,
  run: Pick<RunRow, 'run_id' | 'account_id'>,
  key: string,
  event: Told['event'],
  phase: string | null,
): Promise<null> {
  await committed(pool, PHASE, run.account_id, {
    runId: run.run_id,
    key,
    event,
    ...(phase === null ? {} : { phase }),
  });
  news.announce([run.run_id]);
  return null;
}
