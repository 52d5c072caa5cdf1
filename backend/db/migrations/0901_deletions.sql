-- Accounts that are to be deleted, and objects that nobody names any more.
CREATE TABLE account_deletions (
  account_id text PRIMARY KEY REFERENCES accounts,
  asked_at   timestamptz NOT NULL DEFAULT now(),
  -- who asked; forgotten with the rest
  asked_by   text,
  -- until then it can be called off
  due_at     timestamptz NOT NULL,
  -- from then on nobody gets in and nothing new begins
  closed_at  timestamptz,
  done_at    timestamptz,
  CHECK (done_at IS NULL OR closed_at IS NOT NULL)
);
CREATE INDEX account_deletions_open ON account_deletions (due_at) WHERE done_at IS NULL;

CREATE TABLE object_removals (
  sha256   text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  asked_at timestamptz NOT NULL DEFAULT now()
);
