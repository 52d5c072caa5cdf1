// SQL of interactive runs: the rows of `flow_runs` that the inline runner has. Those of jobs are kept with `runs`.
import type { AiOptions, AiRequest } from '@genrtl/contracts/http/ai.ts';
import type { ErrorBody, AiIntent, RenderMode } from '@genrtl/contracts';
import { inStatement, prepared, storableText, toJsonb, type Pool, type Queryable } from '../../db/index.ts';
import type { RunKey } from '../../steps/repository/steps.ts';

export type { RunKey };

export interface FlowRunRow {
  readonly account_id: string;
  readonly run_id: string;
  readonly intent: AiIntent;
  readonly flow: string;
  readonly template: string;
  readonly request_hash: string;
  readonly retained: boolean;
  readonly durable: boolean;
  readonly request: AiRequest | null;
  readonly render_mode: RenderMode;
  readonly doc_version: number | null;
  readonly options: AiOptions;
  readonly status: 'running' | 'succeeded' | 'cancelled' | 'failed';
  readonly attempt: number;
  readonly model: string;
  readonly owner: string;
  readonly cancel_requested: boolean;
  readonly answer: string | null;
  readonly error: ErrorBody | null;
  readonly last_seq: number;
  readonly created_at: Date;
  readonly ended_at: Date | null;
}

export interface NewFlowRun {
  readonly request: AiRequest;
  readonly requestHash: string;
  readonly contextHash: string;
  readonly flow: string;
  readonly template: string;
  readonly renderMode: RenderMode;
  readonly model: string;
  readonly owner: string;
  readonly retained: boolean;
  readonly durable?: boolean;
}

const RUN_COLUMNS = `account_id, run_id, intent, flow, template, request_hash, retained, request, render_mode, doc_id,
       doc_version, options, context_hash, model, owner, durable`;

const runValues = ({ accountId, runId }: RunKey, run: NewFlowRun): unknown[] => [
  accountId,
  runId,
  run.request.intent,
  run.flow,
  run.template,
  run.requestHash,
  run.retained,
  run.retained ? toJsonb(run.request) : null,
  run.renderMode,
  run.request.docId,
  run.request.docVersion,
  toJsonb(run.request.options),
  run.contextHash,
  run.model,
  run.owner,
  run.durable ?? false,
];

