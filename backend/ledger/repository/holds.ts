// SQL of holds and the buckets that they draw from.
import { prepared, type Queryable } from '../../db/index.ts';

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
  const { rows } = await prepared<HoldRow>(
    tx,
    'hold.lock',
    'SELECT hold_id, account_id, job_id, workflow_id, amount_micro, state, captured_micro FROM holds WHERE hold_id = $1 FOR UPDATE',
    [holdId],
  );
  return rows[0] ?? null;
}

/** In drawing order. */
export async function partsOf(tx: Queryable, holdId: string): Promise<HoldPart[]> {
  const { rows } = await prepared<{ ledger_account_id: number; amount_micro: number }>(
    tx,
    'hold.parts',
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
  const text = 'UPDATE holds SET state = $2, captured_micro = $3, resolved_at = now() WHERE hold_id = $1';
  await prepared(tx, 'hold.resolve', text, [holdId, state, capturedMicro]);
}

export async function openHolds(tx: Queryable): Promise<HoldRow[]> {
  const { rows } = await tx.query<HoldRow>(
    `SELECT hold_id, account_id, job_id, workflow_id, amount_micro, state, captured_micro FROM holds WHERE state = 'open' ORDER BY created_at`,
  );
  return rows;
}

export interface PartOfHold extends HoldPart {
  readonly holdId: string;
  readonly ordinal: number;
}

/** Many of one amount, of no job. */
export async function insertHolds(
  tx: Queryable,
  of: {
    readonly accountId: string;
    readonly workflowId: string;
    readonly amountMicro: number;
    readonly holdIds: readonly string[];
  },
  parts: readonly PartOfHold[],
): Promise<void> {
  await tx.query(
    `INSERT INTO holds (hold_id, account_id, job_id, workflow_id, amount_micro)
     SELECT hold_id, $2, NULL, $3, $4 FROM unnest($1::text[]) AS hold_id`,
    [of.holdIds, of.accountId, of.workflowId, of.amountMicro],
  );
  await tx.query(
    `INSERT INTO hold_parts (hold_id, ordinal, ledger_account_id, amount_micro)
     SELECT * FROM unnest($1::text[], $2::smallint[], $3::bigint[], $4::bigint[])`,
    [
      parts.map(({ holdId }) => holdId),
      parts.map(({ ordinal }) => ordinal),
      parts.map(({ ledgerAccountId }) => ledgerAccountId),
      parts.map(({ amountMicro }) => amountMicro),
    ],
  );
}

/** What the workflows of holds begin with that were placed ahead. */
export const LEASE = 'lease:';

const released = (which: string): string => `WITH released AS (
       UPDATE holds SET state = 'released', resolved_at = now()
       WHERE ${which} AND state = 'open' AND starts_with(workflow_id, $2) RETURNING hold_id),
     freed AS (
       SELECT ledger_account_id, sum(amount_micro)::bigint AS micro FROM hold_parts JOIN released USING (hold_id)
       GROUP BY ledger_account_id)
     UPDATE ledger_accounts a SET pending_micro = a.pending_micro - freed.micro FROM freed
     WHERE a.ledger_account_id = freed.ledger_account_id`;

/** Those of them that nobody took. */
export async function releaseUntaken(tx: Queryable, holdIds: readonly string[]): Promise<void> {
  await tx.query(released('hold_id = ANY($1)'), [holdIds, LEASE]);
}

/** All that were placed ahead for an account and not taken, whichever process did. False: there were none. */
export async function releaseLeasesOf(tx: Queryable, account: string): Promise<boolean> {
  const { rowCount } = await tx.query(released('account_id = $1'), [account, LEASE]);
  return rowCount !== 0;
}

/** Placed ahead by processes that are gone. */
export async function leasesOfNobody(tx: Queryable, deadMs: number): Promise<string[]> {
  const { rows } = await tx.query<{ hold_id: string }>(
    `SELECT h.hold_id FROM holds h LEFT JOIN flow_processes p ON h.workflow_id = $1 || p.process_id
     WHERE h.state = 'open' AND starts_with(h.workflow_id, $1)
       AND (p.seen_at IS NULL OR p.seen_at < now() - make_interval(secs => $2 / 1000.0)) LIMIT 1000`,
    [LEASE, deadMs],
  );
  return rows.map((row) => row.hold_id);
}
