// SQL of upstream model attempts: recorded before the call, settled once.
import type { CallEnd, ErrorBody, ModelUsage } from '@genrtl/contracts';
import { prepared, storableText, toJsonb, type Queryable } from '../../db/index.ts';

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

const COLUMNS =
  'attempt_id, account_id, run_id, call_name, attempt, model, provider, rate_card, prompt_sha256, hold_id, state, answer, usage, error, settled_at';

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

/**
 * The attempts of a call in their order, and those that earlier runs of the step were answered to the same prompt, the
 * latest first.
 */
export async function attemptsOfStep(
  tx: Queryable,
  run: { run_id: string; account_id: string; job_id: string; step_id: string },
  call: { readonly name: string; readonly promptHash: string },
): Promise<{ own: AttemptRow[]; earlier: EarlierAttempt[] }> {
  const { rows } = await tx.query<EarlierAttempt>(
    `SELECT ${COLUMNS}, NULL::jsonb AS ended FROM model_attempts WHERE run_id = $5 AND call_name = $4
     UNION ALL
     SELECT ${COLUMNS.split(', ')
       .map((column) => `a.${column}`)
       .join(', ')}, r.error AS ended
     FROM runs r JOIN model_attempts a USING (run_id)
     WHERE r.account_id = $1 AND r.job_id = $2 AND r.step_id = $3 AND r.status = 'failed' AND r.run_id <> $5
       AND a.call_name = $4 AND a.state = 'answered' AND a.prompt_sha256 = $6`,
    [run.account_id, run.job_id, run.step_id, call.name, run.run_id, call.promptHash],
  );
  const own = rows.filter(({ run_id: id }) => id === run.run_id).sort((one, other) => one.attempt - other.attempt);
  const earlier = rows.filter(({ run_id: id }) => id !== run.run_id);
  return {
    own,
    earlier: earlier.sort((one, other) => (other.settled_at?.getTime() ?? 0) - (one.settled_at?.getTime() ?? 0)),
  };
}

export async function openAttempts(tx: Queryable, runIds: readonly string[]): Promise<AttemptRow[]> {
  const { rows } = await prepared<AttemptRow>(
    tx,
    'attempts.open',
    `SELECT ${COLUMNS} FROM model_attempts WHERE run_id = ANY($1) AND state = 'open' ORDER BY started_at`,
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
