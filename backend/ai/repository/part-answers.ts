// SQL of the answers to parts of long documents.
import { ModelUsage } from '@genrtl/contracts';
import { storableText, toJsonb, type Queryable } from '../../db/index.ts';
import type { CachedAnswer } from '../response-cache.ts';

export async function findPartAnswer(tx: Queryable, accountId: string, key: string): Promise<CachedAnswer | null> {
  const { rows } = await tx.query<{ answer: string; usage: unknown }>(
    'SELECT answer, usage FROM part_answers WHERE account_id = $1 AND key = $2',
    [accountId, key],
  );
  const [row] = rows;
  return row === undefined ? null : { text: row.answer, usage: ModelUsage.parse(row.usage) };
}

/** Which of the keys have an answer. */
export async function knownParts(tx: Queryable, accountId: string, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ key: string }>(
    'SELECT key FROM part_answers WHERE account_id = $1 AND key = ANY($2::text[])',
    [accountId, keys],
  );
  return new Set(rows.map(({ key }) => key));
}

export interface PartAnswer extends CachedAnswer {
  readonly accountId: string;
  readonly key: string;
}

/** Of one key the last one stays. */
export async function keepPartAnswers(tx: Queryable, answers: readonly PartAnswer[]): Promise<void> {
  const last = [...new Map(answers.map((answer) => [`${answer.accountId} ${answer.key}`, answer])).values()];
  if (last.length === 0) return;
  await tx.query(
    `INSERT INTO part_answers (account_id, key, answer, usage)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[])
     ON CONFLICT (account_id, key) DO UPDATE SET answer = excluded.answer, usage = excluded.usage, created_at = now()`,
    [
      last.map(({ accountId }) => accountId),
      last.map(({ key }) => key),
      last.map(({ text }) => storableText(text)),
      last.map(({ usage }) => toJsonb(usage)),
    ],
  );
}

export async function purgePartAnswers(tx: Queryable, olderThanDays: number): Promise<void> {
  await tx.query(
    `DELETE FROM part_answers WHERE (account_id, key) IN (
       SELECT account_id, key FROM part_answers WHERE created_at < now() - make_interval(days => $1) LIMIT 5000)`,
    [olderThanDays],
  );
}