/** False when the account has a run of this id already. */
export async function insertFlowRun(tx: Queryable, key: RunKey, run: NewFlowRun): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO flow_runs (${RUN_COLUMNS})
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING`,
    runValues(key, run),
  );
  return rowCount === 1;
}

export interface FirstAttempt {
  readonly attemptId: string;
  readonly step: string;
  readonly rateCard: string;
  readonly template: string;
  readonly promptHash: string;
  readonly holdId: string;
  /** of the run, whose the hold becomes */
  readonly workflowId: string;
}

/** A run with its first attempt on a hold that was placed ahead. */
export interface Beginning {
  readonly key: RunKey;
  readonly run: NewFlowRun;
  readonly first: FirstAttempt;
}

export interface Begun {
  /** the hold was there to be taken */
  readonly usable: boolean;
  /** the run was inserted */
  readonly made: boolean;
  /** the hold is the attempt's, which is recorded */
  readonly taken: boolean;
}

/**
 * Many runs in one statement; results in their order. `lease`: the workflow of holds that nobody has taken. Of one run
 * that is begun twice at once, one beginning makes it. Holds are found by their id: the index of workflows, which this
 * comparison cannot use, leads to all that the process holds ahead.
 */
export async function beginFlowRuns(pool: Pool, lease: string, all: readonly Beginning[]): Promise<Begun[]> {
  const rows = await inStatement<Begun & { nth: number }>(
    pool,
    'ai.begin',
    `WITH asked AS (
         SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::boolean[],
           $9::jsonb[], $10::text[], $11::text[], $12::bigint[], $13::jsonb[], $14::text[], $15::text[], $16::text[],
           $17::boolean[], $18::text[], $19::text[], $20::text[], $21::text[], $22::text[], $23::text[], $24::text[])
         WITH ORDINALITY AS a (${RUN_COLUMNS}, attempt_id, step, rate_card, first_template, prompt_sha256, hold_id,
           workflow_id, nth)),
       usable AS (
         SELECT a.nth FROM asked a JOIN holds h USING (hold_id)
         WHERE h.hold_id = ANY($23) AND h.state = 'open' AND h.workflow_id IS NOT DISTINCT FROM $1),
       chosen AS (
         SELECT DISTINCT ON (account_id, run_id) a.* FROM asked a JOIN usable USING (nth)
         ORDER BY account_id, run_id, nth),
       made AS (
         INSERT INTO flow_runs (${RUN_COLUMNS}) SELECT ${RUN_COLUMNS} FROM chosen
         ON CONFLICT DO NOTHING RETURNING account_id, run_id),
       beginning AS (SELECT c.* FROM chosen c JOIN made USING (account_id, run_id)),
       taken AS (
         UPDATE holds h SET workflow_id = b.workflow_id FROM beginning b
         WHERE h.hold_id = b.hold_id AND h.hold_id = ANY($23) AND h.state = 'open' AND h.workflow_id IS NOT DISTINCT FROM $1
         RETURNING h.hold_id),
       attempts AS (
         INSERT INTO flow_attempts (attempt_id, account_id, run_id, attempt, step, model, rate_card, template,
           prompt_sha256, hold_id)
         SELECT attempt_id, account_id, run_id, 1, step, model, rate_card, first_template, prompt_sha256, hold_id
         FROM beginning JOIN taken USING (hold_id) RETURNING hold_id)
     SELECT nth, nth IN (SELECT nth FROM usable) AS usable, nth IN (SELECT nth FROM beginning) AS made,
       hold_id IN (SELECT hold_id FROM attempts) AS taken FROM asked ORDER BY nth`,
    [lease, ...columns(all.map(beginningValues))],
  );
  return rows.map(({ usable, made, taken }) => ({ usable, made, taken }));
}

const beginningValues = ({ key, run, first }: Beginning): unknown[] => [
  ...runValues(key, run),
  first.attemptId,
  first.step,
  first.rateCard,
  first.template,
  first.promptHash,
  first.holdId,
  first.workflowId,
];

/** Rows of one length as columns. */
const columns = (rows: readonly (readonly unknown[])[]): unknown[][] =>
  (rows[0] ?? []).map((_, at) => rows.map((row) => row[at]));

export async function findFlowRun(tx: Queryable, { accountId, runId }: RunKey): Promise<FlowRunRow | null> {
  const { rows } = await tx.query<FlowRunRow>(
    `SELECT * FROM flow_runs WHERE account_id = $1 AND run_id = $2 AND runner = 'inline'`,
    [accountId, runId],
  );
  return rows[0] ?? null;
}

/** The run under a new owner, in its next attempt; null when somebody else took it, or it has ended. */
export async function takeFlowRun(
  tx: Queryable,
  { accountId, runId }: RunKey,
  from: string,
  owner: string,
): Promise<FlowRunRow | null> {
  const { rows } = await tx.query<FlowRunRow>(
    `UPDATE flow_runs SET owner = $4, attempt = attempt + CASE WHEN owner = $4 THEN 0 ELSE 1 END
     WHERE account_id = $1 AND run_id = $2 AND owner IN ($3, $4) AND ended_at IS NULL RETURNING *`,
    [accountId, runId, from, owner],
  );
  return rows[0] ?? null;
}

/**
 * An ended run in its next attempt; null when it cannot go on. Its stored end is taken back, so that who follows it
 * from its beginning reads on into the new attempt.
 */
export async function reopenFlowRun(
  tx: Queryable,
  { accountId, runId }: RunKey,
  attempt: number,
  owner: string,
): Promise<FlowRunRow | null> {
  const { rows } = await tx.query<FlowRunRow>(
    `UPDATE flow_runs SET status = 'running', owner = $4, attempt = $3 + 1, answer = NULL, error = NULL, ended_at = NULL,
       cancel_requested = false
     WHERE account_id = $1 AND run_id = $2 AND retained
       AND ((ended_at IS NOT NULL AND attempt = $3 AND status <> 'succeeded')
         OR (ended_at IS NULL AND attempt = $3 + 1 AND owner = $4)) RETURNING *`,
    [accountId, runId, attempt, owner],
  );
  await tx.query(
    `UPDATE flow_segments SET events = coalesce(
       (SELECT jsonb_agg(event ORDER BY nth) FROM jsonb_array_elements(events) WITH ORDINALITY AS each (event, nth)
        WHERE event->>'type' NOT IN ('final', 'error')), '[]')
     WHERE account_id = $1 AND run_id = $2`,
    [accountId, runId],
  );
  return rows[0] ?? null;
}

export async function askCancel(tx: Queryable, { accountId, runId }: RunKey): Promise<void> {
  await tx.query(
    'UPDATE flow_runs SET cancel_requested = true WHERE account_id = $1 AND run_id = $2 AND ended_at IS NULL',
    [accountId, runId],
  );
}

export interface RunEnd {
  readonly status: 'succeeded' | 'cancelled' | 'failed';
  readonly answer: string | null;
  readonly error: ErrorBody | null;
  readonly attempt: number;
  readonly model: string;
  readonly lastSeq: number;
}

/** A run that an error ends has failed; one that used up its money, or has no error, was cancelled. */
export const endStatus = (error: ErrorBody | null): 'cancelled' | 'failed' =>
  error === null || error.code === 'BUDGET_EXCEEDED' ? 'cancelled' : 'failed';

export interface EndedRun {
  readonly key: RunKey;
  readonly end: RunEnd;
}

/** No effect on runs that have ended. */
export async function endFlowRuns(tx: Queryable, runs: readonly EndedRun[]): Promise<void> {
  if (runs.length === 0) return;
  await prepared(
    tx,
    'ai.runs.end',
    `UPDATE flow_runs r SET status = e.status, answer = CASE WHEN r.retained THEN e.answer END, error = e.error,
       attempt = e.attempt, model = e.model, last_seq = e.last_seq, ended_at = now()
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::integer[], $7::text[], $8::integer[])
       AS e (account_id, run_id, status, answer, error, attempt, model, last_seq)
     WHERE r.account_id = e.account_id AND r.run_id = e.run_id AND r.ended_at IS NULL`,
    columns(
      runs.map(({ key: { accountId, runId }, end }) => [
        accountId,
        runId,
        end.status,
        end.answer === null ? null : storableText(end.answer),
        end.error === null ? null : toJsonb(end.error),
        end.attempt,
        end.model,
        end.lastSeq,
      ]),
    ),
  );
}

/** Runs whose process is gone for longer than that, or was never known. */
export async function orphanedRuns(tx: Queryable, owner: string, deadMs: number): Promise<FlowRunRow[]> {
  const { rows } = await tx.query<FlowRunRow>(
    `SELECT r.* FROM flow_runs r LEFT JOIN flow_processes p ON p.process_id = r.owner
     WHERE r.ended_at IS NULL AND r.runner = 'inline' AND r.owner <> $1
       AND (p.seen_at IS NULL OR p.seen_at < now() - make_interval(secs => $2 / 1000.0)) LIMIT 200`,
    [owner, deadMs],
  );
  return rows;
}

export async function processSeen(tx: Queryable, processId: string): Promise<void> {
  await tx.query(
    `INSERT INTO flow_processes (process_id) VALUES ($1) ON CONFLICT (process_id) DO UPDATE SET seen_at = now()`,
    [processId],
  );
}

export async function forgetProcess(tx: Queryable, processId: string): Promise<void> {
  await tx.query('DELETE FROM flow_processes WHERE process_id = $1', [processId]);
}

/** An embedded backend is alone with its database: whoever else is noted has died. */
export async function forgetOtherProcesses(tx: Queryable, processId: string): Promise<void> {
  await tx.query(`DELETE FROM flow_processes WHERE process_id <> $1 AND seen_at < 'infinity'`, [processId]);
}

export async function isProcessAlive(tx: Queryable, processId: string, deadMs: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    'SELECT 1 FROM flow_processes WHERE process_id = $1 AND seen_at >= now() - make_interval(secs => $2 / 1000.0)',
    [processId, deadMs],
  );
  return rowCount !== 0;
}

/** What was asked and answered is readable for a time; then its content goes, and its key and its charges stay. */
export async function purgeFlowRuns(tx: Queryable, olderThanDays: number): Promise<void> {
  await tx.query(
    `WITH old AS (
       SELECT account_id, run_id FROM flow_runs
       WHERE ended_at < now() - make_interval(days => $1) AND retained LIMIT 500),
     gone AS (DELETE FROM flow_segments s USING old WHERE s.account_id = old.account_id AND s.run_id = old.run_id),
     payloads AS (
       DELETE FROM run_artifacts a USING old WHERE a.account_id = old.account_id AND a.run_id = old.run_id
       RETURNING a.object_ref),
     unnamed AS (
       UPDATE flow_steps s SET payload_ref = NULL FROM old
       WHERE s.account_id = old.account_id AND s.run_id = old.run_id AND s.payload_ref IS NOT NULL),
     removals AS (
       INSERT INTO object_removals (sha256) SELECT DISTINCT object_ref FROM payloads ON CONFLICT DO NOTHING)
     UPDATE flow_runs r SET retained = false, request = NULL, answer = NULL FROM old
     WHERE r.account_id = old.account_id AND r.run_id = old.run_id`,
    [olderThanDays],
  );
}
