// SQL of upstream model attempts: recorded before the call, settled once.
import type { CallEnd, ErrorBody, ModelUsage } from '@genrtl/contracts';
import { prepared, readTogether, storableText, toJsonb, type Pool, type Queryable } from '../../db/index.ts';
import type { RunRow } from './runs.ts';

export interface AttemptRow {
  readonly attempt_id: string;
  readonly account_id: string;
  readonly run_id: string;
  readonly call_name: string;
  readonly attempt: number;
  readonly model: string;
  readonly provider: string;
  readonly rate_card: string;
  readonly prompt_sha256: string;
  readonly hold_id: string;
  readonly state: 'open' | CallEnd;
  readonly answer: string | null;
  readonly usage: ModelUsage | null;
  readonly error: ErrorBody | null;
  readonly settled_at: Date | null;
}

const COLUMNS_OF_A = `a.attempt_id, a.account_id, a.run_id, a.call_name, a.attempt, a.model, a.provider, a.rate_card,
  a.prompt_sha256, a.hold_id, a.state, a.answer, a.usage, a.error, a.settled_at`;

export type NewAttempt = Pick<
  AttemptRow,
  | 'attempt_id'
  | 'account_id'
  | 'run_id'
  | 'call_name'
  | 'attempt'
  | 'model'
  | 'provider'
  | 'rate_card'
  | 'prompt_sha256'
  | 'hold_id'
> & { readonly template: string };

export async function insertAttempts(tx: Queryable, attempts: readonly NewAttempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const column = <K extends keyof NewAttempt>(name: K): NewAttempt[K][] => attempts.map((attempt) => attempt[name]);
  await prepared(
    tx,
    'attempts.insert',
    `INSERT INTO model_attempts (attempt_id, account_id, run_id, call_name, attempt, model, provider, rate_card, template,
       prompt_sha256, hold_id)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[],
       $9::text[], $10::text[], $11::text[])`,
    [
      column('attempt_id'),
      column('account_id'),
      column('run_id'),
      column('call_name'),
      column('attempt'),
      column('model'),
      column('provider'),
      column('rate_card'),
      column('template'),
      column('prompt_sha256'),
      column('hold_id'),
    ],
  );
}

export interface EarlierAttempt extends AttemptRow {
  /** why the run ended that paid it */
  readonly ended: ErrorBody | null;
}

export interface CallOfStep {
  readonly run: Pick<RunRow, 'run_id' | 'account_id' | 'job_id' | 'step_id'>;
  readonly name: string;
  readonly promptHash: string;
}

export interface AttemptsOfCall {
  readonly own: AttemptRow[];
  readonly earlier: EarlierAttempt[];
}

/**
 * The attempts of a call in their order, and those that earlier runs of the step were answered to the same prompt, the
 * latest first.
 */
export const attemptsOfStep = (pool: Pool, call: CallOfStep): Promise<AttemptsOfCall> =>
  readTogether(pool, attemptsOfSteps, call);

async function attemptsOfSteps(tx: Queryable, calls: readonly CallOfStep[]): Promise<AttemptsOfCall[]> {
  const { rows } = await prepared<EarlierAttempt & { nth: number }>(
    tx,
    'attempts.of_step',
    `WITH asked AS (
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY
         AS q (run_id, account_id, job_id, step_id, call_name, prompt_sha256, nth))
     SELECT ${COLUMNS_OF_A}, NULL::jsonb AS ended, q.nth::int
     FROM asked q JOIN model_attempts a ON a.run_id = q.run_id AND a.call_name = q.call_name
     UNION ALL
     SELECT ${COLUMNS_OF_A}, r.error AS ended, q.nth::int
     FROM asked q JOIN runs r ON r.account_id = q.account_id AND r.job_id = q.job_id AND r.step_id = q.step_id
       AND r.status = 'failed' AND r.run_id <> q.run_id
     JOIN model_attempts a ON a.run_id = r.run_id AND a.call_name = q.call_name AND a.state = 'answered'
       AND a.prompt_sha256 = q.prompt_sha256`,
    [
      calls.map(({ run }) => run.run_id),
      calls.map(({ run }) => run.account_id),
      calls.map(({ run }) => run.job_id),
      calls.map(({ run }) => run.step_id),
      calls.map(({ name }) => name),
      calls.map(({ promptHash }) => promptHash),
    ],
  );
  const byCall = Map.groupBy(rows, ({ nth }) => nth);
  return calls.map(({ run }, at) => {
    const found = byCall.get(at + 1) ?? [];
    const own = found.filter(({ run_id: id }) => id === run.run_id);
    const earlier = found.filter(({ run_id: id }) => id !== run.run_id);
    return {
      own: own.sort((one, other) => one.attempt - other.attempt),
      earlier: earlier.sort((one, other) => (other.settled_at?.getTime() ?? 0) - (one.settled_at?.getTime() ?? 0)),
    };
  });
}

export interface LeftOpen extends AttemptRow {
  /** that its hold lives with: the run in the generation that began it */
  readonly workflow_id: string;
}

export async function openAttempts(tx: Queryable, runIds: readonly string[]): Promise<LeftOpen[]> {
  const { rows } = await prepared<LeftOpen>(
    tx,
    'attempts.open',
    `SELECT ${COLUMNS_OF_A}, h.workflow_id FROM model_attempts a JOIN holds h USING (hold_id)
     WHERE a.run_id = ANY($1) AND a.state = 'open' ORDER BY a.started_at`,
    [runIds],
  );
  return rows;
}

export interface SettledAttempt {
  readonly attemptId: string;
  readonly state: CallEnd;
  readonly entryId: string;
  readonly answer: string | null;
  readonly usage: ModelUsage;
  readonly error: ErrorBody | null;
}

/** Those that were open; the others were settled before. */
export async function settleAttempts(tx: Queryable, settled: readonly SettledAttempt[]): Promise<Set<string>> {
  if (settled.length === 0) return new Set();
  const { rows } = await prepared<{ attempt_id: string }>(
    tx,
    'attempts.settle',
    `UPDATE model_attempts a SET state = s.state, entry_id = s.entry_id, answer = s.answer, usage = s.usage,
       error = s.error, settled_at = now()
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[])
       AS s (attempt_id, state, entry_id, answer, usage, error)
     WHERE a.attempt_id = s.attempt_id AND a.state = 'open' RETURNING a.attempt_id`,
    [
      settled.map(({ attemptId }) => attemptId),
      settled.map(({ state }) => state),
      settled.map(({ entryId }) => entryId),
      settled.map(({ answer }) => (answer === null ? null : storableText(answer))),
      settled.map(({ usage }) => toJsonb(usage)),
      settled.map(({ error }) => (error === null ? null : toJsonb(error))),
    ],
  );
  return new Set(rows.map(({ attempt_id: id }) => id));
}

export interface SettledUsage {
  readonly usage: ModelUsage;
  readonly paid_micro: number;
}

/** Settled attempts of a run with what the user paid for each, in their order. */
export async function usageOfRun(tx: Queryable, runId: string): Promise<SettledUsage[]> {
  const { rows } = await tx.query<SettledUsage>(
    `SELECT a.usage, h.captured_micro AS paid_micro FROM model_attempts a JOIN holds h USING (hold_id)
     WHERE a.run_id = $1 AND a.state <> 'open' ORDER BY a.settled_at, a.attempt`,
    [runId],
  );
  return rows;
}
