// SQL of holds and the buckets that they draw from.
import type { Queryable } from '../../db/index.ts';

export interface HoldRow {
  readonly hold_id: string;
  readonly account_id: string;
  readonly job_id: string | null;
  readonly workflow_id: string;
  readonly amount_micro: number;
  readonly state: 'open' | 'captured' | 'released';
  readonly captured_micro: number;
}

export interface HoldPart {
  readonly ledgerAccountId: number;
  readonly amountMicro: number;
}

export async function insertHold(
  tx: Queryable,
  hold: { holdId: string; accountId: string; jobId: string | null; workflowId: string; amountMicro: number },
  parts: readonly HoldPart[],
): Promise<void> {
  await tx.query(
    'INSERT INTO holds (hold_id, account_id, job_id, workflow_id, amount_micro) VALUES ($1, $2, $3, $4, $5)',
    [hold.holdId, hold.accountId, hold.jobId, hold.workflowId, hold.amountMicro],
  );
  await tx.query(
    `INSERT INTO hold_parts (hold_id, ordinal, ledger_account_id, amount_micro)
     SELECT $1, ordinality, account, amount FROM unnest($2::bigint[], $3::bigint[]) WITH ORDINALITY AS part (account, amount, ordinality)`,
    [hold.holdId, parts.map((part) => part.ledgerAccountId), parts.map((part) => part.amountMicro)],
  );
}

export async function lockHold(tx: Queryable, holdId: string): Promise<HoldRow | null> {
  const { rows } = await tx.query<HoldRow>(
    'SELECT hold_id, account_id, job_id, workflow_id, amount_micro, state, captured_micro FROM holds WHERE hold_id = $1 FOR UPDATE',
    [holdId],
  );
  return rows[0] ?? null;
}

/** In drawing order. */
export async function partsOf(tx: Queryable, holdId: string): Promise<HoldPart[]> {
  const { rows } = await tx.query<{ ledger_account_id: number; amount_micro: number }>(
    'SELECT ledger_account_id, amount_micro FROM hold_parts WHERE hold_id = $1 ORDER BY ordinal',
    [holdId],
  );
  return rows.map((row) => ({ ledgerAccountId: row.ledger_account_id, amountMicro: row.amount_micro }));
}

export async function resolveHold(
  tx: Queryable,
  holdId: string,
  state: 'captured' | 'released',
  capturedMicro: number,
): Promise<void> {
  await tx.query('UPDATE holds SET state = $2, captured_micro = $3, resolved_at = now() WHERE hold_id = $1', [
    holdId,
    state,
    capturedMicro,
  ]);
}

export async function openHolds(tx: Queryable): Promise<HoldRow[]> {
  const { rows } = await tx.query<HoldRow>(
    `SELECT hold_id, account_id, job_id, workflow_id, amount_micro, state, captured_micro FROM holds WHERE state = 'open' ORDER BY created_at`,
  );
  return rows;
}
