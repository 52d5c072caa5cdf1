-- Durable jobs: the run, its events, and every upstream model attempt, recorded before the call.
CREATE TABLE runs (
  run_id       text PRIMARY KEY,
  account_id   text NOT NULL REFERENCES accounts,
  job_id       text NOT NULL,
  step_id      text NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('plan', 'implement', 'repair', 'design')),
  request      jsonb NOT NULL,
  -- grows when a run that the budget stopped is continued: one workflow each
  generation   integer NOT NULL DEFAULT 1,
  status       text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  phase        text NOT NULL DEFAULT 'queued',
  output       jsonb,
  error        jsonb,
  cancel_requested boolean NOT NULL DEFAULT false,
  last_seq     integer NOT NULL DEFAULT 0,
  -- events up to this number are no longer kept
  pruned_seq   integer NOT NULL DEFAULT 0,
  purged       boolean NOT NULL DEFAULT false,
  created_at   timestamptz NOT NULL DEFAULT now(),
  finished_at  timestamptz,
  CHECK ((status IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
  CHECK (status <> 'succeeded' OR output IS NOT NULL OR purged),
  CHECK (status <> 'failed' OR error IS NOT NULL)
);
CREATE INDEX runs_unfinished ON runs (created_at) WHERE finished_at IS NULL;
CREATE INDEX runs_by_job ON runs (account_id, job_id);

CREATE TABLE run_events (
  run_id     text NOT NULL REFERENCES runs,
  seq        integer NOT NULL CHECK (seq > 0),
  -- the same event written twice, after a crash between its commit and its checkpoint, is one event
  event_key  text,
  type       text NOT NULL,
  body       jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, seq),
  UNIQUE (run_id, event_key)
);

CREATE TABLE model_attempts (
  attempt_id    text PRIMARY KEY,
  account_id    text NOT NULL REFERENCES accounts,
  run_id        text NOT NULL REFERENCES runs,
  call_name     text NOT NULL,
  attempt       integer NOT NULL CHECK (attempt > 0),
  model         text NOT NULL,
  provider      text NOT NULL,
  rate_card     text NOT NULL,
  template      text NOT NULL,
  prompt_sha256 text NOT NULL,
  hold_id       text NOT NULL UNIQUE REFERENCES holds,
  state         text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'failed', 'cancelled', 'lost')),
  entry_id      text UNIQUE REFERENCES journal_entries,
  answer        text,
  usage         jsonb,
  error         jsonb,
  started_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  settled_at    timestamptz,
  UNIQUE (run_id, call_name, attempt),
  CHECK ((state = 'open') = (settled_at IS NULL)),
  -- exactly one settlement per attempt, also when it failed, was cancelled or was lost
  CHECK ((state = 'open') = (entry_id IS NULL))
);
-- One answer per call: what was paid is never asked again.
CREATE UNIQUE INDEX model_attempts_one_answer ON model_attempts (run_id, call_name) WHERE state = 'answered';
CREATE INDEX model_attempts_open ON model_attempts (run_id) WHERE state = 'open';

CREATE FUNCTION attempt_settles_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'open' AND (NEW.state <> OLD.state OR NEW.entry_id IS DISTINCT FROM OLD.entry_id) THEN
    RAISE EXCEPTION 'attempt % is settled already', OLD.attempt_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER model_attempts_settle_once BEFORE UPDATE ON model_attempts FOR EACH ROW EXECUTE FUNCTION attempt_settles_once();

CREATE TABLE cbb_reports (
  report_id  text PRIMARY KEY,
  account_id text NOT NULL REFERENCES accounts,
  cbb_id     text NOT NULL,
  version    text NOT NULL,
  message    text NOT NULL,
  evidence   text,
  created_at timestamptz NOT NULL DEFAULT now()
);
