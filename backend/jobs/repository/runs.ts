// SQL of runs: one durable job request each, with its state and result.
import type { ErrorBody, JobKind, JobOutput, JobRequest, MicroUsd, Waiting } from '@genrtl/contracts';
import { GroupCommit } from '../../db/group-commit.ts';
import { inStatement, prepared, readTogether, toJsonb, type Pool, type Queryable } from '../../db/index.ts';

export type RunStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface RunRow {
  readonly run_id: string;
  readonly account_id: string;
  readonly job_id: string;
  readonly step_id: string;
  readonly kind: JobKind;
  readonly request: JobRequest;
  readonly generation: number;
  readonly status: RunStatus;
  readonly phase: string;
  readonly output: JobOutput | null;
  readonly error: ErrorBody | null;
  readonly cancel_requested: boolean;
  readonly last_seq: number;
  readonly pruned_seq: number;
  readonly purged: boolean;
  /** the trace that the run's work belongs to, as W3C Trace Context writes it; null where nothing is traced */
  readonly trace_parent: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
  readonly dispatched_at: Date | null;
  /** the process that took it */
  readonly worker: string | null;
  readonly waiting: Waiting | null;
  /** the versions of packages that its calls have seen; null before the first one */
  readonly packages: readonly PackageVersion[] | null;
}

export interface PackageVersion {
  readonly cbb_id: string;
  readonly version: string;
}

const PRIORITIES = { low: -1, normal: 0, high: 1 } as const;

export interface NewRun {
  readonly runId: string;
  readonly accountId: string;
  readonly request: JobRequest;
  readonly userId?: string;
  readonly planId?: string;
  readonly traceParent?: string | null;
  /** `<name>@<version>` */
  readonly flow?: string;
}

const RUN_COLUMNS =
  'run_id, account_id, job_id, step_id, kind, request, user_id, plan_id, priority, trace_parent, flow';
const valuesOf = (run: NewRun): unknown[] => [
  run.runId,
  run.accountId,
  run.request.job_id,
  run.request.step_id,
  run.request.kind,
  toJsonb(run.request),
  run.userId ?? '',
  run.planId ?? '',
  PRIORITIES[run.request.priority ?? 'normal'],
  run.traceParent ?? null,
  run.flow ?? null,
];

/** Named one by one: a prepared statement outlives the migration that adds a column, and `*` does not. */
const ROW = `run_id, account_id, job_id, step_id, kind, request, generation, status, phase, output, error, cancel_requested,
  last_seq, pruned_seq, purged, trace_parent, created_at, finished_at, dispatched_at, worker, waiting, packages`;

