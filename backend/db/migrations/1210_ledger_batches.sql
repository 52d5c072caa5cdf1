-- Postings of many entries in one statement move each balance once. The rules are the same, whatever the number of rows:
-- a posting belongs to the transaction of its entry, and rows are locked by account number.
SET LOCAL lock_timeout = '5s';
CREATE FUNCTION post_all() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed text;
BEGIN
  SELECT entry_id INTO closed FROM posted p WHERE NOT EXISTS (
    SELECT 1 FROM journal_entries e WHERE e.entry_id = p.entry_id AND e.transaction_id = pg_current_xact_id()) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % is closed', closed USING ERRCODE = 'restrict_violation';
  END IF;
  PERFORM 1 FROM ledger_accounts WHERE keeps_balance
    AND ledger_account_id IN (SELECT ledger_account_id FROM posted WHERE amount_micro <> 0)
    ORDER BY ledger_account_id FOR NO KEY UPDATE;
  UPDATE ledger_accounts a SET posted_micro = a.posted_micro + moved.micro
    FROM (SELECT ledger_account_id, sum(amount_micro)::bigint AS micro FROM posted GROUP BY ledger_account_id) moved
    WHERE a.ledger_account_id = moved.ledger_account_id AND a.keeps_balance AND moved.micro <> 0;
  INSERT INTO usage_exports (entry_id, account_id, value_micro, occurred_at)
    SELECT e.entry_id, e.account_id, -p.amount_micro, e.created_at
    FROM posted p JOIN ledger_accounts a USING (ledger_account_id) JOIN journal_entries e USING (entry_id)
      JOIN billing_accounts b ON b.account_id = e.account_id
    WHERE a.code = 'on_demand' AND a.keeps_balance AND p.amount_micro <> 0 AND e.kind IN ('model', 'cbb', 'reversal');
  RETURN NULL;
END $$;
DROP TRIGGER postings_post ON postings;
CREATE TRIGGER postings_post AFTER INSERT ON postings REFERENCING NEW TABLE AS posted
  FOR EACH STATEMENT EXECUTE FUNCTION post_all();
DROP FUNCTION post();

-- Asked only of entries that reverse another.
DROP TRIGGER journal_entries_mirror ON journal_entries;
CREATE CONSTRAINT TRIGGER journal_entries_mirror AFTER INSERT ON journal_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.reverses IS NOT NULL) EXECUTE FUNCTION reversal_mirrors();
