-- Interactive runs: what was asked, how it ended, its events in the segments in which they were written, and every upstream
-- attempt, recorded with its hold before the call.
CREATE TABLE flow_runs (
  account_id   text NOT NULL REFERENCES accounts,
  run_id       text NOT NULL,
  intent       text NOT NULL,
  flow         text NOT NULL,
  template     text NOT NULL,
  request_hash text NOT NULL CHECK (request_hash ~ '^[0-9a-f]{64}$'),
  -- false: no text of the run is ever stored
  retained     boolean NOT NULL,
  request      jsonb,
  render_mode  text NOT NULL CHECK (render_mode IN ('streaming-text', 'atomic-patch')),
  doc_id       text,
  doc_version  bigint,
  options      jsonb NOT NULL,
  context_hash text NOT NULL,
  status       text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'succeeded', 'cancelled', 'failed')),
  attempt      integer NOT NULL DEFAULT 1 CHECK (attempt > 0),
  model        text NOT NULL,
  -- the process that works on it
  owner        text NOT NULL,
  cancel_requested boolean NOT NULL DEFAULT false,
  answer       text,
  error        jsonb,
  last_seq     integer NOT NULL DEFAULT 0,
  created_at   timestamptz NOT NULL DEFAULT now(),
  ended_at     timestamptz,
  PRIMARY KEY (account_id, run_id),
  CHECK ((status = 'running') = (ended_at IS NULL)),
  CHECK (status <> 'failed' OR error IS NOT NULL),
  CHECK (retained OR (request IS NULL AND answer IS NULL))
);
CREATE INDEX flow_runs_running ON flow_runs (owner) WHERE ended_at IS NULL;
CREATE INDEX flow_runs_ended ON flow_runs (ended_at) WHERE ended_at IS NOT NULL;

-- Events of one run that were committed together; `events` is an array in their order.
CREATE TABLE flow_segments (
  account_id text NOT NULL,
  run_id     text NOT NULL,
  first_seq  integer NOT NULL CHECK (first_seq > 0),
  last_seq   integer NOT NULL,
  events     jsonb NOT NULL,
  PRIMARY KEY (account_id, run_id, first_seq),
  FOREIGN KEY (account_id, run_id) REFERENCES flow_runs,
  CHECK (last_seq >= first_seq)
);

CREATE TABLE flow_attempts (
  attempt_id    text PRIMARY KEY,
  account_id    text NOT NULL,
  run_id        text NOT NULL,
  attempt       integer NOT NULL CHECK (attempt > 0),
  step          text NOT NULL,
  model         text NOT NULL,
  rate_card     text NOT NULL,
  template      text NOT NULL,
  prompt_sha256 text NOT NULL,
  hold_id       text NOT NULL UNIQUE REFERENCES holds,
  state         text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'answered', 'failed', 'cancelled', 'lost')),
  entry_id      text UNIQUE REFERENCES journal_entries,
  usage         jsonb,
  error         jsonb,
  started_at    timestamptz NOT NULL DEFAULT now(),
  settled_at    timestamptz,
  FOREIGN KEY (account_id, run_id) REFERENCES flow_runs,
  CHECK ((state = 'open') = (entry_id IS NULL))
);
CREATE INDEX flow_attempts_by_run ON flow_attempts (account_id, run_id);

CREATE TABLE flow_steps (
  account_id    text NOT NULL,
  run_id        text NOT NULL,
  attempt       integer NOT NULL,
  ordinal       integer NOT NULL,
  name          text NOT NULL,
  type          text NOT NULL CHECK (type IN ('llm', 'tool', 'branch', 'map')),
  status        text NOT NULL CHECK (status IN ('succeeded', 'failed', 'cancelled', 'skipped')),
  deterministic boolean NOT NULL,
  retryable     boolean NOT NULL,
  resumable     boolean NOT NULL,
  input_hash    text NOT NULL,
  output_hash   text,
  payload_ref   text,
  error         jsonb,
  retries       integer NOT NULL DEFAULT 0,
  started_at    timestamptz NOT NULL,
  ended_at      timestamptz NOT NULL,
  PRIMARY KEY (account_id, run_id, attempt, ordinal),
  FOREIGN KEY (account_id, run_id) REFERENCES flow_runs
);

-- Processes that work on interactive runs, and when they last said so.
CREATE TABLE flow_processes (
  process_id text PRIMARY KEY,
  seen_at    timestamptz NOT NULL DEFAULT now()
);
