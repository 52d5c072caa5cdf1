// Keys of persons and of organisations: made, listed, revoked.
import { randomUUID } from 'node:crypto';
import { GenrtlError } from '@genrtl/contracts';
import { mayDo, SCOPE_ACTIONS } from '@genrtl/contracts/access.ts';
import type { KeyRequest, KeyView, MadeKey } from '@genrtl/contracts/http/accounts.ts';
import { inTransaction, type Pool } from '../db/index.ts';
import { personOf, type Principal } from './principal.ts';
import * as repository from './repository/credentials.ts';
import { hashOf, makeSecret, prefixOf } from './secrets.ts';

const MOST_KEYS = 50;

/** FORBIDDEN for a scope of which the maker may nothing: a key never reaches further than who made it. */
export async function makeKey(pool: Pool, maker: Principal, request: KeyRequest): Promise<MadeKey> {
  const person = personOf(maker);
  for (const scope of request.scopes)
    if (!SCOPE_ACTIONS[scope].some((action) => action !== 'account.read' && mayDo(maker, action)))
      throw new GenrtlError('FORBIDDEN', `You may nothing of the scope ${scope} here`);
  const key = makeSecret('key');
  const keyId = `key_${randomUUID()}`;
  const stored = await inTransaction(pool, 'account.key', async (tx) => {
    if ((await repository.countKeys(tx, maker.accountId)) >= MOST_KEYS)
      throw new GenrtlError('RATE_LIMITED', `An account has at most ${MOST_KEYS} keys`, {
        hint: 'Revoke one that is not used any more.',
      });
    return repository.insertKey(tx, {
      keyId,
      accountId: maker.accountId,
      madeBy: person.id,
      name: request.name,
      hash: hashOf(key),
      prefix: prefixOf(key),
      scopes: [...new Set(request.scopes)],
      expiresInDays: request.expires_in_days,
    });
  });
  return { ...viewOf(stored), key };
}

export async function listKeys(pool: Pool, accountId: string): Promise<KeyView[]> {
  return (await repository.keysOf(pool, accountId)).map(viewOf);
}

/** NOT_FOUND for a key of another account as for one that never was. */
export async function revokeKey(pool: Pool, accountId: string, keyId: string): Promise<void> {
  const known = await inTransaction(pool, 'account.revoke', (tx) => repository.revokeKey(tx, accountId, keyId));
  if (!known) throw new GenrtlError('NOT_FOUND', `No key ${keyId}`);
}

function viewOf(key: repository.StoredKey): KeyView {
  return {
    key_id: key.key_id,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes as KeyView['scopes'],
    created_at: key.created_at.toISOString(),
    expires_at: key.expires_at?.toISOString() ?? null,
    last_used_at: key.last_used_at?.toISOString() ?? null,
  };
}
