// Runs that wait in the middle of their work: what for and until when stands on the run and among its events.
import type { WaitReason } from '@genrtl/contracts';
import { inTransaction } from '../db/index.ts';
import { repeating } from '../db/repeat.ts';
import { appendEvent } from './repository/events.ts';
import { setWaiting, type RunRow } from './repository/runs.ts';
import type { JobServices } from './services.ts';

/** Shorter waits are no news to anybody. */
const TOLD_MS = 1_000;

/** Announces the wait under a key of its own, waits, and takes it back. The wait itself decides how it ends. */
export async function waitTold(
  services: JobServices,
  run: RunRow,
  wait: { readonly key: string; readonly reason: WaitReason['for']; readonly ms: number | null },
  work: () => Promise<void>,
): Promise<void> {
  if (wait.ms !== null && wait.ms < TOLD_MS) return work();
  const since = new Date();
  const waiting = {
    for: wait.reason,
    since: since.toISOString(),
    ...(wait.ms === null ? {} : { until: new Date(since.getTime() + wait.ms).toISOString() }),
  };
  await inTransaction(services.pool, 'run.retry', async (tx) => {
    await setWaiting(tx, run.run_id, waiting);
    await appendEvent(tx, run.run_id, { type: 'waiting', waiting }, `waiting:${String(run.generation)}:${wait.key}`);
  });
  services.news.announce([run.run_id]);
  try {
    await work();
  } finally {
    await repeating(() => setWaiting(services.pool, run.run_id, null));
  }
}
