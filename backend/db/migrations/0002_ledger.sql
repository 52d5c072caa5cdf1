-- Double-entry ledger in micro-dollars. The rules live here, not in the code that writes: entries sum to zero, nothing is
-- changed or deleted, a reversal happens at most once, a hold resolves at most once, balances keep their floor, jobs their cap.

-- A user's buckets keep a balance (credit positive) and the sum of their open holds; NULL floor means unlimited.
-- Platform accounts are summed when asked: a stored balance would make every charge wait for one row.
CREATE TABLE ledger_accounts (
  ledger_account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id    text NOT NULL REFERENCES accounts,
  code          text NOT NULL CHECK (code IN ('included', 'on_demand', 'models', 'cbb', 'loss', 'grants')),
  keeps_balance boolean NOT NULL,
  posted_micro  bigint NOT NULL DEFAULT 0,
  pending_micro bigint NOT NULL DEFAULT 0 CHECK (pending_micro >= 0),
  floor_micro   bigint,
  UNIQUE (account_id, code),
  CONSTRAINT balance_keeps_floor CHECK (floor_micro IS NULL OR posted_micro - pending_micro >= floor_micro)
);
INSERT INTO ledger_accounts (account_id, code, keeps_balance) VALUES
  ('platform', 'models', false), ('platform', 'cbb', false), ('platform', 'loss', false), ('platform', 'grants', false),
  ('local', 'included', true);
-- On this machine no money moves: the included pool is unlimited and on-demand is closed until a limit is set.
INSERT INTO ledger_accounts (account_id, code, keeps_balance, floor_micro) VALUES ('local', 'on_demand', true, 0);

CREATE TABLE journal_entries (
  entry_id        text PRIMARY KEY,
  account_id      text NOT NULL REFERENCES accounts,
  kind            text NOT NULL CHECK (kind IN ('model', 'cbb', 'reversal', 'grant')),
  idempotency_key text NOT NULL UNIQUE,
  request_hash    text NOT NULL,
  job_id          text,
  step_id         text,
  item            text NOT NULL,
  version         text NOT NULL,
  usage           jsonb,
  reverses        text UNIQUE REFERENCES journal_entries,
  transaction_id  xid8 NOT NULL DEFAULT pg_current_xact_id(),
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  ordinal         bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  CHECK ((kind = 'reversal') = (reverses IS NOT NULL)),
  CHECK (kind <> 'model' OR usage IS NOT NULL)
);
CREATE INDEX journal_entries_by_account ON journal_entries (account_id, ordinal);
CREATE INDEX journal_entries_by_job ON journal_entries (account_id, job_id, ordinal);

CREATE TABLE postings (
  entry_id          text NOT NULL REFERENCES journal_entries,
  ledger_account_id bigint NOT NULL REFERENCES ledger_accounts,
  amount_micro      bigint NOT NULL,
  PRIMARY KEY (entry_id, ledger_account_id)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_entries_append_only BEFORE UPDATE OR DELETE ON journal_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_entries_no_truncate BEFORE TRUNCATE ON journal_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER postings_append_only BEFORE UPDATE OR DELETE ON postings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER postings_no_truncate BEFORE TRUNCATE ON postings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Postings belong to the transaction of their entry: a finished entry cannot grow, not even by a pair that sums to zero.
CREATE FUNCTION post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM journal_entries WHERE entry_id = NEW.entry_id AND transaction_id = pg_current_xact_id()) THEN
    RAISE EXCEPTION 'entry % is closed', NEW.entry_id USING ERRCODE = 'restrict_violation';
  END IF;
  UPDATE ledger_accounts SET posted_micro = posted_micro + NEW.amount_micro
    WHERE ledger_account_id = NEW.ledger_account_id AND keeps_balance AND NEW.amount_micro <> 0;
  RETURN NULL;
END $$;
CREATE TRIGGER postings_post AFTER INSERT ON postings FOR EACH ROW EXECUTE FUNCTION post();

CREATE FUNCTION entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total numeric; parts bigint;
BEGIN
  SELECT coalesce(sum(amount_micro), 0), count(*) INTO total, parts FROM postings WHERE entry_id = NEW.entry_id;
  IF total <> 0 OR parts < 2 THEN
    RAISE EXCEPTION 'entry % does not balance: % postings sum to %', NEW.entry_id, parts, total USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_entries_balance AFTER INSERT ON journal_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_balances();

