-- Plans, grants and consent. A grant is a ledger account of its own: given by an entry, drawn by postings, its rest
-- withdrawn by an entry when it expires.

-- The plan of each hosted account and the period that it is in. Periods are counted from `anchor`, in UTC, unless a
-- subscription sets them.
CREATE TABLE billing_accounts (
  account_id      text PRIMARY KEY REFERENCES accounts,
  plan_id         text NOT NULL DEFAULT 'free',
  anchor          timestamptz NOT NULL DEFAULT now(),
  period_start    timestamptz,
  period_end      timestamptz,
  -- good: pays as agreed; anything else closes pay-as-you-go for new work, and leaves what runs within its hold
  standing        text NOT NULL DEFAULT 'good' CHECK (standing IN ('good', 'past_due', 'unpaid', 'disputed')),
  -- until when a paid plan is paid; what it includes is granted up to then only
  paid_until      timestamptz,
  CHECK ((period_start IS NULL) = (period_end IS NULL)),
  CHECK (period_end > period_start)
);
INSERT INTO billing_accounts (account_id, anchor)
  SELECT account_id, created_at FROM accounts WHERE kind IN ('user', 'organisation');

CREATE TABLE grants (
  grant_id    text PRIMARY KEY,
  account_id  text NOT NULL REFERENCES accounts,
  kind        text NOT NULL CHECK (kind IN ('period', 'promotion', 'prepaid')),
  -- drawn in this order, the next to expire first within one
  priority    smallint NOT NULL,
  amount_micro bigint NOT NULL CHECK (amount_micro >= 0),
  starts_at   timestamptz NOT NULL,
  expires_at  timestamptz,
  -- no longer drawn and its rest withdrawn; what is held may still be captured, and its remainder is withdrawn then
  closed_at   timestamptz,
  -- not drawn while a dispute about its payment is open
  frozen_at   timestamptz,
  -- why it was given: plan and version, a payment, a code
  source      text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CHECK (expires_at > starts_at),
  CHECK (kind <> 'period' OR expires_at IS NOT NULL)
);
CREATE INDEX grants_by_account ON grants (account_id) WHERE closed_at IS NULL;
CREATE INDEX grants_by_end ON grants (expires_at) WHERE closed_at IS NULL;

CREATE FUNCTION grant_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'grants are kept' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.account_id, NEW.kind, NEW.priority, NEW.amount_micro, NEW.starts_at, NEW.source)
     IS DISTINCT FROM (OLD.account_id, OLD.kind, OLD.priority, OLD.amount_micro, OLD.starts_at, OLD.source)
     OR NEW.expires_at IS DISTINCT FROM OLD.expires_at
     OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at) THEN
    RAISE EXCEPTION 'grant % cannot change', OLD.grant_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER grants_stay BEFORE UPDATE OR DELETE ON grants FOR EACH ROW EXECUTE FUNCTION grant_stays();

ALTER TABLE ledger_accounts ADD COLUMN grant_id text UNIQUE REFERENCES grants;
ALTER TABLE ledger_accounts DROP CONSTRAINT ledger_accounts_account_id_code_key;
CREATE UNIQUE INDEX ledger_accounts_by_code ON ledger_accounts (account_id, code) WHERE grant_id IS NULL;
CREATE INDEX ledger_accounts_of_account ON ledger_accounts (account_id);
ALTER TABLE ledger_accounts DROP CONSTRAINT ledger_accounts_code_check;
ALTER TABLE ledger_accounts ADD CONSTRAINT ledger_accounts_code_check CHECK (code IN
  ('included', 'on_demand', 'period', 'promotion', 'prepaid', 'owed', 'models', 'cbb', 'loss', 'grants', 'cash'));
-- A grant is never overdrawn.
ALTER TABLE ledger_accounts ADD CONSTRAINT grant_is_a_bucket CHECK (
  (grant_id IS NOT NULL) = (code IN ('period', 'promotion', 'prepaid'))
  AND (grant_id IS NULL OR (keeps_balance AND floor_micro = 0)));
INSERT INTO ledger_accounts (account_id, code, keeps_balance) VALUES ('platform', 'cash', false);

ALTER TABLE journal_entries DROP CONSTRAINT journal_entries_kind_check;
ALTER TABLE journal_entries ADD CONSTRAINT journal_entries_kind_check
  CHECK (kind IN ('model', 'cbb', 'reversal', 'grant', 'expiry', 'closing', 'payment'));

ALTER TABLE receipts DROP CONSTRAINT receipts_bucket_check;
ALTER TABLE receipts ADD CONSTRAINT receipts_bucket_check
  CHECK (bucket IN ('included', 'promotion', 'prepaid', 'on_demand'));

-- A grant comes into being with its ledger account and the entry that gives it, or not at all.
CREATE FUNCTION grant_is_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM journal_entries e JOIN postings p USING (entry_id) JOIN ledger_accounts a USING (ledger_account_id)
    WHERE e.idempotency_key = 'grant|' || NEW.grant_id AND e.kind = 'grant' AND e.account_id = NEW.account_id
      AND a.grant_id = NEW.grant_id AND a.account_id = NEW.account_id AND a.code = NEW.kind
      AND p.amount_micro = NEW.amount_micro) THEN
    RAISE EXCEPTION 'grant % has no entry of its amount', NEW.grant_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER grants_are_given AFTER INSERT ON grants
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION grant_is_given();

-- Asked once in a period, before the first amount beyond what is included is held.
CREATE TABLE on_demand_consents (
  account_id   text NOT NULL REFERENCES accounts,
  -- ends with the period in which it was given
  valid_until  timestamptz NOT NULL,
  limit_micro  bigint NOT NULL CHECK (limit_micro > 0),
  given_by     text NOT NULL,
  given_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, valid_until)
);

-- New accounts: nothing but what their plan grants. (auth.defaults stays for processes of the last release.)
CREATE OR REPLACE FUNCTION auth.open_account(id text, of_kind text, called text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO public.accounts (account_id, kind, name) VALUES (id, of_kind, called);
  INSERT INTO public.billing_accounts (account_id) VALUES (id);
  INSERT INTO public.ledger_accounts (account_id, code, keeps_balance, floor_micro)
    VALUES (id, 'included', true, 0), (id, 'on_demand', true, 0);
$$;

-- The plans as configured, each version kept: what an account was granted stays explicable.
CREATE TABLE plan_versions (
  plan_id    text NOT NULL,
  version    integer NOT NULL CHECK (version > 0),
  terms      jsonb NOT NULL,
  first_seen timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (plan_id, version)
);
CREATE TRIGGER plan_versions_stay BEFORE UPDATE OR DELETE ON plan_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
