// SQL of the upstream attempts of interactive runs: recorded with their hold before the call, settled once.
import type { CallEnd, ErrorBody, ModelUsage } from '@genrtl/contracts';
import { prepared, toJsonb, type Queryable } from '../../db/index.ts';
import type { RunKey } from './runs.ts';

export interface FlowAttemptRow {
  readonly attempt_id: string;
  readonly attempt: number;
  readonly step: string;
  readonly model: string;
  readonly rate_card: string;
  readonly prompt_sha256: string;
  readonly hold_id: string;
  readonly state: 'open' | CallEnd;
  readonly usage: ModelUsage | null;
}

export async function insertFlowAttempt(
  tx: Queryable,
  { accountId, runId }: RunKey,
  attempt: Pick<
    FlowAttemptRow,
    'attempt_id' | 'attempt' | 'step' | 'model' | 'rate_card' | 'prompt_sha256' | 'hold_id'
  > & { readonly template: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO flow_attempts (attempt_id, account_id, run_id, attempt, step, model, rate_card, template, prompt_sha256, hold_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      attempt.attempt_id,
      accountId,
      runId,
      attempt.attempt,
      attempt.step,
      attempt.model,
      attempt.rate_card,
      attempt.template,
      attempt.prompt_sha256,
      attempt.hold_id,
    ],
  );
}

export interface AttemptEnd {
  readonly attemptId: string;
  readonly state: CallEnd;
  readonly entryId: string;
  readonly usage: ModelUsage;
  readonly error: ErrorBody | null;
}

/** No effect on those that were settled before. */
export async function endFlowAttempts(tx: Queryable, ends: readonly AttemptEnd[]): Promise<void> {
  if (ends.length === 0) return;
  await prepared(
    tx,
    'ai.attempts.end',
    `UPDATE flow_attempts a SET state = e.state, entry_id = e.entry_id, usage = e.usage, error = e.error,
       settled_at = now()
     FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::jsonb[])
       AS e (attempt_id, state, entry_id, usage, error)
     WHERE a.attempt_id = e.attempt_id AND a.state = 'open'`,
    [
      ends.map(({ attemptId }) => attemptId),
      ends.map(({ state }) => state),
      ends.map(({ entryId }) => entryId),
      ends.map(({ usage }) => toJsonb(usage)),
      ends.map(({ error }) => (error === null ? null : toJsonb(error))),
    ],
  );
}

export async function openFlowAttempts(tx: Queryable, { accountId, runId }: RunKey): Promise<FlowAttemptRow[]> {
  const { rows } = await tx.query<FlowAttemptRow>(
    `SELECT attempt_id, attempt, step, model, rate_card, prompt_sha256, hold_id, state, usage FROM flow_attempts
     WHERE account_id = $1 AND run_id = $2 AND state = 'open' ORDER BY started_at`,
    [accountId, runId],
  );
  return rows;
}

export async function hasAttempt(tx: Queryable, attemptId: string): Promise<boolean> {
  const { rowCount } = await tx.query('SELECT 1 FROM flow_attempts WHERE attempt_id = $1', [attemptId]);
  return rowCount !== 0;
}

/** An answer was settled in this run. */
export async function hasAnswer(tx: Queryable, { accountId, runId }: RunKey): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT 1 FROM flow_attempts WHERE account_id = $1 AND run_id = $2 AND state = 'answered' LIMIT 1`,
    [accountId, runId],
  );
  return rowCount !== 0;
}

/** Settled attempts with what the account paid for each, in their order. */
export async function usageOfFlowRun(
  tx: Queryable,
  { accountId, runId }: RunKey,
): Promise<{ usage: ModelUsage; paid_micro: number }[]> {
  const { rows } = await tx.query<{ usage: ModelUsage; paid_micro: number }>(
    `SELECT a.usage, h.captured_micro AS paid_micro FROM flow_attempts a JOIN holds h USING (hold_id)
     WHERE a.account_id = $1 AND a.run_id = $2 AND a.state <> 'open' ORDER BY a.settled_at, a.attempt`,
    [accountId, runId],
  );
  return rows;
}
