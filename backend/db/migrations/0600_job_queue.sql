-- Waiting runs: who they belong to, what they wait for and since when, and which process took them.
SET LOCAL lock_timeout = '5s';
ALTER TABLE runs
  -- the person within the account; empty for the one local account
  ADD COLUMN user_id text NOT NULL DEFAULT '',
  -- the plan of the account when the run was accepted; empty without plans
  ADD COLUMN plan_id text NOT NULL DEFAULT '',
  -- orders the runs of one account; accounts do not overtake one another by it
  ADD COLUMN priority smallint NOT NULL DEFAULT 0,
  ADD COLUMN dispatched_at timestamptz,
  ADD COLUMN worker text,
  -- names the act of taking, so that a repeat after a lost answer finds what the first try took
  ADD COLUMN dispatch_id text,
  -- contracts/http/jobs.ts Waiting; null when it does not wait
  ADD COLUMN waiting jsonb;
-- Their workflows were begun by processes that know no queue.
UPDATE runs SET dispatched_at = created_at WHERE finished_at IS NULL;
CREATE INDEX runs_queued ON runs (account_id, user_id, priority DESC, created_at)
  WHERE dispatched_at IS NULL AND finished_at IS NULL;

-- Processes that run jobs. One that was not seen for a minute is dead, and others take over what it had.
CREATE TABLE job_workers (
  worker   text PRIMARY KEY,
  capacity integer NOT NULL,
  seen_at  timestamptz NOT NULL DEFAULT now()
);