export async function insertRun(tx: Queryable, run: NewRun): Promise<void> {
  await tx.query(
    `INSERT INTO runs (${RUN_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    valuesOf(run),
  );
}

export interface KeyedRun {
  readonly run: NewRun;
  readonly key: string;
  readonly requestHash: string;
  /** of the job, when it is first seen */
  readonly cap: MicroUsd;
}

const recordings = new WeakMap<Pool, GroupCommit<KeyedRun, RunRow | null>>();

/**
 * A run under its idempotency key, with the cap of a job that is first seen, in one commit with what an account's others
 * ask at the same moment; null when the key is bound already, after a wait for whoever binds it at the same moment.
 * Apart from what moves money: who waits for a key holds no balance.
 */
export function recordRun(pool: Pool, keyed: KeyedRun): Promise<RunRow | null> {
  let group = recordings.get(pool);
  if (group === undefined) {
    group = new GroupCommit(async (all) => {
      const made = await insertKeyedRuns(pool, all);
      return all.map(({ run }) => ({ ok: true, value: made.get(run.runId) ?? null }));
    });
    recordings.set(pool, group);
  }
  return group.add(keyed.run.accountId, keyed);
}

/** Keys, then caps, each in one order for everybody. */
async function insertKeyedRuns(pool: Pool, all: readonly KeyedRun[]): Promise<Map<string, RunRow>> {
  const rows = await inStatement<RunRow>(
    pool,
    'run.record',
    `WITH given AS (
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::text[],
         $8::text[], $9::int[], $10::text[], $11::text[], $12::text[], $13::text[], $14::bigint[]) WITH ORDINALITY
         AS g (${RUN_COLUMNS}, key, request_hash, cap_micro, nth)),
     bound AS (
       INSERT INTO idempotency_keys (account_id, key, request_hash, kind, result_id)
       SELECT account_id, key, request_hash, 'job', run_id FROM given ORDER BY account_id, key
       ON CONFLICT DO NOTHING RETURNING result_id),
     capped AS (
       INSERT INTO job_budgets (account_id, job_id, cap_micro)
       SELECT DISTINCT ON (account_id, job_id) account_id, job_id, cap_micro
       FROM given JOIN bound ON result_id = run_id ORDER BY account_id, job_id, nth
       ON CONFLICT DO NOTHING)
     INSERT INTO runs (${RUN_COLUMNS})
     SELECT ${RUN_COLUMNS} FROM given JOIN bound ON result_id = run_id ORDER BY nth RETURNING ${ROW}`,
    [
      ...columnsOf(all.map(({ run }) => valuesOf(run))),
      all.map(({ key }) => key),
      all.map(({ requestHash }) => requestHash),
      all.map(({ cap }) => cap),
    ],
  );
  return new Map(rows.map((row) => [row.run_id, row]));
}

const columnsOf = (rows: readonly (readonly unknown[])[]): unknown[][] =>
  (rows[0] ?? []).map((_, at) => rows.map((row) => row[at]));

export async function findRun(tx: Queryable, runId: string): Promise<RunRow | null> {
  const [run = null] = await findRuns(tx, [runId]);
  return run;
}

/** The same outside of a transaction, among the runs that others look for at the same moment. */
export const findRunSoon = (pool: Pool, runId: string): Promise<RunRow | null> => readTogether(pool, findRuns, runId);

async function findRuns(tx: Queryable, runIds: readonly string[]): Promise<(RunRow | null)[]> {
  const text = `SELECT ${ROW} FROM runs WHERE run_id = ANY($1)`;
  const { rows } = await prepared<RunRow>(tx, 'runs.find', text, [runIds]);
  const found = new Map(rows.map((row) => [row.run_id, row]));
  return runIds.map((runId) => found.get(runId) ?? null);
}

export async function lockRun(tx: Queryable, runId: string): Promise<RunRow | null> {
  return (await lockRuns(tx, [runId])).get(runId) ?? null;
}

/** A run as its workflow finds it. */
export interface BegunRun extends RunRow {
  /** something was asked for it, or for an earlier run of its step that failed; absent: nobody has looked */
  readonly asked_before?: boolean;
}

export const findRunToBegin = (pool: Pool, runId: string): Promise<BegunRun | null> =>
  readTogether(pool, runsToBegin, runId);

async function runsToBegin(tx: Queryable, runIds: readonly string[]): Promise<(BegunRun | null)[]> {
  const { rows } = await prepared<BegunRun>(
    tx,
    'runs.to_begin',
    `SELECT ${ROW}, EXISTS (SELECT 1 FROM model_attempts a WHERE a.run_id = r.run_id)
       OR EXISTS (SELECT 1 FROM runs e WHERE e.account_id = r.account_id AND e.job_id = r.job_id
         AND e.step_id = r.step_id AND e.status = 'failed' AND e.run_id <> r.run_id) AS asked_before
     FROM runs r WHERE run_id = ANY($1)`,
    [runIds],
  );
  const found = new Map(rows.map((row) => [row.run_id, row]));
  return runIds.map((runId) => found.get(runId) ?? null);
}

/** In one order for everybody. */
export async function lockRuns(tx: Queryable, runIds: readonly string[]): Promise<Map<string, RunRow>> {
  const text = 'SELECT * FROM runs WHERE run_id = ANY($1) ORDER BY run_id FOR NO KEY UPDATE';
  const { rows } = await tx.query<RunRow>(text, [runIds]);
  return new Map(rows.map((row) => [row.run_id, row]));
}

export async function unfinishedRuns(tx: Queryable): Promise<RunRow[]> {
  const { rows } = await tx.query<RunRow>('SELECT * FROM runs WHERE finished_at IS NULL ORDER BY created_at');
  return rows;
}

/** Those among them that a process has taken; the others wait in the queue and need nobody's care. */
export async function dispatchedRuns(tx: Queryable, worker: string): Promise<RunRow[]> {
  const { rows } = await tx.query<RunRow>(
    'SELECT * FROM runs WHERE finished_at IS NULL AND dispatched_at IS NOT NULL AND (worker = $1 OR worker IS NULL) ORDER BY created_at',
    [worker],
  );
  return rows;
}

/** Runs without an end by status, of all processes, and how long the oldest of each has waited. */
export async function queueState(tx: Queryable): Promise<{ status: RunStatus; runs: number; oldestSeconds: number }[]> {
  const { rows } = await tx.query<{ status: RunStatus; runs: number; oldestSeconds: number }>(
    `SELECT status, count(*) AS runs, extract(epoch FROM now() - min(created_at))::float8 AS "oldestSeconds"
     FROM runs WHERE finished_at IS NULL GROUP BY status`,
  );
  return rows;
}

/** The run in the hands of this process; null when it has ended, or goes on in another generation. */
export async function adoptRun(
  tx: Queryable,
  run: Pick<RunRow, 'run_id' | 'generation'>,
  worker: string,
): Promise<RunRow | null> {
  const { rows } = await tx.query<RunRow>(
    'UPDATE runs SET worker = $3 WHERE run_id = $1 AND generation = $2 AND finished_at IS NULL RETURNING *',
    [run.run_id, run.generation, worker],
  );
  return rows[0] ?? null;
}

export async function setWaiting(tx: Queryable, runId: string, waiting: Waiting | null): Promise<void> {
  await tx.query('UPDATE runs SET waiting = $2 WHERE run_id = $1 AND finished_at IS NULL', [
    runId,
    waiting === null ? null : toJsonb(waiting),
  ]);
}

/** As they are while the transaction lasts: who would begin another one waits for its end. */
export async function generationsOf(tx: Queryable, runIds: readonly string[]): Promise<Map<string, number>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await prepared<Pick<RunRow, 'run_id' | 'generation'>>(
    tx,
    'runs.generations',
    'SELECT run_id, generation FROM runs WHERE run_id = ANY($1) ORDER BY run_id FOR NO KEY UPDATE',
    [[...new Set(runIds)]],
  );
  return new Map(rows.map(({ run_id: id, generation }) => [id, generation]));
}

/** Kept once; what later calls of a run see is the same. */
export async function keepPackages(
  tx: Queryable,
  seen: readonly { readonly runId: string; readonly packages: readonly PackageVersion[] }[],
): Promise<void> {
  if (seen.length === 0) return;
  await prepared(
    tx,
    'runs.packages',
    `UPDATE runs r SET packages = s.packages FROM unnest($1::text[], $2::jsonb[]) AS s (run_id, packages)
     WHERE r.run_id = s.run_id AND r.packages IS NULL`,
    [seen.map(({ runId }) => runId), seen.map(({ packages }) => toJsonb(packages))],
  );
}

export async function requestCancel(tx: Queryable, runId: string): Promise<void> {
  await tx.query('UPDATE runs SET cancel_requested = true WHERE run_id = $1 AND finished_at IS NULL', [runId]);
}

/** The person asked again before the cancelled run had ended: its end opens it anew. */
export async function takeBackCancel(tx: Queryable, runId: string): Promise<RunRow | null> {
  const { rows } = await tx.query<RunRow>('UPDATE runs SET cancel_requested = false WHERE run_id = $1 RETURNING *', [
    runId,
  ]);
  return rows[0] ?? null;
}

export interface RunOutcome {
  readonly status: 'succeeded' | 'failed' | 'cancelled';
  readonly output: JobOutput | null;
  readonly error: ErrorBody | null;
}

export const finishRun = (tx: Queryable, runId: string, outcome: RunOutcome): Promise<void> =>
  finishRuns(tx, [{ runId, outcome }]);

export async function finishRuns(
  tx: Queryable,
  ended: readonly { readonly runId: string; readonly outcome: RunOutcome }[],
): Promise<void> {
  if (ended.length === 0) return;
  await prepared(
    tx,
    'runs.finish',
    `UPDATE runs r SET status = e.status, phase = e.status, waiting = NULL, output = e.output, error = e.error,
       finished_at = now()
     FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::jsonb[]) AS e (run_id, status, output, error)
     WHERE r.run_id = e.run_id AND r.finished_at IS NULL`,
    [
      ended.map(({ runId }) => runId),
      ended.map(({ outcome }) => outcome.status),
      ended.map(({ outcome: { output } }) => (output === null ? null : toJsonb(output))),
      ended.map(({ outcome: { error } }) => (error === null ? null : toJsonb(error))),
    ],
  );
}

/**
 * Opens a new generation: another workflow continues the run, and what was answered stays answered. The events of the
 * old one, its end among them, are no longer kept: readers get a snapshot.
 */
export async function reopenRun(tx: Queryable, runId: string): Promise<RunRow | null> {
  await tx.query('DELETE FROM run_events WHERE run_id = $1', [runId]);
  const { rows } = await tx.query<RunRow>(
    `UPDATE runs SET generation = generation + 1, status = 'queued', phase = 'queued', output = NULL, error = NULL,
       finished_at = NULL, cancel_requested = false, dispatched_at = NULL, worker = NULL, waiting = NULL, pruned_seq = last_seq WHERE run_id = $1 RETURNING *`,
    [runId],
  );
  return rows[0] ?? null;
}

/** Those of them that the account has sent. */
export const sentBlobs = (pool: Pool, account: string, hashes: readonly string[]): Promise<ReadonlySet<string>> =>
  readTogether(pool, blobsSent, { account, hashes });

interface Blobs {
  readonly account: string;
  readonly hashes: readonly string[];
}

async function blobsSent(tx: Queryable, asked: readonly Blobs[]): Promise<ReadonlySet<string>[]> {
  const pairs = new Map(
    asked.flatMap(({ account, hashes }) => hashes.map((sha256) => [`${account}\n${sha256}`, { account, sha256 }])),
  );
  const { rows } = await prepared<{ account_id: string; sha256: string }>(
    tx,
    'blobs.sent',
    `SELECT b.account_id, b.sha256 FROM unnest($1::text[], $2::text[]) AS asked (account_id, sha256)
     JOIN blobs b USING (account_id, sha256)`,
    [[...pairs.values()].map(({ account }) => account), [...pairs.values()].map(({ sha256 }) => sha256)],
  );
  const sent = new Set(rows.map(({ account_id: account, sha256 }) => `${account}\n${sha256}`));
  return asked.map(({ account, hashes }) => new Set(hashes.filter((sha256) => sent.has(`${account}\n${sha256}`))));
}

export async function recordBlob(
  tx: Queryable,
  account: string,
  blob: { sha256: string; sizeBytes: number },
): Promise<void> {
  await tx.query('INSERT INTO blobs (account_id, sha256, size_bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    account,
    blob.sha256,
    blob.sizeBytes,
  ]);
}
