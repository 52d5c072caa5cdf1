// SQL of waiting runs: which there are, which process took them, and what the others wait for.
import { JobKind, type WaitReason } from '@genrtl/contracts';
import { toJsonb, type Queryable } from '../../db/index.ts';
import type { RunningCount, WaitingRun } from '../fair-choice.ts';
import type { RunRow } from './runs.ts';

/** News under this name: runs wait, or places became free. */
export const QUEUE_TOPIC = 'queue';
const QUEUED = 'dispatched_at IS NULL AND finished_at IS NULL';

/** One process chooses at a time, so that counts are true. Held until the transaction ends. */
export async function lockQueue(tx: Queryable): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('genrtl.job_queue'))`);
}

/** The waiting runs of each owner in their order, `depth` at most; those of a later release wait for its processes. */
export async function waitingRuns(tx: Queryable, depth: number): Promise<WaitingRun[][]> {
  const { rows } = await tx.query<{
    run_id: string;
    account_id: string;
    user_id: string;
    priority: number;
    created_at: Date;
  }>(
    `SELECT q.* FROM (SELECT DISTINCT account_id, user_id FROM runs WHERE ${QUEUED}) owner
     CROSS JOIN LATERAL (
       SELECT run_id, account_id, user_id, priority, created_at FROM runs
       WHERE ${QUEUED} AND NOT cancel_requested AND account_id = owner.account_id AND user_id = owner.user_id
         AND kind = ANY($2)
       ORDER BY priority DESC, created_at LIMIT $1) q`,
    [depth, JobKind.options],
  );
  const queues = new Map<string, WaitingRun[]>();
  for (const row of rows) {
    const key = `${row.account_id}\n${row.user_id}`;
    const queue = queues.get(key) ?? [];
    queues.set(key, queue);
    queue.push({
      runId: row.run_id,
      accountId: row.account_id,
      userId: row.user_id,
      acceptedAt: row.created_at.getTime(),
      priority: row.priority,
    });
  }
  return [...queues.values()];
}

export async function runningCounts(tx: Queryable): Promise<RunningCount[]> {
  const { rows } = await tx.query<{ account_id: string; user_id: string; plan_id: string; count: number }>(
    `SELECT account_id, user_id, plan_id, count(*) AS count FROM runs
     WHERE dispatched_at IS NOT NULL AND finished_at IS NULL GROUP BY 1, 2, 3`,
  );
  return rows.map((row) => ({
    accountId: row.account_id,
    userId: row.user_id,
    planId: row.plan_id,
    count: Number(row.count),
  }));
}

/** What this process takes; a run that ended or was cancelled meanwhile is not among them. */
export async function takeRuns(
  tx: Queryable,
  by: { readonly worker: string; readonly dispatchId: string },
  runIds: readonly string[],
): Promise<RunRow[]> {
  const { rows } = await tx.query<RunRow>(
    `UPDATE runs SET dispatched_at = now(), worker = $1, dispatch_id = $2, waiting = NULL
     WHERE run_id = ANY($3) AND ${QUEUED} AND NOT cancel_requested RETURNING *`,
    [by.worker, by.dispatchId, runIds],
  );
  return rows;
}

/** What an act of taking has taken already, when its commit was not heard of. */
export async function takenBy(tx: Queryable, dispatchId: string): Promise<RunRow[]> {
  const { rows } = await tx.query<RunRow>('SELECT * FROM runs WHERE dispatch_id = $1 AND finished_at IS NULL', [
    dispatchId,
  ]);
  return rows;
}

/** Tells the waiting runs of an owner what they wait for, where that is news. Returns those that were told. */
export async function tellReason(
  tx: Queryable,
  owner: { readonly accountId: string; readonly userId: string },
  reason: WaitReason,
): Promise<string[]> {
  const { rows } = await tx.query<{ run_id: string }>(
    `WITH told AS (
       UPDATE runs SET last_seq = last_seq + 1,
         waiting = $3::jsonb || jsonb_build_object('since', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
       WHERE account_id = $1 AND user_id = $2 AND ${QUEUED} AND (waiting - 'since') IS DISTINCT FROM $3::jsonb
       RETURNING run_id, last_seq, waiting)
     INSERT INTO run_events (run_id, seq, event_key, type, body)
     SELECT run_id, last_seq, NULL, 'waiting', jsonb_build_object('type', 'waiting', 'waiting', waiting) FROM told RETURNING run_id`,
    [owner.accountId, owner.userId, toJsonb(reason)],
  );
  return rows.map(({ run_id: id }) => id);
}

/** This process lives, and runs so many at once. */
export async function workerSeen(tx: Queryable, worker: string, capacity: number): Promise<void> {
  await tx.query(
    `INSERT INTO job_workers (worker, capacity) VALUES ($1, $2)
     ON CONFLICT (worker) DO UPDATE SET capacity = excluded.capacity, seen_at = now()`,
    [worker, capacity],
  );
}

export async function forgetWorker(tx: Queryable, worker: string): Promise<void> {
  await tx.query('DELETE FROM job_workers WHERE worker = $1', [worker]);
}

/** Runs that were taken by a process that is not seen any more. */
export async function workerGone(tx: Queryable, worker: string): Promise<void> {
  await tx.query('DELETE FROM job_workers WHERE worker = $1', [worker]);
}

export async function orphanedJobs(tx: Queryable, deadMs: number): Promise<RunRow[]> {
  const { rows } = await tx.query<RunRow>(
    `SELECT r.* FROM runs r LEFT JOIN job_workers w ON w.worker = r.worker
     WHERE r.finished_at IS NULL AND r.dispatched_at IS NOT NULL AND r.worker IS NOT NULL
       AND (w.worker IS NULL OR (w.seen_at < now() - make_interval(secs => $1 / 1000.0)
         AND r.dispatched_at < now() - make_interval(secs => $1 / 1000.0)))`,
    [deadMs],
  );
  return rows;
}
