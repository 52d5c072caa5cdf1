// Entries about money that came in or went back: postings by the code of their account, what the account owes among
// them.
import { randomUUID } from 'node:crypto';
import type { Queryable } from '../db/index.ts';
import { owedAccount, platformAccount } from './repository/buckets.ts';
import { insertEntry, type Posting } from './repository/journal.ts';

export interface PaymentEntry {
  readonly kind: 'payment';
  readonly accountId: string;
  /** permanent and unique */
  readonly key: string;
  /** the payment's own id */
  readonly item: string;
  readonly why: string;
  /** micro-dollars; they sum to zero */
  readonly postings: Readonly<Partial<Record<'cash' | 'owed' | 'sales' | 'loss', number>>>;
}

/** The id of the entry; null when nothing was moved. */
export async function bookEntry(tx: Queryable, entry: PaymentEntry): Promise<string | null> {
  const postings: Posting[] = [];
  for (const code of ['cash', 'owed', 'sales', 'loss'] as const) {
    const amountMicro = entry.postings[code] ?? 0;
    if (amountMicro === 0) continue;
    const ledgerAccountId = code === 'owed' ? await owedAccount(tx, entry.accountId) : await platformAccount(tx, code);
    postings.push({ ledgerAccountId, amountMicro });
  }
  if (postings.length === 0) return null;
  const entryId = `entry_${randomUUID()}`;
  await insertEntry(
    tx,
    {
      entryId,
      accountId: entry.accountId,
      kind: entry.kind,
      idempotencyKey: entry.key,
      requestHash: '',
      jobId: null,
      stepId: null,
      item: entry.item,
      version: entry.why,
      usage: null,
      reverses: null,
    },
    postings,
  );
  return entryId;
}
