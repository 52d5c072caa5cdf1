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

export async function endFlowAttempt(
  tx: Queryable,
  attemptId: string,
  end: { state: CallEnd; entryId: string; usage: ModelUsage; error: ErrorBody | null },
): Promise<void> {
  await prepared(
    tx,
    'ai.attempt.end',
    `UPDATE flow_attempts SET state = $2, entry_id = $3, usage = $4, error = $5, settled_at = now()
     WHERE attempt_id = $1 AND state = 'open'`,
    [attemptId, end.state, end.entryId, toJsonb(end.usage), end.error === null ? null : toJsonb(end.error)],
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
