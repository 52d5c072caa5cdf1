// SQL of holds and the buckets that they draw from.
import { prepared, type Queryable } from '../../db/index.ts';
import { movePending } from './buckets.ts';

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

/** With its parts in drawing order. */
export interface HoldWithParts extends HoldRow {
  readonly parts: readonly HoldPart[];
}

/** Those of them that are there, locked in one order for everybody. */
export async function lockHolds(tx: Queryable, holdIds: readonly string[]): Promise<Map<string, HoldWithParts>> {
  const { rows } = await prepared<HoldRow & { parts: [number, number][] }>(
    tx,
    'holds.lock',
    `SELECT hold_id, account_id, job_id, workflow_id, amount_micro, state, captured_micro,
       (SELECT json_agg(json_build_array(ledger_account_id, amount_micro) ORDER BY ordinal)
        FROM hold_parts p WHERE p.hold_id = h.hold_id) AS parts
     FROM holds h WHERE hold_id = ANY($1) ORDER BY hold_id FOR NO KEY UPDATE OF h`,
    [holdIds],
  );
  return new Map(
    rows.map(({ parts, ...row }) => [
      row.hold_id,
      { ...row, parts: parts.map(([ledgerAccountId, amountMicro]) => ({ ledgerAccountId, amountMicro })) },
    ]),
  );
}

/** Whether it is there; locked if it is. */
export const lockHold = async (tx: Queryable, holdId: string): Promise<boolean> =>
  (await lockHolds(tx, [holdId])).has(holdId);

export interface NewHold {
  readonly holdId: string;
  readonly accountId: string;
  readonly jobId: string | null;
  readonly workflowId: string;
  readonly amountMicro: number;
  /** in drawing order */
  readonly parts: readonly HoldPart[];
}

export async function insertHolds(tx: Queryable, holds: readonly NewHold[]): Promise<void> {
  if (holds.length === 0) return;
  const parts = holds.flatMap(({ holdId, parts: own }) =>
    own.map((part, at) => ({ ...part, holdId, ordinal: at + 1 })),
  );
  await prepared(
    tx,
    'holds.insert',
    `WITH made AS (
       INSERT INTO holds (hold_id, account_id, job_id, workflow_id, amount_micro)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]))
     INSERT INTO hold_parts (hold_id, ordinal, ledger_account_id, amount_micro)
     SELECT * FROM unnest($6::text[], $7::smallint[], $8::bigint[], $9::bigint[])`,
    [
      holds.map(({ holdId }) => holdId),
      holds.map(({ accountId }) => accountId),
      holds.map(({ jobId }) => jobId),
      holds.map(({ workflowId }) => workflowId),
      holds.map(({ amountMicro }) => amountMicro),
      parts.map(({ holdId }) => holdId),
      parts.map(({ ordinal }) => ordinal),
      parts.map(({ ledgerAccountId }) => ledgerAccountId),
      parts.map(({ amountMicro }) => amountMicro),
    ],
  );
}

export interface ResolvedHold {
  readonly holdId: string;
  readonly state: 'captured' | 'released';
  readonly capturedMicro: number;
}

/** `moves`: what is held more and less in the buckets, all of which are locked, in the same statement. */
export async function resolveHolds(
  tx: Queryable,
  resolved: readonly ResolvedHold[],
  moves: ReadonlyMap<number, number>,
): Promise<void> {
  if (resolved.length === 0) {
    await movePending(tx, moves);
    return;
  }
  const moved = [...moves].filter(([, amount]) => amount !== 0);
  await prepared(
    tx,
    'holds.resolve',
    `WITH resolved AS (
       UPDATE holds h SET state = r.state, captured_micro = r.captured_micro, resolved_at = now()
       FROM unnest($1::text[], $2::text[], $3::bigint[]) AS r (hold_id, state, captured_micro)
       WHERE h.hold_id = r.hold_id)
     UPDATE ledger_accounts a SET pending_micro = a.pending_micro + m.micro
     FROM unnest($4::bigint[], $5::bigint[]) AS m (id, micro) WHERE a.ledger_account_id = m.id`,
    [
      resolved.map(({ holdId }) => holdId),
      resolved.map(({ state }) => state),
      resolved.map(({ capturedMicro }) => capturedMicro),
      moved.map(([id]) => id),
      moved.map(([, amount]) => amount),
    ],
  );
}

export async function openHolds(tx: Queryable): Promise<HoldRow[]> {
  const { rows } = await tx.query<HoldRow>(
    `SELECT hold_id, account_id, job_id, workflow_id, amount_micro, state, captured_micro FROM holds WHERE state = 'open' ORDER BY created_at`,
  );
  return rows;
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
