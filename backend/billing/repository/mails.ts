// SQL of mails to the people of an account: asked for once for each reason, sent by a process that can.
import { toJsonb, type Queryable } from '../../db/index.ts';

export interface MailRow {
  readonly mail_key: string;
  readonly account_id: string;
  readonly kind: string;
  readonly facts: Readonly<Record<string, string>>;
}

export async function askForMail(
  tx: Queryable,
  mail: { key: string; account: string; kind: string; facts: Readonly<Record<string, string>> },
): Promise<void> {
  await tx.query(
    'INSERT INTO billing_mails (mail_key, account_id, kind, facts) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [mail.key, mail.account, mail.kind, toJsonb(mail.facts)],
  );
}

export async function takeMails(tx: Queryable, limit: number): Promise<MailRow[]> {
  const { rows } = await tx.query<MailRow>(
    `UPDATE billing_mails SET sent_at = now() WHERE mail_key IN (
       SELECT mail_key FROM billing_mails WHERE sent_at IS NULL ORDER BY asked_at LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING mail_key, account_id, kind, facts`,
    [limit],
  );
  return rows;
}
