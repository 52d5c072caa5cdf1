-- What steps of interactive runs were given and gave, where it is kept: objects of the store. And what runs of both runners
-- used, in one place.
SET LOCAL lock_timeout = '5s';
CREATE TABLE run_artifacts (
  account_id text NOT NULL,
  run_id     text NOT NULL,
  attempt    integer NOT NULL CHECK (attempt > 0),
  step       text NOT NULL,
  -- payload: input and output of the step
  kind       text NOT NULL CHECK (kind IN ('payload')),
  object_ref text NOT NULL CHECK (object_ref ~ '^[0-9a-f]{64}$'),
  size       bigint NOT NULL CHECK (size >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, run_id, attempt, step, kind),
  FOREIGN KEY (account_id, run_id) REFERENCES flow_runs
);
CREATE INDEX run_artifacts_by_object ON run_artifacts (object_ref);

-- One row a settled upstream attempt: made of the attempts themselves, so that it cannot differ from them.
CREATE VIEW usage AS
  SELECT a.attempt_id AS id, a.account_id, a.run_id, a.model,
         (a.usage->>'input_tokens')::bigint AS input_tokens, (a.usage->>'output_tokens')::bigint AS output_tokens,
         h.captured_micro AS cost_micro, 'USD' AS currency, a.settled_at
  FROM (SELECT attempt_id, account_id, run_id, model, usage, hold_id, settled_at FROM flow_attempts WHERE state <> 'open'
        UNION ALL
        SELECT attempt_id, account_id, run_id, model, usage, hold_id, settled_at FROM model_attempts WHERE state <> 'open') a
  JOIN holds h USING (hold_id);
