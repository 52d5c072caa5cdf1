// Idempotency keys: the first request of a key decides what the key answers, for ever. Only what was reversed frees its
// keys.
import { GenrtlError } from '@genrtl/contracts';
import type { Queryable } from './pool.ts';

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
  const { rows } = await tx.query<BoundKey>(
    'SELECT request_hash, kind, result_id FROM idempotency_keys WHERE account_id = $1 AND key = $2',
    [request.accountId, request.key],
  );
  return keyAnswers(rows[0] ?? null, request);
}

export interface BoundKey {
  readonly request_hash: string;
  readonly kind: string;
  readonly result_id: string;
}

/** The same of a row that was read before. */
export function keyAnswers(bound: BoundKey | null, request: KeyedRequest): string | null {
  if (bound === null) return null;
  if (bound.request_hash !== request.requestHash || bound.kind !== request.kind) {
    throw new GenrtlError('IDEMPOTENCY_MISMATCH', 'This idempotency key was used with another request');
  }
  return bound.result_id;
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
