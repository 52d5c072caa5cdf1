// SQL of upstream model attempts: recorded before the call, settled once.
import type { CallEnd, ErrorBody, ModelUsage } from '@genrtl/contracts';
import { storableText, toJsonb, type Queryable } from '../../db/index.ts';

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
}

const COLUMNS =
  'attempt_id, account_id, run_id, call_name, attempt, model, provider, rate_card, prompt_sha256, hold_id, state, answer, usage, error';

export async function insertAttempt(
  tx: Queryable,
  attempt: Pick<
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
  > & { readonly template: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO model_attempts (attempt_id, account_id, run_id, call_name, attempt, model, provider, rate_card, template, prompt_sha256, hold_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      attempt.attempt_id,
      attempt.account_id,
      attempt.run_id,
      attempt.call_name,
      attempt.attempt,
      attempt.model,
      attempt.provider,
      attempt.rate_card,
      attempt.template,
      attempt.prompt_sha256,
      attempt.hold_id,
    ],
  );
}

export async function attemptsOfCall(tx: Queryable, runId: string, callName: string): Promise<AttemptRow[]> {
  const { rows } = await tx.query<AttemptRow>(
    `SELECT ${COLUMNS} FROM model_attempts WHERE run_id = $1 AND call_name = $2 ORDER BY attempt`,
    [runId, callName],
  );
  return rows;
}

export interface StepAnswer {
  readonly attempt: Pick<AttemptRow, 'answer' | 'usage'>;
  readonly runId: string;
  /** how the run ended that paid it; null while it has no end, or ended well */
  readonly error: ErrorBody | null;
}

/**
 * Paid answers to a call: the run's own first, then those of earlier runs of its step to the same prompt, latest first.
 */
export async function answersOfStep(
  tx: Queryable,
  run: { run_id: string; account_id: string; job_id: string; step_id: string },
  call: { readonly name: string; readonly promptHash: string },
): Promise<StepAnswer[]> {
  const { rows } = await tx.query<{
    run_id: string;
    answer: string | null;
    usage: ModelUsage | null;
    error: ErrorBody | null;
  }>(
    `SELECT r.run_id, a.answer, a.usage, r.error FROM runs r JOIN model_attempts a USING (run_id)
     WHERE r.account_id = $1 AND r.job_id = $2 AND r.step_id = $3 AND a.call_name = $4 AND a.state = 'answered'
       AND (r.run_id = $5 OR (a.prompt_sha256 = $6 AND r.status = 'failed'))
     ORDER BY r.run_id = $5 DESC, a.settled_at DESC`,
    [run.account_id, run.job_id, run.step_id, call.name, run.run_id, call.promptHash],
  );
  return rows.map(({ run_id: runId, answer, usage, error }) => ({ runId, attempt: { answer, usage }, error }));
}

export async function openAttempts(tx: Queryable, runId: string): Promise<AttemptRow[]> {
  const { rows } = await tx.query<AttemptRow>(
    `SELECT ${COLUMNS} FROM model_attempts WHERE run_id = $1 AND state = 'open' ORDER BY started_at`,
    [runId],
  );
  return rows;
}

/** False when the attempt was settled before. */
export async function settleAttempt(
  tx: Queryable,
  attemptId: string,
  outcome: {
    state: CallEnd;
    entryId: string;
    answer: string | null;
    usage: ModelUsage;
    error: ErrorBody | null;
  },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE model_attempts SET state = $2, entry_id = $3, answer = $4, usage = $5, error = $6, settled_at = now()
     WHERE attempt_id = $1 AND state = 'open'`,
    [
      attemptId,
      outcome.state,
      outcome.entryId,
      outcome.answer === null ? null : storableText(outcome.answer),
      toJsonb(outcome.usage),
      outcome.error === null ? null : toJsonb(outcome.error),
    ],
  );
  return rowCount === 1;
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
