// SQL of what new accounts begin with.
import type { Queryable } from '../../db/index.ts';

export async function setDefaults(tx: Queryable, includedMicro: number): Promise<void> {
  await tx.query('UPDATE auth.defaults SET included_micro = $1 WHERE included_micro <> $1', [includedMicro]);
}
