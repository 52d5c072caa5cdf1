// Whether one account's job stands behind all that another has queued, over the processes of a hosted backend.
import { randomUUID } from 'node:crypto';
import { blobsOf, microUsd } from '@genrtl/contracts';
import { inTransaction, notifyTopics } from '../db/index.ts';
import { QUEUE_TOPIC } from '../jobs/repository/queue.ts';
import { recordRun } from '../jobs/repository/runs.ts';
import { openBuckets } from '../ledger/index.ts';
import { allEnded, inBatches, must, persistently, requireBooks, submit } from './hosted-load.ts';
import type { HostedProcesses } from './hosted-processes.ts';

/**
 * One account queues many jobs, another one a moment later. Returns how many of the first began between the acceptance
 * of the other's and its begin: no more than are about to begin anyway, however many wait. What waits is then cancelled.
 */
export async function fairTurn(hosted: HostedProcesses, count: number): Promise<number> {
  const { pool } = hosted;
  const base = await persistently(hosted, (client) => client.planRequest('slow'));
  const runIds: string[] = [];
  await inBatches(
    Array.from({ length: count }, () => ({ ...base, job_id: `job${randomUUID().slice(0, 13)}` })),
    16,
    async (request) => runIds.push(await submit(hosted, request)),
  );
  const accountId = `acct_${randomUUID()}`;
  await inTransaction(pool, 'blob.record', async (tx) => {
    await tx.query(`INSERT INTO accounts (account_id, kind, name) VALUES ($1, 'user', 'the other')`, [accountId]);
    await openBuckets(tx, accountId, { included: null, onDemand: microUsd(0) });
    await tx.query(
      'INSERT INTO blobs (account_id, sha256, size_bytes) SELECT $1, sha256, size_bytes FROM blobs WHERE sha256 = $2',
      [accountId, blobsOf(base)[0]],
    );
  });
  const runId = `run_${randomUUID()}`;
  const request = { ...base, job_id: `job${randomUUID().slice(0, 13)}` };
  const cap = microUsd(1_000_000);
  must(
    (await recordRun(pool, { run: { runId, accountId, request }, key: runId, requestHash: 'f'.repeat(64), cap })) !==
      null,
    'no run',
  );
  await notifyTopics(pool, [QUEUE_TOPIC]);
  await allEnded(hosted, [runId], 180_000);
  const { rows } = await pool.query<{ status: string; waiting: number; between: number }>(
    `SELECT mine.status, count(*) FILTER (WHERE theirs.dispatched_at > mine.dispatched_at IS NOT FALSE)::int AS waiting,
       count(*) FILTER (WHERE theirs.dispatched_at BETWEEN mine.created_at AND mine.dispatched_at)::int AS between
     FROM runs mine, runs theirs WHERE mine.run_id = $1 AND theirs.run_id = ANY($2) GROUP BY 1`,
    [runId, runIds],
  );
  const { status, waiting = 0, between = count } = rows[0] ?? {};
  must(status === 'succeeded', `the other's job ended as ${String(status)}`);
  must(waiting > 0, 'nothing waited any more when it began: this shows nothing');
  await inBatches(runIds, 16, (id) =>
    persistently(hosted, async (client) => (await client.call('POST', `/v1/jobs/${id}/cancel`)).status === 200 || null),
  );
  await allEnded(hosted, runIds, 300_000);
  await requireBooks(hosted);
  return between;
}