-- A reversal mirrors its entry, account by account.
CREATE FUNCTION reversal_mirrors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.reverses IS NOT NULL AND EXISTS (
    SELECT ledger_account_id, -amount_micro FROM postings WHERE entry_id = NEW.reverses
    EXCEPT SELECT ledger_account_id, amount_micro FROM postings WHERE entry_id = NEW.entry_id) THEN
    RAISE EXCEPTION 'entry % does not mirror %', NEW.entry_id, NEW.reverses USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_entries_mirror AFTER INSERT ON journal_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION reversal_mirrors();

-- One hard cap per job over models and packages. The cap is a constraint, so no path can pass it.
CREATE TABLE job_budgets (
  account_id  text NOT NULL REFERENCES accounts,
  job_id      text NOT NULL,
  cap_micro   bigint NOT NULL CHECK (cap_micro >= 0),
  spent_micro bigint NOT NULL DEFAULT 0 CHECK (spent_micro >= 0),
  held_micro  bigint NOT NULL DEFAULT 0 CHECK (held_micro >= 0),
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, job_id),
  CONSTRAINT job_keeps_cap CHECK (spent_micro + held_micro <= cap_micro)
);

-- Money set aside before an upstream call, at most its whole cost. Lives as long as its workflow, not a time.
CREATE TABLE holds (
  hold_id        text PRIMARY KEY,
  account_id     text NOT NULL REFERENCES accounts,
  job_id         text,
  workflow_id    text NOT NULL,
  amount_micro   bigint NOT NULL CHECK (amount_micro >= 0),
  state          text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'captured', 'released')),
  captured_micro bigint NOT NULL DEFAULT 0 CHECK (captured_micro >= 0),
  created_at     timestamptz NOT NULL DEFAULT now(),
  resolved_at    timestamptz,
  CONSTRAINT capture_within_hold CHECK (captured_micro <= amount_micro),
  CHECK (state = 'captured' OR captured_micro = 0),
  CHECK ((state = 'open') = (resolved_at IS NULL)),
  FOREIGN KEY (account_id, job_id) REFERENCES job_budgets (account_id, job_id)
);
CREATE INDEX holds_open ON holds (workflow_id) WHERE state = 'open';

-- Which buckets a hold draws from, in drawing order: included first.
CREATE TABLE hold_parts (
  hold_id           text NOT NULL REFERENCES holds,
  ordinal           smallint NOT NULL,
  ledger_account_id bigint NOT NULL REFERENCES ledger_accounts,
  amount_micro      bigint NOT NULL CHECK (amount_micro >= 0),
  PRIMARY KEY (hold_id, ordinal)
);

CREATE FUNCTION hold_resolves_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'holds are kept' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> 'open' THEN
    RAISE EXCEPTION 'hold % is resolved already', OLD.hold_id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.amount_micro <> OLD.amount_micro OR NEW.account_id <> OLD.account_id OR NEW.job_id IS DISTINCT FROM OLD.job_id THEN
    RAISE EXCEPTION 'hold % cannot change what it holds', OLD.hold_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER holds_resolve_once BEFORE UPDATE OR DELETE ON holds FOR EACH ROW EXECUTE FUNCTION hold_resolves_once();

CREATE TABLE receipts (
  receipt_id   text PRIMARY KEY,
  account_id   text NOT NULL REFERENCES accounts,
  entry_id     text NOT NULL UNIQUE REFERENCES journal_entries,
  checkout_key text NOT NULL,
  cbb_id       text NOT NULL,
  version      text NOT NULL,
  workspace_id text NOT NULL,
  job_id       text,
  step_id      text,
  price_micro  bigint NOT NULL CHECK (price_micro >= 0),
  bucket       text NOT NULL CHECK (bucket IN ('included', 'on_demand')),
  sha256       text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER receipts_append_only BEFORE UPDATE OR DELETE ON receipts FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The right to use a version in a workspace, whatever job bought it. Revoked only with the reversal of its purchase.
CREATE TABLE entitlements (
  receipt_id   text PRIMARY KEY REFERENCES receipts,
  account_id   text NOT NULL REFERENCES accounts,
  cbb_id       text NOT NULL,
  version      text NOT NULL,
  workspace_id text NOT NULL,
  granted_at   timestamptz NOT NULL DEFAULT now(),
  revoked_at   timestamptz
);
CREATE UNIQUE INDEX entitlements_unique ON entitlements (account_id, cbb_id, version, workspace_id) WHERE revoked_at IS NULL;
