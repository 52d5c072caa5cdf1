-- Jobs are runs of flows too: each row of `runs` has its row in `flow_runs`, under which its steps are recorded. The
-- database keeps it, also for processes that know nothing of it; jobs from before have one as soon as anything happens to them.
SET LOCAL lock_timeout = '5s';
ALTER TABLE flow_runs
  -- inline: between a socket and a model; durable: a job, whose request, output and events stand in `runs` and beside it
  ADD COLUMN runner text NOT NULL DEFAULT 'inline',
  ALTER COLUMN render_mode DROP NOT NULL,
  ADD CONSTRAINT flow_runs_runner CHECK (runner IN ('inline', 'durable')) NOT VALID,
  ADD CONSTRAINT flow_runs_render_mode CHECK (runner = 'durable' OR render_mode IS NOT NULL) NOT VALID;
-- `<name>@<version>` when it was accepted; null: by a process that did not note it
ALTER TABLE runs ADD COLUMN flow text;

-- The owner of jobs. A process that does not know them ends runs whose owner is gone: this one never is.
INSERT INTO flow_processes (process_id, seen_at) VALUES ('jobs', 'infinity');

CREATE FUNCTION keep_flow_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO flow_runs (account_id, run_id, intent, flow, template, request_hash, retained, options, context_hash, model, owner,
    runner, durable, created_at, attempt, status, error, ended_at)
  VALUES (NEW.account_id, NEW.run_id, NEW.kind, coalesce(NEW.flow, NEW.kind), '',
    encode(sha256(convert_to(NEW.request::text, 'UTF8')), 'hex'), NOT NEW.purged, '{}', '', '', 'jobs', 'durable', true,
    NEW.created_at, NEW.generation, CASE WHEN NEW.finished_at IS NULL THEN 'running' ELSE NEW.status END, NEW.error, NEW.finished_at)
  ON CONFLICT (account_id, run_id) DO UPDATE
    SET attempt = EXCLUDED.attempt, status = EXCLUDED.status, error = EXCLUDED.error, ended_at = EXCLUDED.ended_at
    WHERE flow_runs.runner = 'durable';
  RETURN NEW;
END $$;
CREATE TRIGGER runs_are_flow_runs BEFORE INSERT ON runs FOR EACH ROW EXECUTE FUNCTION keep_flow_run();
CREATE TRIGGER runs_end_as_flow_runs AFTER UPDATE ON runs FOR EACH ROW
  WHEN (NEW.finished_at IS DISTINCT FROM OLD.finished_at OR NEW.generation <> OLD.generation)
  EXECUTE FUNCTION keep_flow_run();
-- Those that are under way have steps ahead of them.
INSERT INTO flow_runs (account_id, run_id, intent, flow, template, request_hash, retained, options, context_hash, model, owner,
    runner, durable, created_at, attempt)
  SELECT account_id, run_id, kind, kind, '', encode(sha256(convert_to(request::text, 'UTF8')), 'hex'), true, '{}', '', '', 'jobs',
    'durable', true, created_at, generation
  FROM runs WHERE finished_at IS NULL ON CONFLICT DO NOTHING;
ALTER TABLE runs ADD CONSTRAINT runs_are_flow_runs FOREIGN KEY (account_id, run_id) REFERENCES flow_runs NOT VALID;
