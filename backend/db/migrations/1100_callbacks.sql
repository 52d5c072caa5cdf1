-- What is told of a run's end, to the address that its request named; written in the transaction of the end.
CREATE TABLE callbacks (
  -- also the message's id: who gets it twice knows it again
  callback_id text PRIMARY KEY,
  account_id  text NOT NULL REFERENCES accounts,
  run_id      text NOT NULL,
  url         text NOT NULL,
  body        text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  tries       integer NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL DEFAULT now(),
  sent_at     timestamptz,
  -- given up
  failed_at   timestamptz
);
CREATE INDEX callbacks_due ON callbacks (next_try_at) WHERE sent_at IS NULL AND failed_at IS NULL;
CREATE INDEX callbacks_of_account ON callbacks (account_id);

-- The secrets themselves are derived from the service's own; a rotation counts up.
CREATE TABLE callback_secrets (
  account_id text PRIMARY KEY REFERENCES accounts,
  generation integer NOT NULL,
  rotated_at timestamptz NOT NULL
);
