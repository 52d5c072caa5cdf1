// Whether the books are right: every number that is kept is derived again from what it stands for. The rules that the
// database enforces with each change are checked as well, so that a copy of the data is as good as the original.
import { formatUsd } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';

/** One query a rule; each returns rows that break it, with a text that names them. */
const RULES: readonly { readonly rule: string; readonly sql: string }[] = [
  {
    rule: 'an entry has at least two postings that sum to zero',
    sql: `SELECT e.entry_id AS what, coalesce(sum(p.amount_micro), 0)::bigint AS off FROM journal_entries e
          LEFT JOIN postings p USING (entry_id) GROUP BY e.entry_id
          HAVING coalesce(sum(p.amount_micro), 0) <> 0 OR count(p.*) < 2`,
  },
  {
    rule: 'a bucket stands where its postings put it',
    sql: `SELECT a.account_id || ' ' || a.code AS what, a.posted_micro - coalesce(sum(p.amount_micro), 0)::bigint AS off
          FROM ledger_accounts a LEFT JOIN postings p USING (ledger_account_id) WHERE a.keeps_balance
          GROUP BY a.ledger_account_id HAVING a.posted_micro <> coalesce(sum(p.amount_micro), 0)`,
  },
  {
    rule: 'a bucket’s pending amount is that of its open holds',
    sql: `SELECT a.account_id || ' ' || a.code AS what, (a.pending_micro - coalesce(sum(h.amount_micro), 0))::bigint AS off
          FROM ledger_accounts a LEFT JOIN (
            SELECT ledger_account_id, part.amount_micro FROM hold_parts part JOIN holds USING (hold_id) WHERE state = 'open'
          ) h USING (ledger_account_id) WHERE a.keeps_balance
          GROUP BY a.ledger_account_id HAVING a.pending_micro <> coalesce(sum(h.amount_micro), 0)`,
  },
  {
    rule: 'a hold is the sum of its parts',
    sql: `SELECT h.hold_id AS what, (h.amount_micro - coalesce(sum(p.amount_micro), 0))::bigint AS off FROM holds h
          LEFT JOIN hold_parts p USING (hold_id) GROUP BY h.hold_id
          HAVING h.amount_micro <> coalesce(sum(p.amount_micro), 0)`,
  },
  {
    rule: 'a job has held what its open holds hold',
    sql: `SELECT b.account_id || ' ' || b.job_id AS what, (b.held_micro - coalesce(sum(h.amount_micro), 0))::bigint AS off
          FROM job_budgets b LEFT JOIN holds h ON h.account_id = b.account_id AND h.job_id = b.job_id AND h.state = 'open'
          GROUP BY b.account_id, b.job_id HAVING b.held_micro <> coalesce(sum(h.amount_micro), 0)`,
  },
  {
    rule: 'a job has spent what its entries took from the account’s buckets',
    sql: `SELECT b.account_id || ' ' || b.job_id AS what, (b.spent_micro + coalesce(sum(p.amount_micro), 0))::bigint AS off
          FROM job_budgets b
          LEFT JOIN journal_entries e ON e.account_id = b.account_id AND e.job_id = b.job_id
          LEFT JOIN (SELECT entry_id, amount_micro FROM postings
                     JOIN ledger_accounts a USING (ledger_account_id) WHERE a.keeps_balance) p USING (entry_id)
          GROUP BY b.account_id, b.job_id HAVING b.spent_micro <> -coalesce(sum(p.amount_micro), 0)`,
  },
  {
    rule: 'a settled upstream attempt has an entry and a resolved hold, an open one neither',
    sql: `SELECT a.attempt_id AS what, NULL::bigint AS off FROM (
            SELECT attempt_id, hold_id, entry_id, state FROM model_attempts
            UNION ALL SELECT attempt_id, hold_id, entry_id, state FROM flow_attempts) a LEFT JOIN holds h USING (hold_id)
          LEFT JOIN journal_entries e ON e.entry_id = a.entry_id
          WHERE (a.state = 'open') <> (h.state = 'open') OR (a.state = 'open') <> (e.entry_id IS NULL)`,
  },
  {
    rule: 'a call is answered at most once',
    sql: `SELECT run_id || ' ' || call_name AS what, NULL::bigint AS off FROM model_attempts WHERE state = 'answered'
          GROUP BY run_id, call_name HAVING count(*) > 1`,
  },
  {
    rule: 'a key is charged once',
    sql: `SELECT idempotency_key AS what, NULL::bigint AS off FROM journal_entries
          GROUP BY idempotency_key HAVING count(*) > 1`,
  },
  {
    // The sweeper releases what an ended run left within half a minute.
    rule: 'an open hold belongs to an open attempt of a run that still works',
    sql: `SELECT h.hold_id AS what, h.amount_micro AS off FROM holds h
          LEFT JOIN model_attempts a ON a.hold_id = h.hold_id AND a.state = 'open' LEFT JOIN runs r USING (run_id)
          LEFT JOIN flow_attempts f ON f.hold_id = h.hold_id AND f.state = 'open'
          WHERE h.state = 'open' AND NOT starts_with(h.workflow_id, 'lease:') AND ((a.attempt_id IS NULL AND f.attempt_id IS NULL) OR r.finished_at < now() - interval '10 minutes')`,
  },
  {
    rule: 'a hold that was placed ahead is taken or given back',
    sql: `SELECT hold_id AS what, amount_micro AS off FROM holds
          WHERE state = 'open' AND starts_with(workflow_id, 'lease:') AND created_at < now() - interval '10 minutes'`,
  },
  {
    rule: 'a grant was given once, by an entry of its amount',
    sql: `SELECT g.grant_id AS what, (g.amount_micro - coalesce(sum(p.amount_micro), 0))::bigint AS off FROM grants g
          LEFT JOIN ledger_accounts a USING (grant_id)
          LEFT JOIN journal_entries e ON e.idempotency_key = 'grant|' || g.grant_id AND e.account_id = g.account_id
          LEFT JOIN postings p ON p.entry_id = e.entry_id AND p.ledger_account_id = a.ledger_account_id
          GROUP BY g.grant_id HAVING g.amount_micro <> coalesce(sum(p.amount_micro), 0) OR count(e.*) <> 1`,
  },
  {
    rule: 'a grant holds at least nothing and at most what was given',
    sql: `SELECT g.grant_id AS what, least(a.posted_micro, g.amount_micro - a.posted_micro)::bigint AS off
          FROM grants g JOIN ledger_accounts a USING (grant_id)
          WHERE a.posted_micro - a.pending_micro < 0 OR a.posted_micro > g.amount_micro`,
  },
  {
    rule: 'a grant is drawn within its time and while it is not closed',
    sql: `SELECT h.hold_id || ' ' || g.grant_id AS what, p.amount_micro AS off FROM hold_parts p
          JOIN holds h USING (hold_id) JOIN ledger_accounts a USING (ledger_account_id) JOIN grants g USING (grant_id)
          WHERE p.amount_micro > 0 AND (h.created_at < g.starts_at - interval '1 minute'
            OR h.created_at > least(g.expires_at, g.closed_at) + interval '1 minute')`,
  },
  {
    // The sweeper withdraws within half a minute what a released hold gave back.
    rule: 'a closed grant keeps nothing but what is held',
    sql: `SELECT g.grant_id AS what, a.posted_micro - a.pending_micro AS off FROM grants g JOIN ledger_accounts a USING (grant_id)
          WHERE g.closed_at < now() - interval '10 minutes' AND a.posted_micro > a.pending_micro AND NOT EXISTS (
            SELECT 1 FROM hold_parts p JOIN holds h USING (hold_id)
            WHERE p.ledger_account_id = a.ledger_account_id AND h.resolved_at > now() - interval '10 minutes')`,
  },
  {
    rule: 'nothing is held beyond the grants without consent for that time',
    sql: `SELECT h.hold_id AS what, p.amount_micro AS off FROM hold_parts p
          JOIN holds h USING (hold_id) JOIN ledger_accounts a USING (ledger_account_id)
          JOIN billing_accounts b ON b.account_id = h.account_id
          WHERE a.code = 'on_demand' AND p.amount_micro > 0 AND NOT EXISTS (
            SELECT 1 FROM on_demand_consents c WHERE c.account_id = h.account_id
              AND c.given_at <= h.created_at + interval '1 minute' AND c.valid_until > h.created_at - interval '1 minute')`,
  },
  {
    rule: 'what is drawn beyond the grants is exported under its entry with its amount',
    sql: `SELECT entry_id AS what, (coalesce(x.value_micro, 0) + coalesce(drawn.amount_micro, 0))::bigint AS off FROM (
            SELECT p.entry_id, p.amount_micro FROM postings p JOIN ledger_accounts a USING (ledger_account_id)
            JOIN journal_entries e USING (entry_id) JOIN billing_accounts b ON b.account_id = a.account_id
            WHERE a.code = 'on_demand' AND p.amount_micro <> 0 AND e.kind IN ('model', 'cbb', 'reversal')) drawn
          FULL JOIN usage_exports x USING (entry_id) WHERE x.value_micro IS DISTINCT FROM -drawn.amount_micro`,
  },
  {
    rule: 'an export arrived, or may still be sent',
    sql: `SELECT entry_id AS what, value_micro AS off FROM usage_exports WHERE state = 'unclear'`,
  },
  {
    rule: 'an invoice bills what was exported for its time',
    sql: `SELECT i.payment_id AS what, (i.usage_micro - greatest(0, coalesce(sum(x.value_micro), 0)))::bigint AS off
          FROM payments i LEFT JOIN usage_exports x ON x.account_id = i.account_id
            AND date_trunc('second', x.occurred_at) >= i.usage_from AND date_trunc('second', x.occurred_at) < i.usage_to
          WHERE i.usage_micro IS NOT NULL GROUP BY i.payment_id
          HAVING i.usage_micro <> greatest(0, coalesce(sum(x.value_micro), 0))`,
  },
  {
    rule: 'a payment is booked with its amount',
    sql: `SELECT m.payment_id AS what, (m.paid_micro + coalesce(sum(p.amount_micro), 0))::bigint AS off FROM payments m
          LEFT JOIN journal_entries e ON e.entry_id = m.entry_id OR e.idempotency_key = 'grant|' || m.grant_id
          LEFT JOIN (SELECT * FROM postings JOIN ledger_accounts USING (ledger_account_id) WHERE code = 'cash') p
            ON p.entry_id = e.entry_id
          GROUP BY m.payment_id HAVING m.paid_micro <> -coalesce(sum(p.amount_micro), 0)`,
  },
  {
    rule: 'a receipt’s price is what its entry charged',
    sql: `SELECT r.receipt_id AS what, (r.price_micro + sum(p.amount_micro))::bigint AS off FROM receipts r
          JOIN postings p USING (entry_id) JOIN ledger_accounts a USING (ledger_account_id) WHERE a.keeps_balance
          GROUP BY r.receipt_id HAVING r.price_micro <> -sum(p.amount_micro)`,
  },
  {
    rule: 'an entitlement is revoked exactly when its purchase is reversed',
    sql: `SELECT e.receipt_id AS what, NULL::bigint AS off FROM entitlements e JOIN receipts r USING (receipt_id)
          LEFT JOIN journal_entries j ON j.reverses = r.entry_id
          WHERE (e.revoked_at IS NOT NULL) <> (j.entry_id IS NOT NULL)`,
  },
];

/** What is wrong with the books, a line each; empty when they are right. At most 20 lines a rule. */
export async function checkLedger(tx: Queryable): Promise<string[]> {
  const problems: string[] = [];
  for (const { rule, sql } of RULES) {
    const { rows } = await tx.query<{ what: string; off: number | null }>(`${sql} LIMIT 20`);
    for (const { what, off } of rows)
      problems.push(`${what}: not so that ${rule}${off === null ? '' : ` (off by ${formatUsd(off)} USD)`}`);
  }
  return problems;
}
