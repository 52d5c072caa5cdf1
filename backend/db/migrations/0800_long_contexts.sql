-- Answers to parts of long documents, kept with their charge: the same part asked the same way is not paid again, whoever
-- died in between. `key` is a hash of account, flow, template, model, options and the part's own text.
CREATE TABLE part_answers (
  account_id text NOT NULL REFERENCES accounts,
  key        text NOT NULL CHECK (key ~ '^[0-9a-f]{64}$'),
  answer     text NOT NULL,
  usage      jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, key)
);
CREATE INDEX part_answers_by_age ON part_answers (created_at);

-- true: goes on without a reader, and in another process when its own ends
ALTER TABLE flow_runs ADD COLUMN durable boolean NOT NULL DEFAULT false;
