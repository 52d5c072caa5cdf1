-- How much an account began lately, for the rate of its plan.
CREATE INDEX runs_by_start ON runs (account_id, created_at);
CREATE INDEX flow_runs_by_start ON flow_runs (account_id, created_at);
