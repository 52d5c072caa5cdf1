-- Payment through Stripe: what it told, what was fetched, what is exported to it, and the mails that follow.

ALTER TABLE billing_accounts
  ADD COLUMN customer_id text UNIQUE,
  ADD COLUMN subscription_id text,
  ADD COLUMN subscription_status text,
  ADD COLUMN cancel_at_period_end boolean NOT NULL DEFAULT false,
  ADD COLUMN card_expires_at timestamptz,
  -- mails: at this share of what is included, and when less than this is left to draw
  ADD COLUMN alert_percent smallint NOT NULL DEFAULT 80 CHECK (alert_percent BETWEEN 0 AND 100),
  ADD COLUMN alert_low_micro bigint NOT NULL DEFAULT 1000000 CHECK (alert_low_micro >= 0),
  -- bought by itself when prepaid credit falls below; both null: switched off
  ADD COLUMN top_up_below_micro bigint CHECK (top_up_below_micro >= 0),
  ADD COLUMN top_up_micro bigint CHECK (top_up_micro > 0),
  ADD CHECK ((top_up_below_micro IS NULL) = (top_up_micro IS NULL));

-- Raw, as signed; claimed by its id, so that a second delivery is known. What it says is not believed: the object is fetched.
CREATE TABLE stripe_events (
  event_id    text PRIMARY KEY,
  type        text NOT NULL,
  object_kind text NOT NULL,
  object_id   text NOT NULL,
  raw         text NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  handled_at  timestamptz,
  claimed_until timestamptz,
  tries       integer NOT NULL DEFAULT 0,
  error       text
);
CREATE INDEX stripe_events_waiting ON stripe_events (received_at) WHERE handled_at IS NULL;

-- The newest state of each object. A fetch takes its number before it asks: one that began later saw no older state.
CREATE SEQUENCE stripe_fetches;
CREATE TABLE stripe_objects (
  object_id  text PRIMARY KEY,
  kind       text NOT NULL,
  account_id text REFERENCES accounts,
  fetch_no   bigint NOT NULL,
  state      jsonb NOT NULL,
  fetched_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX stripe_objects_by_account ON stripe_objects (account_id, kind);

-- Money that came in: an invoice or a payment of credit. Amounts of the provider are cents, kept as micro-dollars.
CREATE TABLE payments (
  payment_id     text PRIMARY KEY,
  account_id     text NOT NULL REFERENCES accounts,
  kind           text NOT NULL CHECK (kind IN ('invoice', 'top_up')),
  entry_id       text UNIQUE REFERENCES journal_entries,
  paid_micro     bigint NOT NULL CHECK (paid_micro >= 0),
  refunded_micro bigint NOT NULL DEFAULT 0 CHECK (refunded_micro >= 0 AND refunded_micro <= paid_micro),
  -- of an invoice: the usage that it bills, in micro-dollars, and the time that it bills it for
  usage_micro    bigint,
  usage_from     timestamptz,
  usage_to       timestamptz,
  grant_id       text REFERENCES grants,
  paid_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX payments_by_account ON payments (account_id);

-- Every charge of pay-as-you-go, to be reported once under the id of its entry. Made by the posting itself.
CREATE TABLE usage_exports (
  entry_id       text PRIMARY KEY REFERENCES journal_entries,
  account_id     text NOT NULL REFERENCES accounts,
  value_micro    bigint NOT NULL CHECK (value_micro <> 0),
  occurred_at    timestamptz NOT NULL,
  state          text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'trying', 'sent', 'unclear')),
  first_tried_at timestamptz,
  claimed_until  timestamptz,
  error          text,
  CHECK ((state = 'waiting') = (first_tried_at IS NULL))
);
CREATE INDEX usage_exports_open ON usage_exports (occurred_at) WHERE state IN ('waiting', 'trying');
CREATE INDEX usage_exports_by_account ON usage_exports (account_id, occurred_at);
CREATE FUNCTION export_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.entry_id, NEW.account_id, NEW.value_micro, NEW.occurred_at)
     IS DISTINCT FROM (OLD.entry_id, OLD.account_id, OLD.value_micro, OLD.occurred_at) OR OLD.state = 'sent' THEN
    RAISE EXCEPTION 'export % cannot change', OLD.entry_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER usage_exports_stay BEFORE UPDATE OR DELETE ON usage_exports FOR EACH ROW EXECUTE FUNCTION export_stays();

CREATE OR REPLACE FUNCTION post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bucket text;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM journal_entries WHERE entry_id = NEW.entry_id AND transaction_id = pg_current_xact_id()) THEN
    RAISE EXCEPTION 'entry % is closed', NEW.entry_id USING ERRCODE = 'restrict_violation';
  END IF;
  UPDATE ledger_accounts SET posted_micro = posted_micro + NEW.amount_micro
    WHERE ledger_account_id = NEW.ledger_account_id AND keeps_balance AND NEW.amount_micro <> 0 RETURNING code INTO bucket;
  IF bucket = 'on_demand' THEN
    INSERT INTO usage_exports (entry_id, account_id, value_micro, occurred_at)
      SELECT e.entry_id, e.account_id, -NEW.amount_micro, e.created_at
      FROM journal_entries e JOIN billing_accounts b USING (account_id)
      WHERE e.entry_id = NEW.entry_id AND e.kind IN ('model', 'cbb', 'reversal');
  END IF;
  RETURN NULL;
END $$;

ALTER TABLE ledger_accounts DROP CONSTRAINT ledger_accounts_code_check;
ALTER TABLE ledger_accounts ADD CONSTRAINT ledger_accounts_code_check CHECK (code IN
  ('included', 'on_demand', 'period', 'promotion', 'prepaid', 'owed', 'models', 'cbb', 'loss', 'grants', 'cash', 'sales'));
INSERT INTO ledger_accounts (account_id, code, keeps_balance) VALUES ('platform', 'sales', false);

-- Mails to the people of an account, each reason once.
CREATE TABLE billing_mails (
  mail_key   text PRIMARY KEY,
  account_id text NOT NULL REFERENCES accounts,
  kind       text NOT NULL,
  facts      jsonb NOT NULL,
  asked_at   timestamptz NOT NULL DEFAULT now(),
  sent_at    timestamptz
);
CREATE INDEX billing_mails_waiting ON billing_mails (asked_at) WHERE sent_at IS NULL;
