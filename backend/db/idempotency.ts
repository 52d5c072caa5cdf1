// Idempotency keys: the first request of a key decides what the key answers, for ever. Only what was reversed frees its
// keys.
import { GenrtlError } from '@genrtl/contracts';
import type { Pool, Queryable } from './pool.ts';
import { readTogether } from './group-read.ts';
import { prepared } from './transaction.ts';

export interface KeyedRequest {
  readonly accountId: string;
  readonly key: string;
  /** sha256 of the exact request bytes */
  readonly requestHash: string;
  readonly kind: 'job' | 'checkout';
}

/**
 * The id that the key already answers with, or null. Throws IDEMPOTENCY_MISMATCH when the key belongs to another
 * request.
 */
export async function resultOfKey(tx: Queryable, request: KeyedRequest): Promise<string | null> {
  const [bound = null] = await boundKeys(tx, [request]);
  return resultOf(bound, request);
}

/** The same before anything is locked: what many ask at the same moment is one statement. */
export async function resultOfKeySoon(pool: Pool, request: KeyedRequest): Promise<string | null> {
  return resultOf(await readTogether(pool, boundKeys, request), request);
}

interface BoundKey {
  readonly request_hash: string;
  readonly kind: string;
  readonly result_id: string;
}

function resultOf(bound: BoundKey | null, request: KeyedRequest): string | null {
  if (bound === null) return null;
  if (bound.request_hash !== request.requestHash || bound.kind !== request.kind) {
    throw new GenrtlError('IDEMPOTENCY_MISMATCH', 'This idempotency key was used with another request');
  }
  return bound.result_id;
}

async function boundKeys(tx: Queryable, requests: readonly KeyedRequest[]): Promise<(BoundKey | null)[]> {
  const { rows } = await prepared<BoundKey & { account_id: string; key: string }>(
    tx,
    'keys.bound',
    `SELECT k.account_id, k.key, k.request_hash, k.kind, k.result_id
     FROM unnest($1::text[], $2::text[]) AS asked (account_id, key) JOIN idempotency_keys k USING (account_id, key)`,
    [requests.map(({ accountId }) => accountId), requests.map(({ key }) => key)],
  );
  return requests.map(
    ({ accountId, key }) => rows.find((row) => row.account_id === accountId && row.key === key) ?? null,
  );
}

/** Binds the key; false when another transaction bound it first (then read it again). */
export async function bindKey(tx: Queryable, request: KeyedRequest, resultId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO idempotency_keys (account_id, key, request_hash, kind, result_id) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [request.accountId, request.key, request.requestHash, request.kind, resultId],
  );
  return rowCount === 1;
}

/** A reversed purchase leaves its keys free for the purchase that replaces it, also at another price. */
export async function freeKeysOf(
  tx: Queryable,
  accountId: string,
  kind: KeyedRequest['kind'],
  resultId: string,
): Promise<void> {
  await tx.query('DELETE FROM idempotency_keys WHERE account_id = $1 AND kind = $2 AND result_id = $3', [
    accountId,
    kind,
    resultId,
  ]);
}
